"""Odd values and odd moments at the engine's door: each comes back as it went, or is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.errors import Rejected
from engine.run import NotAsked, NotAwaited, NotOpen, answer, complete, deliver, start, tick
from engine.spiff.instance import Instance
from engine.step import Step
from tests.kit.diagrams import about, after, boundary, catch, drawn, service, user
from tests.kit.walks import MONDAY, Case, a_world, typed

WORLD = a_world()
TAKING = drawn(
    "start -> write -> ask -> heard -> read -> done",
    user("write", outputs={"x": "x"}),
    service("ask", "look_up", outputs={"x": "x"}),
    catch("heard", about("message", "reply"), outputs={"x": "x"}),
    user("read"),
)

Way = Callable[[object], Step]


def by_form(value: object) -> Step:
    first = start(TAKING, "main", {}, WORLD)
    return complete(TAKING, first.state, first.opened[0].id, {"x": value}, "submit", WORLD)


def by_verb(value: object) -> Step:
    step = by_form(1)
    return answer(TAKING, step.state, min(step.asking), {"x": value}, WORLD)


def by_message(value: object) -> Step:
    return deliver(TAKING, by_verb(1).state, "reply", {"x": value}, WORLD)


WAYS: list[Way] = [by_form, by_verb, by_message]
GOOD = [
    {"typename": "timedelta", "seconds": 5},
    {"@": "date", "v": "2026-09-09"},
    "长" * 350_000,
    "\0\u202e\uffff😀",
    [[[[[{"a": None}]]]]],
    [True, 1, "1"],
]
BAD = [float("nan"), float("-inf"), "半个\ud83d", {"半\ud83d": 1}, [["\ude00"]], {1: 2}, b"raw", object(), 10**7000]


@pytest.mark.parametrize("way", WAYS)
def test_what_looks_odd_but_is_a_value_comes_back_as_it_went(way: Way) -> None:
    for value in GOOD:
        kept = Instance.restore(TAKING, way(value).state, WORLD)
        data = [task.data for tree in kept.workflow.trees() for task in tree.tasks.values() if "x" in task.data]
        assert typed(value) in [typed(each["x"]) for each in data]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_value_is_refused_in_words(way: Way) -> None:
    for value in BAD:
        with pytest.raises(Rejected, match="流程图在“"):
            way(value)


def test_no_expression_makes_half_a_character() -> None:
    for text in (r'"\ud83d"', r'"\ud83d" + "\ude00"', 'substring("😀", 1, 1)'):
        program = drawn("start -> write -> done", user("write", outputs={"x": text}))
        first = start(program, "main", {}, WORLD)
        assert complete(program, first.state, first.opened[0].id, {}, "submit", WORLD).state


REMINDED = drawn(
    "start -> write -> read -> done; late -> chase -> over", user("write"), boundary("late", "write", after("PT8H"))
)


def test_a_task_is_completed_only_while_it_is_open_and_only_once() -> None:
    first = start(REMINDED, "main", {}, WORLD)
    raw, key = first.state, first.opened[0].id
    done = complete(REMINDED, raw, key, {}, "submit", WORLD)
    for state, task in ((done.state, key), (done.state, "nowhere"), (raw, done.opened[0].id), (raw, "")):
        with pytest.raises(NotOpen):
            complete(REMINDED, state, task, {}, "submit", WORLD)
    with pytest.raises(NotAsked):
        answer(REMINDED, raw, key, {}, WORLD)
    with pytest.raises(NotAwaited):
        deliver(REMINDED, raw, "reply", {}, WORLD)
    assert complete(REMINDED, raw, key, {}, "submit", WORLD).open_ids == done.open_ids, "nothing had moved"


def test_a_clock_that_went_back_undoes_nothing_and_loses_no_timer() -> None:
    case = Case(REMINDED)
    (due,) = case.step.timers
    for hours in (-1_000, -1):
        earlier = tick(REMINDED, case.step.state, a_world(MONDAY + timedelta(hours=hours)))
        assert (earlier.timers, earlier.open_ids, earlier.passed) == ((due,), case.step.open_ids, ())
    fired = tick(REMINDED, case.step.state, a_world(MONDAY + timedelta(hours=8)))
    assert [task.step for task in fired.opened] == ["chase"]
    back = tick(REMINDED, fired.state, a_world(MONDAY))
    assert (back.open_ids, back.passed) == (fired.open_ids, ())
