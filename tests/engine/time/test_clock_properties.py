"""Whatever happens to a clock and in whatever order, it is due when walking minute after minute says so."""

import json
import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.time import (
    Clock,
    ClockState,
    Extended,
    Paused,
    Reckoned,
    Resumed,
    Started,
    Unit,
    holdings,
    reckon,
    stopwatch,
)
from tests.engine.time.oracle import instant, minute
from tests.engine.time.stories import Story, gaps, stories

MINUTE = timedelta(minutes=1)


def reckoned(story: Story) -> Reckoned:
    return reckon(story.clock, story.rules.limits, story.office.calendar, story.now)


@given(story=stories(ends=("running", "stopped")))
def test_a_clock_is_due_when_every_minute_has_been_counted(story: Story) -> None:
    found = reckoned(story)
    if found.due:
        assert found.due.at == instant(story.due())
    else:
        assert story.clock.state is ClockState.STOPPED


@given(story=stories())
def test_used_left_and_overdue_are_the_minutes_in_which_it_ran(story: Story) -> None:
    found, oracle = reckoned(story), story.oracle()
    asked, due = minute(story.asked), story.due()
    assert found.used == oracle.ran(story.begins, asked, story.kind) * MINUTE
    assert found.left == oracle.ran(asked, due, story.kind) * MINUTE
    assert found.overdue_by == oracle.ran(due, asked, story.kind) * MINUTE


@given(story=stories(ends=("paused",)))
def test_a_paused_clock_has_a_deadline_only_if_it_ran_out_before(story: Story) -> None:
    found, due = reckoned(story), story.due()
    began, _ = story.pauses()[-1]
    assert (found.due is not None) is (due <= began)
    assert found.overdue_by == timedelta() or found.due is not None


@given(story=stories(ends=("running",)), gaps=st.tuples(gaps, gaps, gaps))
def test_a_pause_never_moves_a_deadline_backwards_and_the_longer_one_moves_it_no_less(
    story: Story, gaps: tuple[timedelta, timedelta, timedelta]
) -> None:
    at, shorter, longer = (story.now + sum(gaps[: n + 1], timedelta()) for n in range(3))
    paused = story.clock.then(Paused(at, "等批复"))
    dues = [
        reckon(clock, story.rules.limits, story.office.calendar, longer).due
        for clock in (story.clock, paused.then(Resumed(shorter)), paused.then(Resumed(longer)))
    ]
    without, first, second = (due.at for due in dues if due)
    assert without <= first <= second
    if without <= at:
        assert without == second, "what has run out stays run out"


def counts_minutes(unit: str | None) -> bool:
    return unit is not None and unit.endswith(("hours", "minutes"))


@given(story=stories(ends=("running",)), gap=gaps)
def test_a_pause_uses_no_time_and_takes_none(story: Story, gap: timedelta) -> None:
    before = reckoned(story)
    clock = story.clock.then(Paused(story.now, "等批复")).then(Resumed(story.now + gap))
    after = reckon(clock, story.rules.limits, story.office.calendar, story.now + gap)
    assert after.used == before.used
    if counts_minutes(story.unit()) and not any(isinstance(event, Extended) for event in clock.events):
        assert after.left == before.left  # of days some are whole and some are not: the deadline says what is left


@given(story=stories())
def test_a_clock_survives_its_journey_through_json(story: Story) -> None:
    written = json.loads(json.dumps(story.clock.written()))
    assert Clock.read(written) == story.clock
    again = reckon(Clock.read(written), story.rules.limits, story.office.calendar, story.now)
    assert again == reckoned(story)


@given(story=stories())
def test_every_minute_belongs_to_one_holder_or_to_one_wait(story: Story) -> None:
    watch = stopwatch(holdings(story.clock), story.office.calendar, story.now)
    oracle = story.oracle()
    asked, begins = minute(story.asked), minute(story.clock.started.at)
    assert watch.together.working == oracle.ran(begins, asked, "office") * MINUTE
    assert watch.together.clock == oracle.ran(begins, asked, "clock") * MINUTE
    assert sum((spent.clock for spent in watch.held.values()), timedelta()) == watch.together.clock
    everything = [*watch.held.values(), *watch.waited.values()]
    assert sum((spent.clock for spent in everything), timedelta()) == (asked - begins) * MINUTE
    assert (
        sum((spent.working for spent in everything), timedelta())
        == sum(map(oracle.works, range(begins, asked))) * MINUTE
    )


DAYS_COUNTED = re.compile(r"第(\d+)(?:—(\d+))?个工作日")
TIME_COUNTED = re.compile(r"计(?:(\d+)天)?(?:(\d+)小时)?(?:(\d+)分)?")


def minutes_said(line: str) -> int:
    found = TIME_COUNTED.search(line)
    days, hours, minutes = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
    return days * 1440 + hours * 60 + minutes


@given(story=stories(ends=("running",)))
def test_the_lines_add_up_to_the_limit(story: Story) -> None:
    bare = Clock(tuple(event for event in story.clock.events if isinstance(event, Started | Paused | Resumed)))
    found = reckon(bare, story.rules.limits, story.office.calendar, story.now)
    assert found.due
    amount = story.rules.on(story.clock.started.at)
    if not isinstance(bare.started.limit, str):
        return
    match amount.unit:
        case Unit.WORKING_DAYS:
            said = [match.groups() for line in found.explanation if (match := DAYS_COUNTED.search(line))]
            counted = [n for first, last in said for n in range(int(first), int(last or first) + 1)]
            assert counted == list(range(1, amount.number + 1))
        case Unit.WORKING_HOURS | Unit.WORKING_MINUTES:
            assert sum(map(minutes_said, found.explanation)) == amount.length // MINUTE
        case Unit.HOURS | Unit.MINUTES:
            assert sum(map(minutes_said, found.explanation)) in (0, amount.length // MINUTE)
    assert f"{found.due.at:%H:%M}" in found.due.explanation[-1]
