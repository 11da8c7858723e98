"""Made-up months for tests: few cases, in the summer of a year, and what people would see of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from engine.store.tables import CaseRow, TaskRow
from processes.demo.fill import Wanted, fill
from processes.installation import Installation
from processes.recurring import begin_recurring
from processes.tables import MatterRow, NoticeRow, PersonRow
from tests.kit.sites import a_site

NOW = datetime.fromisoformat("2026-09-25T16:20:00+08:00")
OPENED = datetime.fromisoformat("2026-09-25T16:00:00+08:00")
CODE = "360428"
_ID = re.compile("[0-9a-f]{32}")


def an_empty_site(root: Path, url: str | None = None) -> Installation:
    """A site as it is served for the first time: nobody has done anything, what recurs is on the agenda."""
    inst = replace(a_site(root, url), anchors=root / "anchors")
    with inst.db.write() as session:
        begin_recurring(session, CODE, OPENED)
    return inst


def filled(inst: Installation, cases: int = 20, seed: str = "1") -> Counter[str]:
    """A month of cases that ends NOW."""
    return fill(inst, Wanted(1, cases, seed), NOW, lambda at, told: None)


def seen(inst: Installation) -> list[object]:
    """What people see: matters, their steps with who did them when and how, notices; ids left out."""
    with inst.db.read() as session:
        names = dict(session.execute(select(PersonRow.id, PersonRow.name)).all())
        cases = session.execute(
            select(
                MatterRow.number,
                MatterRow.title,
                MatterRow.unit,
                MatterRow.started_at,
                CaseRow.ended_by,
                CaseRow.ended_at,
            ).join(CaseRow, CaseRow.id == MatterRow.case_id)
        )
        tasks = session.execute(
            select(MatterRow.number, TaskRow.step, TaskRow.state, TaskRow.opened_at, TaskRow.due_at, TaskRow.closed_at)
            .add_columns(TaskRow.closed_by, TaskRow.claimed_by, TaskRow.outcome, TaskRow.answers, TaskRow.late_at)
            .join(MatterRow, MatterRow.case_id == TaskRow.case_id)
        )
        notices = session.execute(select(NoticeRow.unit, NoticeRow.kind, NoticeRow.text, NoticeRow.at))
        rows = [*map(repr, cases), *map(repr, tasks), *map(repr, notices)]
    for id, name in names.items():
        rows = [row.replace(id, name) for row in rows] if len(id) == 32 else [r.replace(f"'{id}'", name) for r in rows]
    return sorted(_ID.sub("…", row) for row in rows)
