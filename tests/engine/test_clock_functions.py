"""Clocks in process variables: a diagram pauses, resumes and extends them, and its tasks are due when they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from engine.model.checking import WORLD_FUNCTIONS
from engine.run import recount
from engine.spiff.expressions import DiagramFault
from engine.time import Clock
from engine.time.clock_errors import AlreadyPaused, NothingExtended
from engine.time.days import Day
from tests.kit.diagrams import Node, boundary, drawn, exclusive, user
from tests.kit.diagrams import at as timed
from tests.kit.walks import CALENDAR, Case, Way, a_world, both_ways

pytestmark = both_ways

HOLD = 'if outcome = "hold" then pause_clock(solving, "等批复") else solving'
EXTEND = 'extend_clock(solving, "3 working days", "县吹哨办", "办法第九条")'
SOLVE = (
    "start -> dispatch -> handle -> asked; asked -> done; asked -> wait if how = \"hold\"; wait -> handle;"
    "asked -> decide if how = \"extend\"; decide -> handle",
    user("dispatch", outputs={"solving": 'start_clock("respond", "housing")'}),
    user("handle", due="{solving}", outputs={"how": "outcome", "solving": HOLD}),
    user("wait", due="{solving}", outputs={"solving": "resume_clock(solving)"}),
    user("decide", due="{solving}", outputs={"solving": EXTEND}),
    exclusive("asked", "done"),
)  # fmt: skip

START = 'start_clock("respond", "housing")'


def solving(way: Way) -> Case:
    """Dispatched on Monday at nine, two working days: Wednesday 17:30."""
    return Case(drawn(*SOLVE), way).do("dispatch")


def due(case: Case, step: str) -> datetime | None:
    found = case.task(step).due
    return CALENDAR.local(found.at) if found else None


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-09-{text}:00+08:00")


def test_a_task_is_due_when_its_clock_is_however_late_it_opens(way: Way) -> None:
    case = solving(way)
    assert due(case, "handle") == at("09T17:30")
    case.now += timedelta(days=1)
    assert due(case.do("handle", "hold").do("wait"), "handle") == at("09T17:30")  # held for no minute of office time


def test_while_it_is_paused_there_is_no_deadline_and_afterwards_a_later_one(way: Way) -> None:
    case = solving(way)
    case.do("handle", "hold")
    assert due(case, "wait") is None
    case.now += timedelta(days=3)
    task = case.do("wait").task("handle")
    assert task.due is not None
    assert CALENDAR.local(task.due.at) == at("14T17:30")  # Tuesday to Thursday do not count
    assert any("等批复" in line for line in task.due.explanation)


def test_an_extension_goes_on_from_the_end_before_it_and_names_who_decided(way: Way) -> None:
    case = solving(way).do("handle", "extend").do("decide")
    task = case.task("handle")
    assert task.due is not None
    assert CALENDAR.local(task.due.at) == at("14T17:30")
    assert any("县吹哨办" in line and "办法第九条" in line for line in task.due.explanation)


def test_a_clock_passes_to_another_holder_and_learns_of_a_new_value_of_its_limit(way: Way) -> None:
    told = 'change_clock(transfer_clock(solving, "housing", "water"), date("2026-09-08"))'
    flow = (
        "start -> dispatch -> pass_on -> handle -> done",
        user("dispatch", outputs={"solving": 'start_clock("solve", "housing")'}),
        user("pass_on", due="{solving}", outputs={"solving": told}),
        user("handle", due="{solving}"),
    )
    case = Case(drawn(*flow), way).do("dispatch")
    assert due(case, "pass_on") == at("09T17:30")
    case.now += timedelta(days=1)
    task = case.do("pass_on").task("handle")
    assert task.due is not None and task.clock is not None
    assert CALENDAR.local(task.due.at) == at("11T17:30"), "four working days from Monday, as it says since Tuesday"
    assert task.clock.stands.holder == "water"
    assert any("test, changed" in line for line in task.due.explanation)


def test_the_task_carries_the_clock_it_follows(way: Way) -> None:
    clock = solving(way).task("handle").clock
    assert clock is not None
    assert Clock.read(clock.written()) == clock
    assert [event["what"] for event in clock.written()] == ["started"]


def test_what_cannot_happen_to_a_clock_is_refused_in_plain_words(way: Way) -> None:
    twice: tuple[str, Node] = (
        "start -> ask -> done",
        user("ask", outputs={"c": 'pause_clock(pause_clock(start_clock("respond", "housing"), "一"), "二")'}),
    )
    with pytest.raises(AlreadyPaused, match="已经挂起"):
        Case(drawn(*twice), way).do("ask")
    shorter = user("ask", outputs={"c": 'extend_clock(start_clock("respond", "h"), date("2026-09-08"), "x", "y")'})
    with pytest.raises(NothingExtended):
        Case(drawn("start -> ask -> done", shorter), way).do("ask")


RESPOND = (
    "start -> dispatch -> work -> done; late -> chase -> work",
    user("dispatch", outputs={"responding": START}),
    user("chase", outputs={"responding": 'extend_clock(responding, "1 working days", "县吹哨办", "第九条")'}),
    boundary("late", "work", timed("due_of(responding)")),
)


def test_a_timer_may_wait_until_a_clock_is_due(way: Way) -> None:
    case = Case(drawn(*RESPOND), way).do("dispatch")
    assert [CALENDAR.local(timer.due_at) for timer in case.step.timers] == [at("09T17:30")]
    case.now = at("09T17:29")
    assert case.wait(minutes=0).open == ["work"]
    assert case.wait(minutes=1).open == ["chase"]
    assert case.do("chase").due == [timedelta(days=1)]
    assert (case.do("work").ended, case.step.timers) == ("done", ())


def test_such_a_timer_is_counted_again_by_a_newer_calendar(way: Way) -> None:
    case = Case(drawn(*RESPOND), way)
    case.now += timedelta(minutes=5)
    case.do("dispatch").now += timedelta(hours=1)
    newer = replace(CALENDAR, special={date(2026, 9, 9): Day(date(2026, 9, 9), works=False, name="放假")})
    state = case.step.live if way == "live" else case.step.state
    step, moved = recount(case.program, state, replace(case.world, calendar=newer))
    assert (moved, [CALENDAR.local(timer.due_at) for timer in step.timers]) == (("late",), [at("10T17:30")])


@pytest.mark.parametrize("paused", ['pause_clock(responding, "等批复")', 'stop_clock(pause_clock(responding, "等"))'])
def test_a_clock_that_is_not_running_is_due_never(way: Way, paused: str) -> None:
    tell = user("tell", outputs={"responding": paused, "due": f"due_of({paused})"})
    begun = user("dispatch", outputs={"responding": START})
    case = Case(drawn("start -> dispatch -> tell -> read -> done", begun, tell), way).do("dispatch").do("tell")
    assert case.values("read")["due"] is None
    late = boundary("late", "read", timed("due_of(responding)"))
    case = Case(drawn("start -> dispatch -> tell -> read -> done; late -> mend -> mended", begun, tell, late), way)
    with pytest.raises(DiagramFault, match=r"“late”.*时刻是空的"):
        case.do("dispatch").do("tell")


def test_a_stopped_clock_keeps_when_it_was_due(way: Way) -> None:
    tell = user("tell", outputs={"due": "due_of(stop_clock(responding))"})
    begun = user("dispatch", outputs={"responding": START})
    case = Case(drawn("start -> dispatch -> tell -> read -> done", begun, tell), way).do("dispatch").do("tell")
    assert case.values("read")["due"] == at("09T17:30")


def test_the_lint_knows_every_function_of_the_world(way: Way) -> None:
    assert set(WORLD_FUNCTIONS) == set(a_world().functions)


def test_a_machine_whose_clock_is_a_little_behind_still_knows_when_a_task_is_due(way: Way) -> None:
    case = solving(way)
    case.now -= timedelta(minutes=2)
    assert due(case.do("handle", "extend"), "decide") == at("09T17:30")
