"""A rehearsal's clock: ahead of the machines' by what one row says, moved forward only, everything due done in order.

A database is for rehearsal or for real use from the first time it is served; it never changes sides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.jobs import run
from engine.leases import claim, is_any_leased, job_of, next_due
from engine.store.database import Database, take_turn
from engine.store.tables import CaseRow
from engine.store.tables_jobs import JobRow
from engine.time import Calendar
from processes.agenda import work_of
from processes.clock import truly_due
from processes.installation import Installation
from processes.recurring import RECURRING
from processes.tables_upkeep import RehearsalRow

FARTHEST = timedelta(days=366)
MOST_JOBS = 2000
LONGEST = timedelta(seconds=20)
_HELD_FOR = timedelta(minutes=1)
_GLANCE, _PATIENCE = 0.1, 20  # seconds between two looks at what others do, and how many looks
_ONLY = 1
Machine = Callable[[], datetime]
"""The time of this machine, in UTC; only whoever stands at the edge may read it."""


class InRealUse(Rejected):
    """The database is in real use: its clock cannot be moved."""

    code = "in_real_use"
    message = "这个数据库已正式使用，不能用来演练。"
    advice = "请用 --data 另指定一个空文件夹做演练，或去掉 --clock 正常启动。"


class ForRehearsalOnly(Rejected):
    """The database is for rehearsal only: its time is not the real one."""

    code = "for_rehearsal_only"
    message = "这个数据库是演练用的，里面的时间不是真实时间，不能正式使用。"
    advice = "请加 --clock 继续演练，或用 --data 指定正式使用的文件夹。"


class NotARehearsal(Rejected):
    """There is no clock to move here."""

    code = "not_a_rehearsal"
    message = "这里是正式使用的系统，没有演练时钟。"
    advice = "演练请另用一个空文件夹：whistle serve --clock --data 文件夹。"


class ForwardOnly(Rejected):
    """The clock goes forward only."""

    code = "forward_only"
    message = "时钟只能往前拨，现在已经是 {now}。"
    advice = "请填写比现在晚的时间。"


class TooFarAhead(Rejected):
    """The clock can be moved by one year at a time."""

    code = "too_far_ahead"
    message = "一次最多往前拨一年。"
    advice = "请填写近一些的时间，可以分几次拨。"


class AlreadyMoving(Rejected):
    """Somebody is moving the clock at this moment."""

    code = "already_moving"
    message = "有人正在拨时钟，还没有拨完。"
    advice = "请稍等几秒再试。"


@dataclass(frozen=True)
class Happened:
    """A job that was done while the clock moved: at what time of the rehearsal, and whether it succeeded."""

    at: datetime
    kind: str
    succeeded: bool


@dataclass(frozen=True)
class Advanced:
    """How far the clock has come, what happened in order, and whether more is due before where it should go."""

    at: datetime
    happened: tuple[Happened, ...]
    more: bool


def settle_purpose(db: Database, *, rehearsal: bool) -> None:
    """Note at the first start what a database is for; raises InRealUse, ForRehearsalOnly when it is for the other."""
    with db.write() as session:
        take_turn(session.connection(), "rehearsal")
        row = session.get(RehearsalRow, _ONLY)
        if row is None:
            used = session.scalar(select(exists(select(CaseRow.id))))
            row = RehearsalRow(id=_ONLY, is_rehearsal=rehearsal and not used, ahead=0.0)
            session.add(row)
        if rehearsal and not row.is_rehearsal:
            raise InRealUse
        if row.is_rehearsal and not rehearsal:
            raise ForRehearsalOnly


def is_rehearsal(db: Database) -> bool:
    """Whether this database was marked as one for rehearsal."""
    with db.read() as session:
        return bool(session.scalar(select(RehearsalRow.is_rehearsal)))


def ahead(session: Session) -> timedelta:
    """How far the rehearsal's clock is ahead of the machines'."""
    return timedelta(seconds=session.scalar(select(RehearsalRow.ahead)) or 0.0)


def is_held(session: Session, machine: datetime) -> bool:
    """Whether somebody is moving the clock, so that everybody else leaves the agenda alone."""
    until = session.scalar(select(RehearsalRow.held_until))
    return until is not None and until > machine


def a_working_day_later(calendar: Calendar, now: datetime) -> datetime:
    """The same time of day on the next working day."""
    local = calendar.local(now)
    return calendar.instant(calendar.nth_working_day(local.date(), 1), local.time())


def next_stop(inst: Installation) -> datetime | None:
    """When the next thing is due at which the clock stops on its way: what recurs by itself is none.

    A job that would come for nothing (engine.store.agenda) is put where it belongs first: whoever asks for the next
    thing wants to see something happen.
    """
    while (due := next_due(inst.db, without=RECURRING)) is not None and _put_right(inst, due):
        pass
    return due


def _put_right(inst: Installation, due: datetime) -> bool:
    """Whether a job of this moment came too early for what it is for; it is moved then, or gone."""
    early = (JobRow.due_at == due, JobRow.state == "ready", JobRow.kind.in_(("tick", "light")), JobRow.attempts == 0)
    moved = False
    with inst.db.write() as session:
        for row in session.scalars(select(JobRow).where(*early)):
            true = _true(inst, session, row)
            if true is None:
                session.delete(row)
            elif true > due:
                row.due_at = true
            moved |= true is None or true > due
    return moved


def _true(inst: Installation, session: Session, row: JobRow) -> datetime | None:
    try:
        return truly_due(inst, session, job_of(row))
    except Exception:  # a case that cannot be read is told when the job itself fails
        return row.due_at


def advance(inst: Installation, to: datetime, machine: Machine, *, most: int = MOST_JOBS) -> Advanced:
    """Move the clock to `to`, stopping at everything due on the way: each job is done with its own time as now.

    Does at most `most` jobs, and takes no longer than some twenty seconds; what is left is done by the next call. A job
    that fails is tried again by its rule, in the rehearsal's time. What recurs by itself is no stop on the way: turns
    that were missed are not made up. Raises NotARehearsal, ForwardOnly, TooFarAhead, AlreadyMoving.
    """
    if not inst.rehearsal:
        raise NotARehearsal
    at = _hold(inst, to, machine())
    try:
        return _advance(inst, at, to, machine, most)
    finally:
        _set(inst.db, held_until=None)


def _advance(inst: Installation, at: datetime, to: datetime, machine: Machine, most: int) -> Advanced:
    work, began, happened, waited = work_of(inst), machine(), list[Happened](), 0
    while len(happened) < most and machine() - began < LONGEST and waited < _PATIENCE:
        if is_any_leased(inst.db, at):  # what another process had begun comes first
            waited += 1
            time.sleep(_GLANCE)
            continue
        due = next_stop(inst)
        if due is None or due > to:
            _set_to(inst.db, to, machine())
            return Advanced(to, tuple(happened), more=False)
        at = max(at, due)
        _set_to(inst.db, at, machine())
        claimed = claim(inst.db, at, most=1, without=RECURRING)
        happened += [Happened(at, job.kind, run(inst.db, job, at, work)) for job in claimed]
    return Advanced(at, tuple(happened), more=True)


def _hold(inst: Installation, to: datetime, machine: datetime) -> datetime:
    """Keep everybody else off the agenda; returns the rehearsal's time as it stands."""
    with inst.db.write() as session:
        row = session.get_one(RehearsalRow, _ONLY, with_for_update=True)
        if row.held_until is not None and row.held_until > machine:
            raise AlreadyMoving
        now = machine + timedelta(seconds=row.ahead)
        if to <= now:
            raise ForwardOnly(now=f"{now.astimezone(to.tzinfo):%Y-%m-%d %H:%M}")
        if to - now > FARTHEST:
            raise TooFarAhead
        row.held_until = machine + _HELD_FOR
        return now


def _set_to(db: Database, at: datetime, machine: datetime) -> None:
    _set(db, ahead=(at - machine).total_seconds(), held_until=machine + _HELD_FOR)


def _set(db: Database, **values: object) -> None:
    with db.write() as session:
        session.execute(update(RehearsalRow).where(RehearsalRow.id == _ONLY).values(**values))
