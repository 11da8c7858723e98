"""What a case forgets, nobody misses: it goes the same way whether it forgets never, as it does, or after each step."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from engine.spiff.history import forget_history
from engine.spiff.program import Program
from engine.step import Step
from tests.engine.spiff.test_walks import EVERYTHING, UNITS
from tests.kit.diagrams import (
    a_diagram,
    a_program,
    after,
    boundary,
    call,
    drawn,
    each_of,
    every,
    exclusive,
    inclusive,
    inside,
    parallel,
    service,
    user,
)
from tests.kit.walks import Case, Way, both_ways, typed

# -- walks


def counted(name: str) -> Any:
    """A user task that counts how often it was done."""
    return user(name, outputs={name: f"{name} + 1", "last": f'"{name}"'})


AGAIN = user("check", outputs={"again": 'outcome = "rework"'})

DRAWN: dict[str, Program] = {
    "everything": EVERYTHING,
    "a rework loop": drawn(
        "start -> a -> check -> ok; ok -> a if again; ok -> done",
        counted("a"),
        AGAIN,
        exclusive("ok", "done"),
    ),
    "parallel work in a loop": drawn(
        "start -> split; split -> a -> join; split -> b -> c -> join; join -> check -> ok;"
        "ok -> split if again; ok -> done",
        *parallel("split", "join"),
        *(user(name, outputs={name: f"{name} + 1"}) for name in "abc"),
        AGAIN,
        exclusive("ok", "done"),
    ),
    "a loop in each branch": drawn(
        "start -> split; split -> a -> more; more -> a if a < 4; more -> join; split -> b -> enough;"
        "enough -> b if b < 3; enough -> join; join -> check -> ok; ok -> done",
        *parallel("split", "join"),
        *(user(name, outputs={name: f"{name} + 1"}) for name in "ab"),
        exclusive("more", "join"),
        exclusive("enough", "join"),
        AGAIN,
        exclusive("ok", "done"),
    ),
    "some of three": drawn(
        "start -> some; some -> a -> all if a < 2; some -> b -> all if a > 0; some -> c -> all; all -> check -> done",
        inclusive("some", "c"),
        inclusive("all"),
        *(user(name, outputs={name: f"{name} + 1"}) for name in "abc"),
        AGAIN,
    ),
    "branches that end by themselves": a_program(
        a_diagram(
            "start -> body -> check -> ok; ok -> body if again; ok -> done",
            inside(
                "body",
                "begin -> split; split -> a -> a_ends; split -> b -> more; more -> b if b < 4; more -> b_ends;"
                "split -> c -> c_ends",
                *parallel("split"),
                *(user(name, outputs={name: f"{name} + 1"}) for name in "abc"),
                exclusive("more", "b_ends"),
            ),
            AGAIN,
            exclusive("ok", "done"),
        )
    ),
    "reminders": drawn(
        "start -> a -> check -> ok; ok -> a if again; ok -> done; slow -> remind -> reminded; late -> chase -> check",
        counted("a"),
        boundary("slow", "a", every("R/PT9H"), interrupting=False),
        boundary("late", "a", after("P4D")),
        service("remind", "notify", round="a"),
        user("chase", outputs={"b": "b + 1"}),
        AGAIN,
        exclusive("ok", "done"),
    ),
    "each unit in its own way": a_program(
        a_diagram(
            "start -> each -> check -> ok; ok -> each if again; ok -> done; late -> check",
            call("each", "one", ins={"unit": "unit", "a": "a"}, outs={"a": "a"}, each=each_of("names", "unit")),
            boundary("late", "each", after("P9D")),
            AGAIN,
            exclusive("ok", "done"),
        ),
        a_diagram(
            "start -> a -> ok; ok -> a if outcome_of_a = \"rework\"; ok -> done; slow -> prod -> prodded",
            user("a", groups="clerk@{unit}", outputs={"a": "a + 1", "outcome_of_a": "outcome"}),
            boundary("slow", "a", after("PT6H"), interrupting=False),
            user("prod"),
            exclusive("ok", "done"),
            id="one",
        ),
    ),
    "all but one of five": drawn(
        "start -> each -> check -> ok; ok -> each if again; ok -> done; slow -> remind -> reminded",
        user(
            "each",
            groups="clerk@{unit}",
            each=each_of('["p", "q", "r", "s", "t"]', "unit", until="nrOfCompletedInstances >= nrOfInstances - 1"),
            outputs={"a": "a + 1"},
        ),
        boundary("slow", "each", every("R/PT9H"), interrupting=False),
        service("remind", "notify"),
        AGAIN,
        exclusive("ok", "done"),
    ),
    "one unit after the other": drawn(
        "start -> each -> check -> ok; ok -> each if again; ok -> done",
        user("each", groups="clerk@{unit}", each=each_of("names", "unit", in_turn=True), outputs={"a": "a + 1"}),
        AGAIN,
        exclusive("ok", "done"),
    ),
}  # fmt: skip
WALKS = [(name, seed) for name in DRAWN for seed in range(60 if name == "everything" else 20)]

Habit = Callable[[Case], None]


def walk(program: Program, seed: int, way: Way, habit: Habit, longest: int = 40) -> list[object]:
    """A walk's story: what stood after each move, in words that do not depend on ids."""
    rng = Random(seed)
    values = {"units": UNITS[: rng.randint(0, 3)], "size": rng.randint(0, 3), "seen": False, "again": False, "last": ""}
    names = ["n1", "n2", "n3"][: rng.randint(0, 3)]
    case = Case(program, way, check=False, names=names, a=0, b=0, c=0, **values)
    story: list[object] = []
    for _ in range(longest):
        habit(case)
        if case.ended:
            break
        move(case, rng)
        story.append((case.due, case.awaited, case.ended))
        story.append([(task.step, task.groups, typed(dict(task.values))) for task in case.tasks.values()])
        story.append([(asked.element, asked.inputs) for asked in case.step.asked])
        story.append([(passed.element, passed.process) for passed in case.step.passed])
    return story


