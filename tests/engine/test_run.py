"""start, complete, deliver, tick: what a Step says of one input. How each BPMN element behaves: tests/engine/spiff."""

from collections.abc import Callable

import pytest

from engine.run import NotAwaited, NotOpen, Uncaught, answer, complete, deliver, fail, start, tick, trail
from engine.spiff.expressions import DiagramFault
from engine.step import ClosedTask, SpentStep, both
from tests.kit.diagrams import (
    a_diagram,
    a_program,
    about,
    after,
    boundary,
    call,
    catch,
    drawn,
    each_of,
    exclusive,
    inside,
    parallel,
    service,
    user,
)
from tests.kit.walks import Case, Way, a_world, both_ways

WORLD = a_world()
WRITE = drawn("start -> write -> read -> done")

# everything at once: a rework loop around parallel work, a call for each unit, timers, a verb, a message
WHOLE = a_program(
    a_diagram(
        "start -> propose -> tell -> body -> check -> ok; ok -> paid -> done if fine; ok -> tell;"
        "late -> chase -> chased",
        service("tell", "notify", round="round"),
        inside(
            "body",
            "begin -> split; split -> each -> join; split -> lead -> join; join -> over",
            *parallel("split", "join"),
            call("each", "one", ins={"item": "unit"}, outs={"last": "result"}, each=each_of("units", "unit")),
        ),
        boundary("late", "body", after("P1D"), interrupting=False),
        user("check", outputs={"fine": 'outcome = "accept"', "round": "round + 1"}),
        exclusive("ok", "tell"),
        catch("paid", about("message", "payment")),
    ),
    a_diagram(
        "start -> work -> done; slow -> prod -> prodded",
        user("work", groups="clerk@{item}", outputs={"result": "outcome"}),
        service("prod", "notify", who="item"),
        boundary("slow", "work", after("PT6H"), interrupting=False),
        id="one",
    ),
)


def test_a_start_opens_the_first_tasks() -> None:
    step = start(WRITE, "main", {"town": "x"}, WORLD)
    (task,) = step.opened
    assert (task.step, task.values, step.open_ids) == ("write", {"town": "x"}, {task.id})
    assert (step.closed, step.timers, step.awaited, step.asked, step.ended) == ((), (), (), (), None)
    assert [passed.element for passed in step.passed] == ["start"]


def test_a_completed_task_closes_and_the_next_opens() -> None:
    first = start(WRITE, "main", {}, WORLD)
    (task,) = first.opened
    step = complete(WRITE, first.state, task.id, {}, "submit", WORLD)
    assert step.closed == (ClosedTask(task.id, "completed"),)
    assert [opened.step for opened in step.opened] == ["read"]
    assert [(passed.element, passed.kind, passed.process) for passed in step.passed] == [("write", "userTask", "main")]


def test_each_task_opens_in_one_step_only() -> None:
    case = Case(
        drawn("start -> split; split -> a -> join; split -> b -> join; join -> done", *parallel("split", "join"))
    )
    assert [task.step for task in case.step.opened] == ["a", "b"]
    assert case.do("a").step.opened == ()
    assert case.wait(days=1).step.opened == ()


def test_the_last_step_names_the_end_and_the_next_finds_nothing_open() -> None:
    case = Case(drawn("start -> write -> done"))
    task = case.task("write")
    assert case.do("write").ended == "done"
    assert (case.step.opened, case.step.open_ids, case.step.timers, case.awaited) == ((), frozenset(), (), [])
    assert case.wait(days=1).ended == "done"
    with pytest.raises(NotOpen):
        complete(case.program, case.step.state, task.id, {}, "submit", WORLD)
    with pytest.raises(NotAwaited):
        deliver(case.program, case.step.state, "payment", {}, WORLD)


def test_a_case_that_needs_nobody_ends_with_its_start() -> None:
    case = Case(drawn("start -> tell -> done", service("tell", "notify")))
    assert (case.ended, [asked.verb for asked in case.asked]) == ("done", ["notify"])
    assert case.passed == ["start", "tell", "done"]


def test_the_first_step_may_already_fail() -> None:
    with pytest.raises(DiagramFault, match="nobody"):
        start(drawn("start -> write -> done", user("write", groups="clerk@{nobody}")), "main", {}, WORLD)


def test_bytes_stay_what_they_were_while_the_live_case_goes_on() -> None:
    first = start(WRITE, "main", {"rows": [1]}, WORLD)
    before = bytes(first.state)
    complete(WRITE, first.live, first.opened[0].id, {}, "submit", WORLD)
    again = tick(WRITE, first.state, WORLD)
    assert first.state == before
    assert again.open_ids == first.open_ids


