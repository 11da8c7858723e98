"""Running cases moved to another sealed version of their county: tried first, one or many, with what cannot move kept.

A case that moves keeps its open tasks, claims, drafts and deadlines; one that cannot stays on its version, quarantined
with the reason. Many are a job that goes on in bounded batches, each a transaction, wherever it was broken off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.jobs import Afterwards, Job
from engine.migrate import CannotMigrate, migrate
from engine.model.checking import Known
from engine.spiff.codec import UnreadableState
from engine.step import Step
from engine.store.agenda import job as job_row
from engine.store.cases import take_up
from engine.store.keep import Act, Fact, keep
from engine.store.tables import CaseRow
from engine.store.tables_jobs import JobRow
from processes.check import asked_by
from processes.installation import Installation
from processes.pack import Pack
from processes.promises import broken_promises
from processes.tables import CountyRow, MatterRow, SealedFolderRow
from processes.tables_upkeep import MigrationRow, QuarantineRow

BATCH = 20


class NoSuchVersion(Rejected):
    """There is no such sealed version."""

    code = "no_such_version"
    message = "没有封存过“{version}”这个版本，或写得太短、不止一个版本符合。"
    advice = "请写版本编号的前 8 位以上，或写 current（现行版本）。"


class AlreadyThere(Rejected):
    """The case is on this version already."""

    code = "already_there"
    message = "这件事已经按这个版本办理。"
    advice = "不需要再换。"


class CaseEnded(Rejected):
    """The case has ended."""

    code = "case_ended"
    message = "这件事已经结束，保留它结束时的版本。"
    advice = "不需要换版本。"


@dataclass(frozen=True)
class Move:
    """A running case on its way to another version: who moves it, and why."""

    to: str
    reason: str
    by: str | None
    now: datetime


@dataclass(frozen=True)
class Tried:
    """A running case and what would become of it: `refused` says why it cannot move, None when it can."""

    case_id: str
    number: str
    title: str
    on: str
    refused: str | None


def find_version(session: Session, county: str, version: str) -> str:
    """The digest of a sealed version: `current`, or its first eight characters or more; raises NoSuchVersion."""
    if version == "current":
        return session.get_one(CountyRow, county).digest
    query = select(SealedFolderRow.digest).where(SealedFolderRow.county == county)
    fits = [digest for digest in session.scalars(query) if len(version) >= 8 and digest.startswith(version)]
    if len(fits) != 1:
        raise NoSuchVersion(version=version)
    return fits[0]


def try_moves(
    inst: Installation, county: str, to: str, *, now: datetime, case_id: str | None = None, after: str = ""
) -> list[Tried]:
    """What would become of the running cases (of one, else of the next batch after `after`); writes nothing."""
    with inst.db.read() as session:
        rows = _next_cases(session, county, to, after) if case_id is None else [_running(session, county, case_id, to)]
        return [_tried(inst, session, row, Move(to, "", None, now)) for row in rows]


def move_case(inst: Installation, county: str, case_id: str, move: Move) -> None:
    """Move one case.

    Raises NoSuchCase, CaseEnded, AlreadyThere, and CannotMigrate, which is on no list: whoever asked reads it.
    """
    with inst.db.write() as session:
        take_up(session, county, case_id)
        committed = _move(inst, session, _running(session, county, case_id, move.to), move)
    committed()


def begin_migration(inst: Installation, county: str, move: Move) -> str:
    """Put the move of every running case on the agenda; returns the migration's id."""
    id = uuid4().hex
    with inst.db.write() as session:
        row = MigrationRow(county=county, id=id, digest=move.to, by=move.by, reason=move.reason, began_at=move.now)
        session.add(row)
        session.flush()
        session.execute(insert(JobRow).values(_batch(county, id, "", move.now)))
    return id


