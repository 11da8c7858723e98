"""Moving a running case to another version of its folder, as a pure function: (old, state, new, world) → Step.

The Step opens and closes nothing: every open task keeps its id, every timer its moment, every wait its message. A case
that cannot move so is refused with the element's name and the reason, and stays on the version it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.errors import Rejected
from engine.feel import FeelError, compile_expression
from engine.model.checking import Known
from engine.model.diagram import Process
from engine.model.feel_texts import FeelText, feel_texts
from engine.model.graph import WholeProcess, reach
from engine.model.variables import seen_inside, written_by
from engine.run import stands
from engine.spiff import holding
from engine.spiff.instance import Instance
from engine.spiff.migrate import Place, in_the_way, move, places
from engine.spiff.obstacles import Obstacle
from engine.spiff.program import Program
from engine.step import Step
from engine.world import World

Promised = tuple[datetime | None, datetime | None]
"""When a task is due, and when its holders are warned."""
Need = tuple[str, bool, frozenset[str]]
"""An element, whether it asks only when it is done (so that it matters even for a step that is open), and for what."""


class CannotMigrate(Rejected):
    """The case cannot move to this version."""

    code = "cannot_migrate"
    message = "这件事不能换到新版本：{why}。"
    advice = "它将按原来的版本办完；如确需换版本，请先办过所指的步骤，或调整新版本后再试。"

    def __init__(self, found: list[Obstacle]) -> None:
        """Keep what stands in the way; the sentence names every element."""
        self.obstacles = tuple(found)
        super().__init__(why="；".join(f"“{each.name}”{each.why}" for each in found))


def migrate(old: Program, state: bytes, new: Program, world: World, known: Known) -> Step:
    """The Step that puts a case on `new`; raises CannotMigrate.

    `world` is that of the new version, `known` says what its forms ask (for what output parameters may name). The
    moved case was written, read again and compared with what stood before.
    """
    found = in_the_way(old, state, new, world) or missing_names(old, state, new, world, known)
    if found:
        raise CannotMigrate(found)
    before, step = _what_stands(stands(old, state, world)), stands(new, move(old, state, new, world), world)
    if not before == _what_stands(step) == _what_stands(stands(new, step.state, world)):
        raise CannotMigrate([Obstacle("", "流程图", "换过去以后，待办、定时或等待的消息与原来不一致")])
    return step


def deadlines(program: Program, state: bytes, worlds: Mapping[str, World]) -> Mapping[str, Promised]:
    """(due, warning) of open tasks as this version counts them, each in the world (by its id) of when it opened.

    Raises NoDeadline, DiagramFault, or what the limits say of a name they do not have.
    """
    instance = Instance.restore(program, state, next(iter(worlds.values())))
    found, tasks = {}, instance.open_tasks()
    for id, world in worlds.items():
        instance.workflow.world = world
        due, warn, _ = holding.clocks(tasks[id], "")
        found[id] = (due.at if due else None, warn.at if warn else None)
    return found


def missing_names(old: Program, state: bytes, new: Program, world: World, known: Known) -> list[Obstacle]:
    """Variables that the way ahead asks for in the new version and that nobody will have written."""
    placed = list(places(old, state, world))
    fresh = set(_missing(new, placed, known)) - set(_missing(old, placed, known))
    return sorted(Obstacle(element, name, f"要用到“{variable}”，这件事没有") for element, name, variable in fresh)


def _what_stands(step: Step) -> object:
    return step.open_ids, frozenset(step.timers), frozenset(step.awaited), step.asking, step.ended


def _missing(program: Program, placed: list[Place], known: Known) -> Iterator[tuple[str, str, str]]:
    """(element id, its name, variable) of every name ahead that is at no place and no step on the way writes."""
    for process in program.definition.processes:
        here = [place for place in placed if place.process == process.id and process.find(place.element)]
        if here:
            yield from _missing_in(process, here, [*_needs(program, process, known)], known)


def _needs(program: Program, process: Process, known: Known) -> Iterator[Need]:
    for text in feel_texts(process, known):
        if text.local is not None:
            yield text.at, bool(text.local), _names_in(text) - text.local
    for element in process.elements:
        decision = program.decisions.get(element.attributes.get("decisionRef", ""))
        if decision is not None:
            yield element.id, False, decision.names


def _missing_in(process: Process, here: list[Place], needs: list[Need], known: Known) -> Iterator[tuple[str, str, str]]:
    whole = WholeProcess(process)
    origins = {place.element for place in here}
    ahead = reach(whole.steps, [following for origin in origins for following in whole.steps.get(origin, ())])
    names = frozenset(known.functions).union(*(place.names for place in here))
    for at, when_done, wanted in needs:
        if at in ahead or (at in origins and when_done):
            on_the_way = [process.by_id[id] for id in whole.upstream(at) & (ahead | origins) if id in process.by_id]
            if any(out.everything for element in on_the_way for out in element.outs):
                continue  # a called process may bring anything
            written = frozenset().union(*(written_by(element) | seen_inside(element) for element in on_the_way))
            yield from ((at, process.by_id[at].name or at, name) for name in sorted(wanted - names - written))


def _names_in(text: FeelText) -> frozenset[str]:
    try:
        return compile_expression(text.text).names
    except FeelError:  # the linter's business
        return frozenset()
