"""Whatever happens to a clock and in whatever order, it is due when walking minute after minute says so."""

from datetime import timedelta

from hypothesis import given

from engine.time import Clock, ClockState, Reckoned, reckon
from tests.engine.time.oracle import instant, minute
from tests.engine.time.stories import Story, stories

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