def move(case: Case, rng: Random) -> None:
    tasks = list(case.tasks.values())
    if case.awaited and rng.random() < 0.3:
        case.deliver(case.awaited[0], size=rng.randint(0, 3))
    elif not tasks or rng.random() < 0.2:
        case.wait(hours=rng.choice([1, 10, 15, 30, 80]))
    else:
        case.complete(rng.choice(tasks), rng.choice(["submit", "rework", "split"]))


def now_and_then(case: Case) -> None:
    """As cases do by themselves."""


def always(case: Case) -> None:
    """Forget all that can be forgotten."""
    for tree in trees(case.step):
        forget_history(tree)


def never(case: Case) -> None:
    """Look as if there were far too little to forget."""
    for tree in trees(case.step):
        tree.kept = 1_000_000


def trees(step: Step) -> list[Any]:
    assert step.live is not None
    return step.live.workflow.trees()


@pytest.mark.parametrize(("name", "seed"), WALKS)
def test_what_is_forgotten_is_never_missed(name: str, seed: int) -> None:
    story = walk(DRAWN[name], seed, "live", never)
    assert walk(DRAWN[name], seed, "live", now_and_then) == story
    assert walk(DRAWN[name], seed, "live", always) == story
    assert walk(DRAWN[name], seed, "restored", now_and_then) == story


# -- what it comes to


def tokens(case: Case) -> int:
    return sum(len(tree.tasks) for tree in trees(case.step))


TWO_NODES = drawn(
    "start -> write -> ok; ok -> write if more; ok -> done",
    user("write", outputs={"more": "more"}),
    exclusive("ok", "done"),
)


@both_ways
def test_two_thousand_rounds_are_as_many_tokens_as_twenty(way: Way) -> None:
    case = Case(TWO_NODES, way, check=False)
    most, largest = 0, 0
    for number in range(2_000):
        case.do("write", more=True)
        if number > 20:
            most, largest = max(most, tokens(case)), max(largest, case.bytes)
    assert most < 40
    assert largest < 1_500
    assert case.do("write", more=False).ended == "done"


REMINDED = drawn(
    "start -> write -> done; slow -> remind -> reminded",
    user("write"),
    boundary("slow", "write", every("R/PT8H"), interrupting=False),
    service("remind", "notify"),
)


@both_ways
def test_five_hundred_reminders_leave_nothing_behind(way: Way) -> None:
    case = Case(REMINDED, way, check=False)
    most = 0
    for number in range(500):
        case.wait(hours=8)
        most = max(most, tokens(case)) if number > 20 else 0
    assert len(case.asked) == 500
    assert most < 40
    assert case.do("write").ended == "done"


@both_ways
def test_a_hundred_rounds_of_parallel_work_stay_small(way: Way) -> None:
    case = Case(DRAWN["parallel work in a loop"], way, check=False, a=0, b=0, c=0)
    sizes = []
    for _ in range(100):
        case.do("b").do("a").do("c")
        case.do("check", "rework")
        sizes.append(tokens(case))
    assert max(sizes[10:]) < 60
    case.do("a").do("b").do("c")
    assert case.values("check") == {"a": 101, "b": 101, "c": 101, "again": True}


def test_an_ended_case_keeps_how_it_began_and_ended() -> None:
    case = Case(DRAWN["parallel work in a loop"], "live", a=0, b=0, c=0)
    case.do("b").do("a").do("c").do("check")
    assert case.ended == "done"
    assert tokens(case) == 4
    assert {("start", "split"), ("b", "c"), ("check", "ok"), ("ok", "done")} <= case.step.live.trail()  # type: ignore[union-attr]  # it is there


# -- what it must remember


@both_ways
def test_who_waits_at_a_join_does_not_bring_back_what_others_have_changed(way: Way) -> None:
    case = Case(DRAWN["a loop in each branch"], way, a=-100, b=2)
    case.do("b")
    for _ in range(104):
        case.do("a")
    assert {key: case.values("check")[key] for key in "ab"} == {"a": 4, "b": 3}


@both_ways
def test_a_branch_that_ended_long_ago_still_brings_what_it_changed(way: Way) -> None:
    case = Case(DRAWN["branches that end by themselves"], way, a=0, b=-60, c=0)
    case.do("a")
    for _ in range(64):
        case.do("b")
    case.do("c")
    assert {key: case.values("check")[key] for key in "abc"} == {"a": 1, "b": 4, "c": 1}


@both_ways
def test_an_interruption_after_many_reminders_leaves_their_followers_alone(way: Way) -> None:
    node = user("write")
    case = Case(
        drawn(
            "start -> write -> done; slow -> call_them -> talk -> talked; late -> given_up",
            node,
            boundary("slow", "write", every("R40/PT8H"), interrupting=False),
            service("call_them", "notify"),
            boundary("late", "write", after("P20D")),
        ),
        way,
        check=False,
    )
    for _ in range(40):
        case.wait(hours=8)
    for _ in range(39):
        case.do("talk")
    case.wait(days=20)
    assert case.open == ["talk"]
    assert case.do("talk").ended in ("given_up", "talked")


@both_ways
def test_an_item_hides_a_variable_of_its_name(way: Way) -> None:
    node = user("ask", groups="clerk@{unit}", each=each_of("names", "unit"))
    case = Case(drawn("start -> ask -> done", node), way, names=["x", "y"], unit="z")
    assert sorted(task.groups[0].unit for task in case.tasks.values()) == ["x", "y"]
