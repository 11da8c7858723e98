"""Clocks in process variables: a diagram pauses, resumes and extends them, and its tasks are due when they are."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.feel import compile_expression
from engine.model.checking import WORLD_FUNCTIONS
from engine.run import recount
from engine.time import Clock
from engine.time.clock_errors import AlreadyPaused, NothingExtended
from tests.kit.diagrams import Node, boundary, drawn, exclusive, user
from tests.kit.diagrams import at as at_moment
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


def test_the_lint_knows_every_function_of_the_world(way: Way) -> None:
    assert set(WORLD_FUNCTIONS) == set(a_world().functions)


def test_a_timer_is_due_when_a_clock_is_and_is_counted_again_with_it(way: Way) -> None:
    program = drawn(
        "start -> dispatch -> handle -> done; late -> chase -> chased",
        user("dispatch", outputs={"solving": 'start_clock("respond", "housing")'}),
        user("handle", due="{solving}"),
        boundary("late", "handle", at_moment("due_of(solving)"), interrupting=False),
    )
    case = Case(program, way)
    case.now += timedelta(hours=3)
    case.do("dispatch").now += timedelta(hours=5)
    assert [CALENDAR.local(timer.due_at) for timer in case.step.timers] == [at("09T17:30")]
    step, moved = recount(program, case.step.state, a_world(case.now))
    assert (moved, [CALENDAR.local(timer.due_at) for timer in step.timers]) == ((), [at("09T17:30")])


def test_a_paused_clock_is_due_at_no_moment(way: Way) -> None:
    case = solving(way).do("handle", "hold")
    asked = compile_expression("due_of(solving)").evaluate(case.values("wait"), functions=case.world.functions)
    assert asked is None
