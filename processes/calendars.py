"""The year's notice of days off: imported as it is published, and every provisional deadline counted again by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, insert, or_, select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.jobs import Afterwards, Job
from engine.run import recount as recount_timers
from engine.store.agenda import job as new_job
from engine.store.cases import take_up
from engine.store.clocks import set_clock
from engine.store.keep import Act, Fact
from engine.store.rows import add_rows
from engine.store.tables import TaskRow
from engine.store.tables_jobs import JobRow
from engine.time import Clock, Deadline, recount
from processes.follow import move_on
from processes.installation import Installation
from processes.pack import Pack
from processes.tables import CalendarNoticeRow, CountyRow


class AlreadyPublished(Rejected):
    """The year's notice has been imported already."""

    code = "already_published"
    message = "{year} 年的放假安排已经收录，不能重复导入。"
    advice = "如国务院办公厅另行调整，请在县文件夹的 calendar.csv 中登记调整的日子。"


@dataclass(frozen=True)
class Imported:
    """The year whose notice was taken in, and how many open deadlines and waiting timers are counted again by it."""

    year: int
    deadlines: int
    timers: int


def import_notice(inst: Installation, county: str, csv_text: str, *, now: datetime, by: str | None = None) -> Imported:
    """Take in the notice of the first year not yet published (rows date,kind,name).

    Provisional deadlines are counted again by jobs that this puts on the agenda. Raises FolderInvalid with every flaw,
    AlreadyPublished when another import of the year was faster.
    """
    with inst.db.write() as session:
        row = session.get_one(CountyRow, county, with_for_update=True)
        inst.heed(county, row.notices)
        published = inst.current_pack(session, county).calendar.with_notice(csv_text).published_until.year
        if session.get(CalendarNoticeRow, (county, published)) is not None:
            raise AlreadyPublished(year=published)
        notice = {"county": county, "year": published, "days": csv_text, "imported_at": now, "by": by}
        session.execute(insert(CalendarNoticeRow).values(notice))
        row.notices += 1
        add_rows(
            session, JobRow, [new_job(county, "recount", now, key=f"recount:{published}", payload={"year": published})]
        )
        imported = Imported(published, *_to_recount(session, county, published))
    inst.heed(county, row.notices)
    return imported


def spread_recount(_inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `recount`: one job for each case with a deadline or a timer that the notice may move.

    New Year's holiday may begin in the last week of the year before.
    """
    year = int(str(job.payload["year"]))
    tasks = select(TaskRow.case_id).where(*_may_move(job.county, year))
    ticks = select(JobRow.case_id).where(*_may_tick_elsewhen(job.county))
    rows = [
        new_job(job.county, "recount_case", now, case_id=case_id, key=f"{job.key}:{case_id}", payload=job.payload)
        for case_id in sorted({*session.scalars(tasks), *session.scalars(ticks)})
    ]
    add_rows(session, JobRow, rows)


def _to_recount(session: Session, county: str, year: int) -> tuple[int, int]:
    """How many open deadlines and how many waiting timers are counted again."""
    tasks = select(func.count()).select_from(TaskRow).where(*_may_move(county, year), TaskRow.clock.is_not(None))
    ticks = select(func.count()).select_from(JobRow).where(*_may_tick_elsewhen(county))
    return session.scalar(tasks) or 0, session.scalar(ticks) or 0


def _may_move(county: str, year: int) -> tuple[ColumnElement[bool], ...]:
    """The open tasks whose deadline follows from days that were only supposed, or from the week before the year."""
    from_then = datetime(year - 1, 12, 24, tzinfo=UTC)
    late = or_(TaskRow.due_provisional, TaskRow.due_at >= from_then)
    return TaskRow.county == county, TaskRow.state == "open", late


def _may_tick_elsewhen(county: str) -> tuple[ColumnElement[bool], ...]:
    """The jobs of cases with timers; they may be due before the timer that moves (engine.store.agenda)."""
    return JobRow.county == county, JobRow.kind == "tick", JobRow.case_id.is_not(None)


def recount_case(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards:
    """Job `recount_case`: count the deadlines and timers of one case again; the journal says from what to what."""
    before, state = take_up(session, job.county, job.case, inst.hot)
    pack = inst.pack(session, job.county, before.digest)
    step, timers = recount_timers(pack.program, state, pack.world(now))
    moved = [Fact("TimerRecounted", {"element": element}) for element in timers]
    told = (*_recounted(inst, session, job, before.digest, now), *moved)
    return move_on(session, inst, pack, before, step, Act(now, facts=told)).committed


def _recounted(inst: Installation, session: Session, job: Job, digest: str, now: datetime) -> Iterator[Fact]:
    pack = inst.pack(session, job.county, digest)
    old = inst.calendar_before(session, job.county, digest, int(str(job.payload["year"])))
    limited = (TaskRow.county == job.county, TaskRow.case_id == job.case, TaskRow.state == "open")
    for task in session.scalars(select(TaskRow).where(*limited, TaskRow.clock.is_not(None))):
        clock, before = Clock.read(task.clock), task.due_at
        at = max(pack.calendar.local(now), clock.events[-1].at)  # two machines' clocks are never quite the same
        due = recount(clock, pack.limits, old, pack.calendar, at).due
        if due is None or (due.at == before and due.provisional == task.due_provisional):
            continue
        set_clock(session, task, clock, due, warning(pack, task, due, now))
        moved = {"until": before.isoformat() if before else None, "to": due.at.isoformat()}
        yield Fact("DeadlineRecounted", {"task": task.id, "step": task.step, "name": task.name, **moved})


def warning(pack: Pack, task: TaskRow, due: Deadline, now: datetime) -> Deadline | None:
    """When to warn of a task that is due then, as its step is drawn."""
    limit = pack.program.process(task.process).by_id[task.step].attributes.get("followUpDate")
    return pack.world(now).warns(limit, due) if limit else None
