"""One user task completed in the engine, cold and hot, beside the same on the library alone; they take turns.

Hot: the live instance the last step left. Cold: from bytes. Both down to the bytes of the new state.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.model import Files
from engine.run import State, complete, start
from engine.spiff.instance import Instance
from engine.spiff.program import Program
from engine.store.tables import CaseRow
from engine.world import World
from processes.stories import Story, StoryStep
from tests.bench.library import PlainCase
from tests.bench.pure import cpu_ms
from tests.bench.sampling import at_least, median, tell
from tests.kit.actors import Actors, open_task
from tests.kit.diagrams import a_diagram, a_program, after, boundary, each_of, exclusive, service, user
from tests.kit.sites import a_site
from tests.kit.walks import a_world, answered

_HALF_WAY = 11  # three units at work, each about to hand in
_TURNS, _IN_A_ROW = 12, 5
_LIVE = 200


@dataclass(frozen=True)
class Model:
    """A case about to have a task completed, in the engine and on the library alone."""

    name: str
    program: Program
    state: bytes
    task: str
    answers: Mapping[str, object]
    world: World
    plain: PlainCase
    step: str
    unit: str

    def complete(self, state: State) -> bytes:
        """The state after the task."""
        return complete(self.program, state, self.task, self.answers, "submit", self.world).state

    def live(self) -> Instance:
        """The case as the step that wrote all of it left it."""
        instance = Instance.restore(self.program, self.state, self.world)
        for tree in instance.workflow.trees():
            tree.touched = True
            for token in tree.tasks.values():
                token.touched = True
        instance.dump()
        return instance


def measure(root: Path) -> float:
    """Tell the times of both models; returns how often faster a cold completion of the county's case is."""
    _told(_reviewed())
    return _told(_county(root))


def _told(model: Model) -> float:
    times: dict[str, list[float]] = {"library": [], "cold": [], "hot": []}
    kept = model.plain.kept()
    for _ in range(_TURNS):  # each a few times in a row: what the others left in the processor's caches is not its own
        lives = [model.live() for _ in range(_IN_A_ROW)]
        library = partial(model.plain.load_complete_save, kept, model.step, model.unit)
        times["library"] += [cpu_ms(library) for _ in lives]
        times["cold"] += [cpu_ms(partial(model.complete, model.state)) for _ in lives]
        times["hot"] += [cpu_ms(partial(model.complete, live)) for live in lives]
    library_ms = median(times["library"])
    for kind, mark in (("hot", at_least(20)), ("cold", at_least(4))):
        mine = median(times[kind])
        costs = {"ms": round(mine, 3), "library_ms": round(library_ms, 3)}
        sizes = {"bytes": len(model.state), "library_bytes": len(kept)}
        tell(
            f"completion in the engine, {model.name}, {kind}, against the library",
            library_ms / mine,
            "×",
            mark,
            **costs,
            **sizes,
        )
    tell(f"memory of a live case, {model.name}", _memory(model), "KiB")
    return library_ms / median(times["cold"])


def _memory(model: Model) -> float:
    model.live()
    tracemalloc.start()
    live = [model.live() for _ in range(_LIVE)]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / len(live) / 1024


# -- the county's own model, half way


def _county(root: Path) -> Model:
    inst = a_site(root)
    actors = Actors(inst)
    story = actors.pack.stories["water_pipe"]
    case_id = actors.play(story, until=_HALF_WAY)
    told = story.steps[_HALF_WAY]
    task = open_task(inst, told.does, told.by, case_id, branch=told.unit)
    with inst.db.read() as session:
        state = session.scalars(select(CaseRow.state).where(CaseRow.id == case_id)).one()
    inst.db.close()
    return Model(
        name="county half way",
        program=actors.pack.program,
        state=state,
        task=task.id,
        answers={"progress": told.answers["progress"], "wanted_by": None, "resume_on": None},
        world=actors.pack.world(told.at or story.begins),
        plain=_plain_half_way(actors.pack.files, story),
        step=told.does,
        unit=told.unit,
    )


def _plain_half_way(files: Files, story: Story) -> PlainCase:
    case = PlainCase(files)
    for told in story.steps[:_HALF_WAY]:
        case.act(told.does, told.unit, dict(_values(told)))
    return case


def _values(told: StoryStep) -> Iterator[tuple[str, Any]]:
    """What the diagram keeps of a step, no more than the engine keeps: outcomes by name, and whom to call."""
    names = {
        "collect": "collecting",
        "vet": "vetting",
        "approve": "approving",
        "triage": "triaging",
        "accept": "accepting",
        "handle": "handling",
    }
    if told.does == "propose":
        yield from (("urgent", False), ("merged_matters", []))
    if told.does in names:
        yield names[told.does], told.outcome
    if told.does == "triage":
        units = [told.answers["lead"], *(each["unit"] for each in told.answers["assistants"])]
        yield from (("size", told.answers["size"]), ("lead", units[0]), ("round", 1))
        yield "solve_by", told.answers["solve_by"].isoformat()
        yield "assistants", [{"unit": unit} for unit in units[1:]]
        yield "round_units", [{"unit": unit, "role": "assist" if n else "lead"} for n, unit in enumerate(units)]


# -- the model the nearest peer was measured with


def _reviewed() -> Model:
    """Start → form with a 30-day boundary timer → exclusive gateway → service task → three reviews → end."""
    program = a_program(
        a_diagram(
            'start -> form -> ok; ok -> tell -> review -> done if fine = "yes"; ok -> done; late -> given_up',
            user("form", outputs={"fine": "fine"}),
            boundary("late", "form", after("P30D")),
            exclusive("ok", "done"),
            service("tell", "notify"),
            user("review", each=each_of("reviewers", "item")),
        )
    )
    world, values = a_world(), {"reviewers": ["a", "b", "c"]}
    first = start(program, "main", values, world)
    told = complete(program, first.state, first.opened[0].id, {"fine": "yes"}, "submit", world)
    second = answered(program, told, world)
    plain = PlainCase(program.definition.files, "main", values)
    plain.act("form", "", {"fine": "yes"})
    return Model("three reviewers", program, second.state, second.opened[0].id, {}, world, plain, "review [child]", "")
