"""`python -m tests.engine.spiff.keep_states`: keep cases half way, once for every format of the codec."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

from engine.run import start
from engine.spiff.codec import FORMAT
from engine.spiff.instance import Instance
from engine.spiff.program import Program
from engine.step import Step
from engine.world import World
from tests.engine.spiff.test_codec import REWORKED
from tests.engine.spiff.test_walks import EVERYTHING, UNITS
from tests.kit.diagrams import a_diagram, a_program, after, boundary, each_of, exclusive, parallel, service, user
from tests.kit.sites import the_pack
from tests.kit.states import Kept, Move, go_on, keep, what_is_open, world_with
from tests.kit.walks import MONDAY, answered

_LEFT_EMPTY = {"assistants": [], "rework_units": [], "new_solve_by": None}  # what a form hands in for the rest

Answers = Callable[[int], Mapping[str, object]]
Player = Callable[[int, Step, World], Move]

REVIEWED = a_program(
    a_diagram(
        "start -> form -> ok; ok -> tell -> review -> done if fine; ok -> form; late -> given_up",
        user("form", groups="clerk@{town}", outputs={"fine": "fine"}, due="respond"),
        boundary("late", "form", after("P30D")),
        exclusive("ok", "form"),
        service("tell", "notify", town="town"),
        user("review", groups="reviewer@{item}", each=each_of("reviewers", "item")),
    )
)
SPLIT = a_program(
    a_diagram(
        "start -> write -> split; split -> a -> join; split -> b -> join; split -> c -> c_is_done;"
        "join -> ok; ok -> done if a + b > 20; ok -> write",
        *parallel("split", "join"),
        user("a", outputs={"a": "answer"}),
        user("b", outputs={"b": "answer"}),
        user("c", outputs={"c": "answer"}),
        exclusive("ok", "write"),
    )
)


def main() -> None:
    """Keep every sample."""
    keep(_county(half=11))
    for seed, half in ((0, 9), (3, 14), (5, 22), (7, 31)):
        player = _at_random(EVERYTHING, Random(seed))
        keep(_played(f"everything_{seed}", EVERYTHING, half, player, units=UNITS, size=seed % 4, seen=False))
    units = [{"code": code} for code in "abc"]
    keep(_played("reworked", REWORKED, 40, _at_random(REWORKED, Random(1), lambda n: {"fine": n > 60}), units=units))
    player = _at_random(REVIEWED, Random(2), lambda n: {"fine": n > 1})
    keep(_played("reviewed", REVIEWED, 3, player, town="x", reviewers=["p", "q", "r"]))
    keep(_played("split", SPLIT, 11, _at_random(SPLIT, Random(1), lambda n: {"answer": n})))


def _county(half: int) -> Kept:
    pack = the_pack()
    story = pack.stories["water_pipe"]

    def told(number: int, _step: Step, _world: World) -> Move:
        each = story.steps[number]
        unit, answers = each.unit or each.by.partition("@")[2], {**_LEFT_EMPTY, **each.answers}
        return {"do": each.does, "of": unit, "outcome": each.outcome or "submit", "answers": answers}

    return _played(
        "county", pack.program, half, told, process="whistle", limits=pack.limits.names, township="360428100"
    )


def _at_random(program: Program, rng: Random, answers: Answers = lambda _: {}) -> Player:
    def move(number: int, step: Step, world: World) -> Move:
        if step.awaited and rng.random() < 0.3:
            return {"deliver": step.awaited[0].name, "payload": {"size": rng.randint(0, 3)}}
        instance = Instance.restore(program, step.state, world)
        if not step.open_ids or rng.random() < 0.15:
            return {"wait": rng.choice([1, 15, 30, 80])}
        name = rng.choice([each.partition("@") for each in what_is_open(instance)])
        outcome = rng.choice(["submit", "rework", "split"])
        return {"do": name[0], "of": name[2], "outcome": outcome, "answers": dict(answers(number))}

    return move


def _played(
    name: str,
    program: Program,
    half: int,
    player: Player,
    *,
    process: str = "main",
    limits: Iterator[str] | tuple[str, ...] = ("respond", "soon"),
    **values: object,
) -> Kept:
    """A case played to its end, as it stood after `half` of the moves."""
    names, moves, told = sorted(limits), [], []
    world = world_with(names, MONDAY)
    step, stood = answered(program, start(program, process, values, world), world), []
    while not step.ended and len(moves) < 500:
        stood.append((step.state, world.now, what_is_open(Instance.restore(program, step.state, world))))
        moves.append(player(len(moves), step, world))
        step, world = next(go_on(program, step.state, moves[-1:], world))
        told.append(what_is_open(Instance.restore(program, step.state, world)))
    state, now, opened = stood[half]
    assert step.ended, f"{name} does not end"
    files = {file: raw for file, raw in program.definition.files.items() if file.endswith((".bpmn", ".dmn"))}
    return Kept(f"{FORMAT}/{name}", files, state, now, names, opened, moves[half:], told[half:], step.ended)


if __name__ == "__main__":
    main()
