"""One user task completed in the engine, cold and hot, beside the same on the library alone; samples interleaved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.run import complete
from engine.spiff.instance import Instance
from engine.store.tables import CaseRow
from processes.stories import Story, StoryStep
from tests.bench.library import PlainCase
from tests.bench.sampling import median, tell, timed
from tests.kit.actors import Actors, open_task
from tests.kit.sites import a_site

_HALF_WAY = 11  # three units at work, each about to hand in
_SAMPLES = 40


def measure(root: Path) -> float:
    """Tell the times; returns how often faster a cold completion is than the library's."""
    inst = a_site(root)
    actors = Actors(inst)
    story = actors.pack.stories["water_pipe"]
    case_id = actors.play(story, until=_HALF_WAY)
    told = story.steps[_HALF_WAY]
    task = open_task(inst, told.does, told.by, case_id, branch=told.unit)
    with inst.db.read() as session:
        state = session.scalars(select(CaseRow.state).where(CaseRow.id == case_id)).one()
    inst.db.close()
    program, world = actors.pack.program, actors.pack.world(told.at or story.begins)
    plain = _plain_half_way(actors.pack.files, story)
    kept, answers = plain.kept(), {"progress": told.answers["progress"]}
    times: dict[str, list[float]] = {"library": [], "cold": [], "hot": []}
    for _ in range(_SAMPLES):
        live = Instance.restore(program, state, world)
        times["library"].append(timed(partial(plain.load_complete_save, kept, told.does, told.unit)))
        times["cold"].append(timed(partial(complete, program, state, task.id, answers, "submit", world)))
        times["hot"].append(timed(partial(complete, program, live, task.id, answers, "submit", world)))
    return _told(times, len(kept), len(state))


def _told(times: Mapping[str, list[float]], library_bytes: int, engine_bytes: int) -> float:
    library = median(times["library"])
    tell("complete a task, library: load, complete, save as JSON", library, "ms", bytes=library_bytes)
    for kind in ("cold", "hot"):
        ratio = library / median(times[kind])
        tell(
            f"complete a task, engine, {kind}",
            median(times[kind]),
            "ms",
            times_faster=round(ratio, 1),
            bytes=engine_bytes,
        )
    return library / median(times["cold"])


def _plain_half_way(files: Mapping[str, bytes], story: Story) -> PlainCase:
    case = PlainCase(files)
    for told in story.steps[:_HALF_WAY]:
        case.act(told.does, told.unit, dict(_values(told)))
    return case


def _values(told: StoryStep) -> Iterator[tuple[str, Any]]:
    """What the diagram keeps of a step, no more than the engine keeps: outcomes by name, and whom to call."""
    names = {"collect": "collecting", "vet": "vetting", "approve": "approving", "triage": "triaging"}
    if told.does in names:
        yield names[told.does], told.outcome
    if told.does == "triage":
        units = [told.answers["lead"], *(each["unit"] for each in told.answers["assistants"])]
        yield from (("size", told.answers["size"]), ("lead", units[0]), ("round", 1))
        yield "solve_by", told.answers["solve_by"].isoformat()
        yield "assistants", [{"unit": unit} for unit in units[1:]]
        yield "round_units", [{"unit": unit, "role": "assist" if n else "lead"} for n, unit in enumerate(units)]
