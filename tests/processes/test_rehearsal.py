"""A rehearsal's clock: moved forward, everything due happens in order and at its own time; never on a real site."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from engine.leases import claim
from engine.store.database import Database
from engine.store.journal import Line
from engine.store.tables import JournalRow, TaskRow
from engine.store.tables_jobs import IncidentRow
from processes.agenda import strike
from processes.installation import Installation
from processes.recurring import RECURRING, begin_recurring
from processes.rehearsal import (
    AlreadyMoving,
    ForRehearsalOnly,
    ForwardOnly,
    InRealUse,
    NotARehearsal,
    TooFarAhead,
    a_working_day_later,
    advance,
    is_rehearsal,
    next_stop,
    settle_purpose,
)
from processes.schema import upgrade
from processes.tables_upkeep import RehearsalRow
from tests.kit.actors import a_case, pack_of
from tests.kit.journals import journal_lines
from tests.kit.patience import until
from tests.kit.sites import a_site, the_pack
from web.clock import Clock
from web.serving import clock
from web.settings import Settings

TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def stage(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """A rehearsal with two matters at work in several departments."""
    inst = a_site(tmp_path, database_url, rehearsal=True)
    for hours, story in ((26, "one_unit_late"), (2, "single_unit")):
        a_case(inst, 5, story, begins=datetime.now(UTC) - timedelta(hours=hours))
    yield inst
    inst.db.close()


def two_weeks_on(inst: Installation) -> datetime:
    return Clock(inst).now() + TWO_WEEKS


def by_itself(inst: Installation) -> list[Line]:
    """What nobody did, in the order in which it was written."""
    return journal_lines(inst.db, JournalRow.by.is_(None))


def test_everything_due_happens_in_order_and_at_its_own_time(stage: Installation) -> None:
    began, to = Clock(stage).now(), two_weeks_on(stage)
    advanced = advance(stage, to, Clock.machine)
    times = [each.at for each in advanced.happened]
    assert times == sorted(times) and {"light", "tick"} <= {each.kind for each in advanced.happened}
    assert not advanced.more and all(each.succeeded for each in advanced.happened)
    told = [line for line in by_itself(stage) if line.at > began]
    for line in told:
        assert line.at in times
        if line.fact in ("TaskNearlyDue", "TaskTurnedRed"):
            assert datetime.fromisoformat(line.facts["fell_due_at"]) == line.at
    for case in {line.case_id for line in told}:
        moments = [line.at for line in told if line.case_id == case]
        assert moments == sorted(moments)
    further = next_stop(stage)
    assert further is None or further > to


def test_what_recurs_is_no_stop_on_the_way_and_is_done_once_afterwards(stage: Installation) -> None:
    with stage.db.write() as session:
        begin_recurring(session, pack_of(stage).code, Clock(stage).now())
    advanced = advance(stage, two_weeks_on(stage), Clock.machine)
    assert not advanced.more and not {each.kind for each in advanced.happened} & {*RECURRING}
    assert strike(stage, Clock(stage).now()) == len(RECURRING)


def test_what_does_the_jobs_beside_goes_by_the_rehearsals_time_and_rests_while_it_is_moved(stage: Installation) -> None:
    due = next_stop(stage)
    assert due is not None
    ahead = (due + timedelta(hours=1) - Clock.machine()).total_seconds()
    mark(stage, ahead=ahead, held_until=Clock.machine() + timedelta(minutes=10))
    beside = clock(Settings(tick_seconds=0.1), stage)
    beside.start()
    time.sleep(0.5)
    assert next_stop(stage) == due
    mark(stage, held_until=None)
    until(lambda: next_stop(stage) != due)
    assert beside.stop(timedelta(seconds=60))


def mark(inst: Installation, **values: object) -> None:
    """Write on the row that all processes go by."""
    with inst.db.write() as session:
        session.execute(update(RehearsalRow).values(**values))


def test_afterwards_all_processes_agree_what_time_it_is(stage: Installation) -> None:
    to = two_weeks_on(stage)
    advance(stage, to, Clock.machine)
    elsewhere = Installation(Database(stage.db.url), stage.papers, rehearsal=True)
    for inst in (stage, elsewhere):
        assert to <= Clock(inst).now() < to + timedelta(minutes=5)
    elsewhere.db.close()


def test_a_long_way_is_gone_in_bounded_stretches(stage: Installation) -> None:
    to = two_weeks_on(stage)
    first = advance(stage, to, Clock.machine, most=2)
    assert first.more and len(first.happened) == 2
    assert first.at == first.happened[-1].at < to
    assert first.at <= Clock(stage).now() < to
    rest = advance(stage, to, Clock.machine)
    assert not rest.more and rest.happened[0].at >= first.at


def test_what_fails_is_tried_again_in_the_rehearsals_time_until_it_is_an_incident(stage: Installation) -> None:
    with stage.db.write() as session:
        session.execute(update(TaskRow).values(groups=5))
    advanced = advance(stage, two_weeks_on(stage), Clock.machine)
    assert sum(not each.succeeded for each in advanced.happened) >= 8
    with stage.db.read() as session:
        assert {row.kind for row in session.scalars(select(IncidentRow))} == {"light"}


def test_a_job_that_another_process_is_at_is_waited_for(stage: Installation) -> None:
    due = next_stop(stage)
    assert due is not None
    mark(stage, ahead=(due - Clock.machine()).total_seconds())
    (held,) = claim(stage.db, due, most=1)
    advanced = advance(stage, due + timedelta(minutes=1), Clock.machine)
    assert advanced.more and held.kind not in [each.kind for each in advanced.happened if each.at < due]


def test_the_clock_goes_forward_only(stage: Installation) -> None:
    for to in (Clock(stage).now() - timedelta(seconds=1), Clock(stage).now() - TWO_WEEKS):
        with pytest.raises(ForwardOnly):
            advance(stage, to, Clock.machine)
    with pytest.raises(TooFarAhead):
        advance(stage, Clock(stage).now() + timedelta(days=400), Clock.machine)


def test_two_hands_on_the_clock_are_one_too_many_and_a_hand_that_died_lets_go(stage: Installation) -> None:
    mark(stage, held_until=Clock.machine() + timedelta(minutes=1))
    assert Clock(stage).is_held()
    with pytest.raises(AlreadyMoving):
        advance(stage, two_weeks_on(stage), Clock.machine)
    mark(stage, held_until=Clock.machine() - timedelta(seconds=1))
    assert not Clock(stage).is_held()
    assert not advance(stage, two_weeks_on(stage), Clock.machine).more
    assert not Clock(stage).is_held()


def test_time_goes_on_by_itself_too(stage: Installation) -> None:
    advance(stage, two_weeks_on(stage), Clock.machine)
    first = Clock(stage).now()
    assert Clock(stage).now() > first
    assert strike(stage, Clock(stage).now()) == 0


def test_a_real_site_has_no_clock_to_move(site: Installation) -> None:
    with pytest.raises(NotARehearsal):
        advance(site, Clock(site).now() + TWO_WEEKS, Clock.machine)
    assert abs(Clock(site).now() - Clock.machine()) < timedelta(minutes=1)
    assert not Clock(site).is_held()


def test_a_working_day_later_skips_what_the_calendar_skips() -> None:
    calendar = the_pack().calendar
    eve = datetime(2026, 9, 30, 9, 30, tzinfo=calendar.zone)  # of the national holiday, which lasts until 7 October
    assert a_working_day_later(calendar, eve) == datetime(2026, 10, 8, 9, 30, tzinfo=calendar.zone)


# -- what a database is for


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A new database."""
    new = Database(database_url)
    upgrade(new)
    yield new
    new.close()


def test_the_first_start_says_for_ever_what_a_database_is_for(db: Database) -> None:
    settle_purpose(db, rehearsal=True)
    settle_purpose(db, rehearsal=True)
    assert is_rehearsal(db)
    with pytest.raises(ForRehearsalOnly):
        settle_purpose(db, rehearsal=False)
    assert is_rehearsal(db)


def test_a_database_that_was_served_for_real_is_never_rehearsed_on(db: Database) -> None:
    settle_purpose(db, rehearsal=False)
    settle_purpose(db, rehearsal=False)
    with pytest.raises(InRealUse):
        settle_purpose(db, rehearsal=True)
    assert not is_rehearsal(db)


def test_matters_from_before_there_was_a_mark_are_real_use(site: Installation) -> None:
    a_case(site, 1)
    with site.db.write() as session:
        session.delete(session.get_one(RehearsalRow, 1))
    with pytest.raises(InRealUse):
        settle_purpose(site.db, rehearsal=True)
    settle_purpose(site.db, rehearsal=False)
    assert not is_rehearsal(site.db)