def test_the_bytes_of_a_step_are_made_once_and_only_before_the_live_case_goes_on() -> None:
    first = start(drawn("start -> tell -> read -> done", service("tell", "notify")), "main", {}, WORLD)
    (asked,) = first.asked
    program = first.live.program
    with pytest.raises(Uncaught):
        fail(program, first.live, asked.key, "bad", WORLD)
    assert first.state is first.state
    late = start(program, "main", {}, WORLD)
    answer(program, late.live, late.asked[0].key, {}, WORLD)
    with pytest.raises(SpentStep):
        _ = late.state


def test_two_steps_are_told_as_one() -> None:
    program = drawn(
        "start -> write -> tell -> read -> done; gone -> over",
        service("tell", "notify"),
        boundary("gone", "write", about("message", "stop")),
    )
    begun = start(program, "main", {}, WORLD)
    written = complete(program, begun.live, begun.opened[0].id, {}, "submit", WORLD)
    told = both(written, answer(program, written.live, written.asked[0].key, {}, WORLD))
    assert [closed.how for closed in told.closed] == ["completed"]
    assert ([task.step for task in told.opened], told.asking) == (["read"], frozenset())
    assert [passed.element for passed in told.passed] == ["write", "tell"]
    assert complete(program, told.state, told.opened[0].id, {}, "submit", WORLD).ended == "done"


def test_two_cases_on_one_program_do_not_meet() -> None:
    one, two = Case(WHOLE, "live", round=1, units=["a"]), Case(WHOLE, "live", round=5, units=["b", "c"])
    one.do("propose")
    assert two.open == ["propose"]
    two.do("propose")
    assert (one.open, two.open) == (["lead", "work"], ["lead", "work", "work"])
    assert not one.tasks.keys() & two.tasks.keys()


def test_the_trail_is_which_node_of_the_main_process_led_to_which() -> None:
    case = Case(WHOLE, round=1, units=["a"]).do("propose")
    flows = trail(WHOLE, case.step.state, WORLD)
    assert {("", "start"), ("start", "propose"), ("propose", "tell"), ("tell", "body"), ("split", "lead")} <= flows
    assert not {"join", "check", "chase", "work"} & {target for _, target in flows}  # `work` is drawn elsewhere
    case.do("work").do("lead").do("check", "rework")
    assert {("body", "check"), ("check", "ok"), ("ok", "tell")} <= trail(WHOLE, case.step.state, WORLD)


def test_what_was_passed_says_in_which_process_and_branch() -> None:
    case = Case(WHOLE, round=1, units=["a", "b"]).do("propose")
    task = case.task("work")
    case.complete(task)
    assert {(each.element, each.process, each.branch) for each in case.step.passed} == {
        ("work", "one", task.branch),
        ("done", "one", task.branch),
        ("each", "main", ""),
    }


@both_ways
def test_a_whole_case_from_beginning_to_end(way: Way) -> None:
    case = Case(WHOLE, way, round=1, units=["x", "y"]).do("propose")
    for decision in ("rework", "accept"):
        assert case.open == ["lead", "work", "work"]
        case.wait(hours=7)  # both are slow
        case.do("work", "good").do("lead").do("work", "better")
        assert case.open == ["check"]
        case.do("check", decision)
    assert case.awaited == ["payment"]
    assert case.deliver("payment").ended == "done"
    told = [(asked.element, *asked.inputs.values()) for asked in case.asked]
    assert told == [("tell", 1), ("prod", "x"), ("prod", "y"), ("tell", 2), ("prod", "x"), ("prod", "y")]


def test_a_live_case_and_a_restored_one_go_the_same_way() -> None:
    def played(way: Way) -> list[object]:
        case, story = Case(WHOLE, way, round=1, units=["x", "y", "z"]), []
        acts: list[Callable[[Case], Case]] = [
            lambda case: case.do("propose"),
            lambda case: case.wait(hours=7),
            lambda case: case.do("work").do("lead"),
            lambda case: case.wait(days=1),
            lambda case: case.do("work").do("work"),
            lambda case: case.do("check", "rework"),
            lambda case: case.do("work").do("chase").do("work").do("work").do("lead"),
            lambda case: case.do("check", "accept"),
            lambda case: case.deliver("payment", sum=1),
        ]
        for act in acts:
            step = act(case).step
            story.append((
                [(task.step, task.groups, task.values) for task in step.opened],
                [closed.how for closed in step.closed],
                [(asked.element, asked.inputs) for asked in step.asked],
                [(passed.element, passed.process, bool(passed.branch)) for passed in step.passed],
                case.due, case.awaited, step.ended,
            ))  # fmt: skip
        return story

    assert played("live") == played("restored")