def move_some(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards:
    """Job `migrate`: the next batch of cases, and a job for those after it."""
    id, after = str(job.payload["migration"]), str(job.payload["after"])
    migration = session.get_one(MigrationRow, (job.county, id))
    move = Move(migration.digest, migration.reason, migration.by, now)
    cases = _next_cases(session, job.county, move.to, after, lock=True)
    moved = [each for each in (_moved_or_kept(inst, session, case, move) for case in cases) if each is not None]
    migration.moved += len(moved)
    migration.refused += len(cases) - len(moved)
    if len(cases) == BATCH:
        session.execute(insert(JobRow).values(_batch(job.county, id, cases[-1].id, now)))
    else:
        migration.ended_at = now
    return partial(_all_committed, moved)


def list_quarantined(session: Session, county: str, to: str) -> list[tuple[MatterRow, str]]:
    """Running cases that could not move to a version, with the reason, oldest first."""
    query = (
        select(MatterRow, QuarantineRow.sentence)
        .join(QuarantineRow, (QuarantineRow.county == MatterRow.county) & (QuarantineRow.case_id == MatterRow.case_id))
        .join(CaseRow, (CaseRow.county == MatterRow.county) & (CaseRow.id == MatterRow.case_id))
        .where(MatterRow.county == county, QuarantineRow.digest == to, CaseRow.ended_at.is_(None))
        .order_by(MatterRow.started_at, MatterRow.case_id)
    )
    return [(matter, sentence) for matter, sentence in session.execute(query)]


def _all_committed(moved: list[Callable[[], None]]) -> None:
    for committed in moved:
        committed()


def _next_cases(session: Session, county: str, to: str, after: str, *, lock: bool = False) -> list[CaseRow]:
    here = (CaseRow.county == county, CaseRow.ended_at.is_(None), CaseRow.digest != to)
    beyond = (CaseRow.id > after,) if after else ()
    query = select(CaseRow).where(*here, *beyond).order_by(CaseRow.id).limit(BATCH)
    return list(session.scalars(query.with_for_update() if lock else query))


def _running(session: Session, county: str, case_id: str, to: str) -> CaseRow:
    case = session.get_one(CaseRow, (county, case_id))
    if case.ended_at is not None:
        raise CaseEnded
    if case.digest == to:
        raise AlreadyThere
    return case


def _tried(inst: Installation, session: Session, case: CaseRow, move: Move) -> Tried:
    matter = session.get_one(MatterRow, (case.county, case.id))
    refused = None
    try:
        _computed(inst, session, case, move)
    except _REFUSALS as error:
        refused = _sentence(error)
    return Tried(case.id, matter.number or "", matter.title, case.digest, refused)


_REFUSALS = (Rejected, UnreadableState)


def _sentence(error: Exception) -> str:
    return error.sentence if isinstance(error, Rejected) else f"这件事的状态读不出来（{error}）。"


def _moved_or_kept(inst: Installation, session: Session, case: CaseRow, move: Move) -> Callable[[], None] | None:
    """Move a case, or note why it stays; computing comes before any write, so a refusal leaves nothing half done."""
    try:
        return _move(inst, session, case, move)
    except _REFUSALS as error:
        _release(session, case, move.to)
        kept = QuarantineRow(
            county=case.county, case_id=case.id, digest=move.to, sentence=_sentence(error), at=move.now
        )
        session.add(kept)
        return None


def _move(inst: Installation, session: Session, case: CaseRow, move: Move) -> Callable[[], None]:
    step = _computed(inst, session, case, move)
    before, _ = take_up(session, case.county, case.id)
    told = Fact("CaseMigrated", {"from": before.digest, "to": move.to, "reason": move.reason})
    there = replace(before, digest=move.to)
    kept = keep(session, there, step, Act(move.now, move.by, facts=(told,)))
    _release(session, case, move.to)
    return lambda: inst.hot.put(kept, step)


def _computed(inst: Installation, session: Session, case: CaseRow, move: Move) -> Step:
    """The Step of the move; raises CannotMigrate for what the engine or the service could not keep."""
    old, new = inst.pack(session, case.county, case.digest), inst.pack(session, case.county, move.to)
    step = migrate(old.program, case.state, new.program, new.world(move.now), _known(new))
    found = broken_promises(session, case, step, old, new)
    if found:
        raise CannotMigrate(found)
    return step


def _known(pack: Pack) -> Known:
    return Known(forms=asked_by(pack.forms))


def _release(session: Session, case: CaseRow, to: str) -> None:
    of_case = (QuarantineRow.county == case.county, QuarantineRow.case_id == case.id, QuarantineRow.digest == to)
    session.execute(delete(QuarantineRow).where(*of_case))


def _batch(county: str, id: str, after: str, now: datetime) -> dict[str, object]:
    return job_row(county, "migrate", now, key=f"migrate:{id}:{after}", payload={"migration": id, "after": after})
