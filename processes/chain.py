"""The county's chain goes on: a block every few minutes, its digest once a day into a file outside the database."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.jobs import Afterwards, Job
from engine.store.evidence.anchors import Anchor, write_anchor
from engine.store.evidence.blocks import last_block, make_block
from engine.store.evidence.verify import Fault, Tally, Watch, verify
from engine.store.removal import REMOVED
from engine.store.tables import JournalRow
from processes.installation import Installation
from processes.recurring import put_back
from processes.tables import MatterRow

_log = logging.getLogger("whistle.chain")


def lengthen_chain(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards | None:
    """Job `chain`: make the next block; afterwards, once a day, write its anchor."""
    made = make_block(session, job.county, now)
    put_back(session, job, now, more=made is not None and made.until < now)
    last = made or last_block(session, job.county)
    path = anchor_file(inst, job.county)
    if last is None or path is None:
        return None
    today = now.astimezone(inst.current_pack(session, job.county).calendar.zone).date()
    anchor = Anchor(today, last.no, last.digest, last.cases)
    return lambda: _write(path, anchor)


def anchor_file(inst: Installation, county: str) -> Path | None:
    """Where a county's anchors are written; None for an installation without."""
    return inst.anchors / f"{county}.txt" if inst.anchors is not None else None


def verify_journal(
    inst: Installation,
    county: str,
    *,
    anchors: Path | None = None,
    tally: Tally | None = None,
    watch: Watch | None = None,
) -> Iterator[Fault]:
    """Everything that is wrong with a county's journal, each with the number that people know the matter by.

    `anchors` is a copy of the anchor file; without it the installation's own is compared.
    """
    file = anchors or anchor_file(inst, county)
    for fault in verify(inst.db, county, anchors=file, tally=tally, watch=watch):
        yield replace(fault, reference=_reference(inst, fault)) if fault.case_id else fault


def _reference(inst: Installation, fault: Fault) -> str:
    """The number of a matter, or what its removal says it was."""
    of_case = {"county": fault.county, "case_id": fault.case_id}
    with inst.db.read() as session:
        number = session.scalar(select(MatterRow.number).filter_by(**of_case))
        if number is not None:
            return number
        told = session.scalars(select(JournalRow.told).filter_by(**of_case))
        removed: list[dict[str, Any]] = [facts for lines in told for fact, facts in lines if fact == REMOVED]
        return str(removed[0].get("reference", "")) if removed else ""


def _write(path: Path, anchor: Anchor) -> None:
    """A disk that refuses does not stop the county: the next block's turn tries again."""
    try:
        write_anchor(path, anchor)
    except OSError:
        _log.exception("the anchor of %s could not be written to %s", anchor.day, path)
