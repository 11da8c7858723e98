"""Asking one verb and going on with what it gave back or did, or with the error boundary that catches its error."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.run import Uncaught, fail
from engine.step import Asked, Step, both
from engine.store.database import finish_up
from engine.store.keep import Act, Kept
from processes.moves import answered, moved
from processes.pack import Pack
from processes.papers import PaperStore
from processes.verbs import VERBS, Asking, BusinessError, Verb
from processes.verbs.asking import Result


class VerbFailed(Exception):
    """A verb could not be done now; whoever asked undoes everything and puts it off."""

    def __init__(self, element: str, why: str) -> None:
        """`element` is the service task's id, `why` what the machine said."""
        self.element, self.why = element, why
        super().__init__(why)


def ask(session: Session, papers: PaperStore, pack: Pack, at: Kept, step: Step, asked: Asked, act: Act) -> Step:
    """Do the verb that a service task of this step waits for, and take the step on; raises VerbFailed."""
    world = pack.world(act.at)
    try:
        result = _write(Asking(session, pack, at, asked, act, papers))
        step = moved(pack.program, step, asked, world)
    except BusinessError as error:
        try:
            return both(step, fail(pack.program, step.live, asked.key, error.code, world))
        except Uncaught as uncaught:
            raise VerbFailed(asked.element, f"{error}（{error.code}）") from uncaught
    except Exception as error:  # whatever stumbled, the step of the person who submitted must not be lost
        raise VerbFailed(asked.element, f"{type(error).__name__}: {error}") from error
    return answered(pack.program, step, asked, result or {}, world)


def _write(asking: Asking) -> Result:
    """Let the verb write its rows; a move has none. It finds done what an earlier one kept for the end."""
    finish_up(asking.session)
    verb = VERBS[asking.asked.verb]
    return verb.act(asking) if isinstance(verb, Verb) else None
