"""Cases half way, kept in the bytes of every format there ever was, with the moves that brought them to their end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.model import Files, read_folder
from engine.model.definition import define
from engine.run import complete, deliver, tick
from engine.spiff.holding import groups
from engine.spiff.instance import Instance
from engine.spiff.program import Program
from engine.step import Step
from engine.time import Limits
from engine.values import from_bytes, to_bytes
from engine.world import World
from tests.kit.walks import CALENDAR, answered

ROOT = Path(__file__).parents[1] / "engine" / "spiff" / "states"
Move = dict[str, Any]
"""{"do": step, "of": unit, "outcome", "answers"}, {"wait": hours} or {"deliver": message, "payload"}."""


@dataclass(frozen=True)
class Kept:
    """A case half way. `told` says what was open after each of its `moves`, `ended` how it ended."""

    name: str
    files: Files
    state: bytes
    now: datetime
    limits: list[str]
    open: list[str]
    moves: list[Move]
    told: list[list[str]]
    ended: str

    @property
    def program(self) -> Program:
        """Its diagrams, compiled."""
        return Program(define(self.files))

    @property
    def world(self) -> World:
        """Its time, and a limit of every name that its diagrams use."""
        return world_with(self.limits, self.now)


def kept_states() -> list[Kept]:
    """All of them; each name begins with the format."""
    return [_read(folder) for folder in sorted(ROOT.glob("*/*")) if folder.is_dir()]


def keep(kept: Kept) -> None:
    """Write one down."""
    folder = ROOT / kept.name
    for name, raw in kept.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    (folder / "state.bin").write_bytes(kept.state)
    story = {key: value for key, value in vars(kept).items() if key not in ("name", "files", "state")}
    (folder / "story.json").write_bytes(to_bytes(story))


def _read(folder: Path) -> Kept:
    files = {name: raw for name, raw in read_folder(folder).items() if name.endswith((".bpmn", ".dmn"))}
    story = from_bytes((folder / "story.json").read_bytes())
    return Kept(str(folder.relative_to(ROOT)), files, (folder / "state.bin").read_bytes(), **story)


def world_with(limits: Iterable[str], now: datetime) -> World:
    """This time, and limits of these names."""
    text = "".join(
        f'[{name}]\nname = "{name}"\n{_WARNING if name.endswith("warning") else ""}[[{name}.since]]\n'
        'from = 2025-01-01\nvalue = "4 working hours"\nsource = "test"\n'
        for name in limits
    )
    return World(now.astimezone(CALENDAR.zone), Limits.read(text), CALENDAR)


_WARNING = 'counts = "before due"\n'


def go_on(program: Program, state: bytes, moves: Iterable[Move], world: World) -> Iterator[tuple[Step, World]]:
    """Make the moves, each from the bytes of the last; verbs are answered at once, the world goes on with the clock."""
    for move in moves:
        world = World(world.now + timedelta(hours=move.get("wait", 0)), world.limits, world.calendar)
        step = answered(program, _moved(program, state, move, world), world)
        yield step, world
        state = step.state


def what_is_open(instance: Instance) -> list[str]:
    """The open tasks as step@unit."""
    return sorted(_name(instance, task) for task in instance.open_tasks().values())


def _moved(program: Program, state: bytes, move: Move, world: World) -> Step:
    if "deliver" in move:
        return deliver(program, state, move["deliver"], move["payload"], world)
    if "wait" in move:
        return tick(program, state, world)
    instance, name = Instance.restore(program, state, world), f"{move['do']}@{move['of']}"
    task = next(key for key, task in instance.open_tasks().items() if _name(instance, task) == name)
    return complete(program, state, task, move["answers"], move["outcome"], world)


def _name(instance: Instance, task: Any) -> str:
    return f"{instance.element(task).id}@{groups(task)[0][1]}"
