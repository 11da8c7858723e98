"""Random walks of two twins: one stays on its version, the other is moved to and fro between versions that differ
harmlessly, wherever it happens to stand. Both must meet the same steps and come to the same end.
"""

from __future__ import annotations

from random import Random

import pytest

from engine.migrate import CannotMigrate, migrate
from engine.model.checking import Known
from engine.spiff.program import Program
from engine.step import OpenTask
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    about,
    after,
    boundary,
    call,
    each_of,
    end,
    every,
    exclusive,
    inclusive,
    inside,
    parallel,
    service,
    user,
)
from tests.kit.walks import Case, assert_restores_alike


def office(hop: str, group: str) -> Program:
    """Rework around parallel work, called processes, timers of every kind; `hop` leads through gateways that decide
    nothing, `group` is who does the steps: neither changes what a case goes through.
    """

    def through(name: str) -> str:
        return f"-> {name}_hop" if hop else ""

    hops = [exclusive(f"{name}_hop") for name in ("body", "lead", "note", "z")] if hop else []
    return a_program(
        a_diagram(
            f"""
            start -> propose -> body {through("body")} -> pick -> check -> ok
            ok -> z {through("z")} -> done if verdict = "submit"; ok -> body; ok -> split_up if verdict = "split"
            split_up -> check
            late -> mend -> body; slow -> remind -> reminded
            """,
            inside(
                "body",
                f"b -> split; split -> each -> join; split -> lead {through('lead')} -> join; join -> over",
                *parallel("split", "join"),
                user("lead", groups=group),
                call("each", "middle", ins={"names": "unit.names"}, each=each_of("units", "unit")),
                *[hop for hop in hops if hop.id == "lead_hop"],
            ),
            boundary("late", "body", after("P3D")),
            boundary("slow", "body", every("R3/PT20H"), interrupting=False),
            service("remind", "notify"),
            inside(
                "pick",
                "p -> some; some -> a -> all if size > 1; some -> c -> all if size > 2; some -> d -> all; all -> q",
                inclusive("some", "d"),
                inclusive("all"),
                user("a", groups=group, outputs={"size": "size + 1"}),
            ),
            user("check", groups=group, outputs={"verdict": "outcome", "size": "modulo(size, 4)"}),
            exclusive("ok", "body"),
            inside(
                "split_up",
                "b2 -> split2; split2 -> x -> stop; split2 -> y -> o2",
                *parallel("split2"),
                end("stop", about("terminate")),
            ),
            *_of("body", hops),
            *_of("z", hops),
        ),
        a_diagram(
            f"start -> inner {through('note')} -> note -> done; failed -> repair -> done2",
            inside(
                "inner",
                "i -> turn -> k",
                call("turn", "one", ins={"name": "name"}, each=each_of("names", "name", in_turn=True)),
            ),
            boundary("failed", "inner", after("P2D")),
            *_of("note", hops),
            id="middle",
        ),
        a_diagram("start -> work -> done", user("work", groups=group), id="one"),
    )


def _of(name: str, hops: list[Node]) -> list[Node]:
    return [hop for hop in hops if hop.id == f"{name}_hop"]


VERSIONS = [office("", "clerk@office"), office("", "head@office"), office("through", "clerk@office")]
DIFFERENT = {"body_hop", "lead_hop", "note_hop", "z_hop", "join"}  # what a case has passed in one, and not in another
UNITS = [{"names": ["n1", "n2"]}, {"names": []}, {"names": ["n3"]}]


class Walk:
    """Two twins, and what the moving one has gone through."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        values = {"units": UNITS[: self.rng.randint(0, 3)], "size": self.rng.randint(0, 3)}
        self.stays = Case(VERSIONS[0], check=False, **values)
        self.moves = Case(VERSIONS[0], check=False, **values)
        self.moved = self.refused = 0

    def go(self, longest: int) -> None:
        for _ in range(longest):
            if self.stays.ended:
                break
            if self.rng.random() < 0.5:
                self.move()
            self.step()
            assert self.moves.open == self.stays.open
            assert self.moves.due == self.stays.due
            assert self.moves.ended == self.stays.ended
        assert met(self.moves) == met(self.stays)

    def move(self) -> None:
        case, new = self.moves, self.rng.choice(VERSIONS)
        try:
            step = migrate(case.program, case.step.state, new, case.world, Known())
        except CannotMigrate as refusal:
            assert {each.element for each in refusal.obstacles} <= DIFFERENT
            self.refused += 1
            return
        assert step.open_ids == case.tasks.keys()
        assert_restores_alike(new, step, case.world)
        case.program, case.step = new, step
        self.moved += 1

    def step(self) -> None:
        tasks = sorted(self.stays.tasks.values(), key=told)
        if not tasks or self.rng.random() < 0.2:
            hours = self.rng.choice([1, 15, 30, 80])
            for case in (self.stays, self.moves):
                case.wait(hours=hours)
            return
        place, outcome = self.rng.randrange(len(tasks)), self.rng.choice(["submit", "rework", "split"])
        for case in (self.stays, self.moves):
            case.complete(sorted(case.tasks.values(), key=told)[place], outcome)


def told(task: OpenTask) -> tuple[str, str]:
    return task.step, str(sorted(task.values.items(), key=str))


def met(case: Case) -> list[str]:
    """What a case went through, without the gateways that one version has and the other not."""
    return sorted(element for element in case.passed if not element.endswith("_hop"))


@pytest.mark.parametrize("seed", range(30))
def test_a_case_that_moves_meets_what_its_twin_meets(seed: int) -> None:
    Walk(seed).go(40)


def test_most_moves_go_through_and_many_walks_end() -> None:
    walks = [Walk(seed) for seed in range(100, 112)]
    for walk in walks:
        walk.go(80)
    assert sum(walk.moved for walk in walks) > sum(walk.refused for walk in walks) > 0
    assert sum(walk.stays.ended == "done" for walk in walks) > len(walks) // 3
