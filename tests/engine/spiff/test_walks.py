"""Random walks through one diagram that has everything at once: the live case and the restored one stay twins."""

from __future__ import annotations

from random import Random

import pytest

from tests.kit.diagrams import (
    a_diagram,
    a_program,
    about,
    after,
    boundary,
    call,
    catch,
    each_of,
    end,
    every,
    exclusive,
    first_of,
    inclusive,
    inside,
    parallel,
    service,
    throw,
    user,
)
from tests.kit.walks import Case, Way

EVERYTHING = a_program(
    a_diagram(
        """
        start -> propose -> body -> pick -> check -> ok
        ok -> gate if outcome_of_check = "submit"; ok -> body; ok -> body2 if outcome_of_check = "split"
        body2 -> check
        late -> mend -> body; raised -> decide -> decided; slow -> remind -> reminded
        gate -> paid -> done; gate -> expired -> chase -> body
        """,
        inside(
            "body",
            "b -> split; split -> each -> join; split -> lead -> up -> join; join -> over",
            *parallel("split", "join"),
            call(
                "each",
                "middle",
                ins={"names": "unit.names", "last": '"none"'},
                outs={"last": "last"},
                each=each_of("units", "unit"),
            ),
            throw("up", about("escalation", "told")),
        ),
        boundary("late", "body", after("P3D")),
        boundary("raised", "body", about("escalation", "told"), interrupting=False),
        boundary("slow", "body", every("R3/PT20H"), interrupting=False),
        service("remind", "notify"),
        inside(
            "pick",
            "p -> some; some -> a -> all if size > 1; some -> c -> all if size > 2; some -> d -> all; all -> q",
            inclusive("some", "d"),
            inclusive("all"),
            user("a", outputs={"size": "size + 1"}),
            user("c", outputs={"seen": "true"}),
        ),
        user("check", outputs={"outcome_of_check": "outcome", "size": "modulo(size, 4)"}),
        exclusive("ok", "body"),
        inside(
            "body2",
            "b2 -> split2; split2 -> x -> stop; split2 -> y -> o2",
            *parallel("split2"),
            end("stop", about("terminate")),
        ),
        first_of("gate"),
        catch("paid", about("message", "payment")),
        catch("expired", after("PT30H")),
    ),
    a_diagram(
        "start -> inner -> note -> done; failed -> repair -> done2",
        inside(
            "inner",
            "i -> turn -> k",
            call("turn", "one", ins={"name": "name"}, each=each_of("names", "name", in_turn=True)),
        ),
        boundary("failed", "inner", after("P2D")),
        user("note", outputs={"last": "outcome"}),
        id="middle",
    ),
    a_diagram("start -> work -> done", user("work", groups="clerk@{name}"), id="one"),
)
UNITS = [{"names": ["n1", "n2"]}, {"names": []}, {"names": ["n3"]}]


def walk(seed: int, way: Way, longest: int, *, check: bool = True) -> list[object]:
    """A walk's story: what was open after each move, in words that do not depend on ids."""
    rng = Random(seed)
    case = Case(EVERYTHING, way, check=check, units=UNITS[: rng.randint(0, 3)], size=rng.randint(0, 3), seen=False)
    story: list[object] = []
    for _ in range(longest):
        if case.ended:
            break
        move(case, rng)
        story.append((case.open, case.due, case.awaited, [asked.element for asked in case.step.asked], case.ended))
        story.append([(passed.element, passed.process) for passed in case.step.passed])
    return story


def move(case: Case, rng: Random) -> None:
    tasks = list(case.tasks.values())
    if case.awaited and rng.random() < 0.3:
        case.deliver(case.awaited[0], size=rng.randint(0, 3))
    elif not tasks or rng.random() < 0.2:
        case.wait(hours=rng.choice([1, 15, 30, 80]))
    else:
        case.complete(rng.choice(tasks), rng.choice(["submit", "rework", "split"]))


@pytest.mark.parametrize("seed", range(40))
def test_a_live_case_and_a_restored_one_stay_twins_wherever_they_walk(seed: int) -> None:
    assert walk(seed, "live", 40) == walk(seed, "restored", 40)


def test_some_walks_end_and_all_steps_are_met() -> None:
    stories = [walk(seed, "restored", 120, check=False) for seed in range(15)]
    passed = {element for story in stories for names in story if isinstance(names, list) for element, _ in names}
    assert {
        "up",
        "late",
        "raised",
        "slow",
        "each",
        "a",
        "c",
        "d",
        "x",
        "y",
        "paid",
        "expired",
        "failed",
        "work",
    } <= passed
    assert any(story and isinstance(story[-2], tuple) and story[-2][-1] == "done" for story in stories)
