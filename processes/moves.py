"""What an asked verb does to its own case, then the answer: the same on a site and in a story."""

from __future__ import annotations

from collections.abc import Mapping

from engine.run import answer
from engine.spiff.program import Program
from engine.step import Asked, Step, both
from engine.world import World
from processes.verbs import VERBS, Move, Moving


def moved(program: Program, step: Step, asked: Asked, world: World) -> Step:
    """The step with what the verb did to its case: nothing, unless it is a move.

    Raises BusinessError, VerbMisused, DiagramFault.
    """
    verb = VERBS.get(asked.verb)
    if not isinstance(verb, Move):
        return step
    return both(step, verb.act(Moving(program, step.live, asked, world)))


def answered(program: Program, step: Step, asked: Asked, result: Mapping[str, object], world: World) -> Step:
    """The step with the verb's service task answered, unless the move took that away with the instance it stood in."""
    if asked.key not in step.asking:
        return step
    return both(step, answer(program, step.live, asked.key, result, world))
