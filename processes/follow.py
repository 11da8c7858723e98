"""What follows from an engine step in the service: verbs asked for, substitutes for empty posts, units concerned.

Every command, and the clock, goes through `begin` or `move_on`; both write in the caller's transaction. A verb is done
before its step is written. When it fails, the command is undone and done again with that verb put off: the step is
written with the service task still waiting, and a job tries the verb again (`settle`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from engine.incidents import report
from engine.step import Asked, OpenTask, Step
from engine.store.agenda import job, verb_key
from engine.store.database import Database
from engine.store.keep import Act, Kept, keep, keep_first
from engine.store.rows import add_rows
from engine.store.tables_jobs import JobRow
from processes.ask import VerbFailed, ask
from processes.installation import Installation
from processes.pack import Pack
from processes.papers import PaperStore
from processes.people import holders
from processes.substitutes import Find, steps_done, with_substitutes
from processes.tables import ConcernRow

T = TypeVar("T")

PutOff = Mapping[str, str]
"""Service tasks (element ids) whose verb is not tried now, and why not."""

DEFAULT_ATTEMPTS = 3


@dataclass(frozen=True)
class Moved:
    """A step that was written; call `committed` after the commit, so that the live case is kept warm."""

    kept: Kept
    step: Step
    committed: Callable[[], None]


def settle(db: Database, act: Callable[[Session, PutOff], T]) -> T:
    """Do one command in one transaction; where a verb fails, undo it and do it again with that verb put off."""
    put_off: dict[str, str] = {}
    while True:
        try:
            with db.write() as session:
                return act(session, put_off)
        except VerbFailed as failed:
            if failed.element in put_off:
                raise
            put_off[failed.element] = failed.why


def begin(
    session: Session,
    inst: Installation,
    pack: Pack,
    at: Kept,
    step: Step,
    act: Act,
    raised: OpenTask | None = None,
    put_off: PutOff | None = None,
    *,
    staff: int | None = None,
) -> Moved:
    """Write the first step of a case that was found, with its first task, `raised`, already done if a person began it.

    Without `put_off` (the clock) every verb becomes a job of its own. `staff`: as for `move_on`.
    """
    late = _all_late(step) if put_off is None else put_off
    step = _asked(session, inst.papers, pack, at, step, act, late)
    did = [(raised.step, act.by or "")] if raised else []
    step = with_substitutes(_finder(session, inst, pack, staff), pack, step, did)
    return _moved(session, inst, at, keep_first(session, at, step, act, raised), step, act, late)


def move_on(
    session: Session,
    inst: Installation,
    pack: Pack,
    before: Kept,
    step: Step,
    act: Act,
    put_off: PutOff | None = None,
    *,
    staff: int | None = None,
) -> Moved:
    """Write the next step of a case; without `put_off` (the clock) every verb becomes a job of its own.

    `staff` is the state of the county's posts (processes.staff) that was read under the case's lock; without it the
    database is asked. Raises Stale.
    """
    late = _all_late(step) if put_off is None else put_off
    step = _asked(session, inst.papers, pack, before, step, act, late)
    find = _finder(session, inst, pack, staff)
    step = with_substitutes(find, pack, step, steps_done(session, before, step, act))
    return _moved(session, inst, before, keep(session, before, step, act), step, act, late)


def _finder(session: Session, inst: Installation, pack: Pack, staff: int | None) -> Find:
    if staff is None:
        return partial(holders, session, pack.code)
    return partial(inst.staff.holders, session, pack.code, as_of=staff)


def _all_late(step: Step) -> PutOff:
    return dict.fromkeys((asked.element for asked in step.asked), "")


def _asked(session: Session, papers: PaperStore, pack: Pack, at: Kept, step: Step, act: Act, put_off: PutOff) -> Step:
    """The step with every verb done that is not put off, and what followed from that."""
    tried: set[str] = set()
    while todo := [asked for asked in step.asked if asked.key in step.asking - tried and asked.element not in put_off]:
        tried.add(todo[0].key)
        step = ask(session, papers, pack, at, step, todo[0], act)
    return step


def _moved(
    session: Session,
    inst: Installation,
    before: Kept,
    kept: Kept,
    step: Step,
    act: Act,
    put_off: PutOff,
) -> Moved:
    _concern(session, before, kept)
    rows = [_verb_job(kept, asked, act, put_off[asked.element]) for asked in step.asked if asked.key in step.asking]
    add_rows(session, JobRow, rows)
    if _is_stuck(step):
        report(session, kept.county, "stuck", "流程图", STUCK, act.at, case_id=kept.case_id)
    return Moved(kept, step, lambda: inst.hot.put(kept, step))


STUCK = "事项没有办结，却没有待办、没有定时、也没有在等消息：流程图在这里走不下去了"


def _is_stuck(step: Step) -> bool:
    """Alive, but nobody and nothing can ever move it on."""
    return not (step.ended or step.open_ids or step.timers or step.awaited or step.asking)


def _verb_job(kept: Kept, asked: Asked, act: Act, failed: str) -> dict[str, object]:
    """The job that tries a verb: at once when it was only put off, by the rule on the step when it has failed."""
    every = asked.retry.every if asked.retry else None
    row = job(
        kept.county,
        "verb",
        act.at + every if failed and every else act.at,
        case_id=kept.case_id,
        key=verb_key(asked.key),
        payload={
            "key": asked.key,
            "verb": asked.verb,
            "element": asked.element,
            "name": asked.name,
            "inputs": asked.inputs,
            "every": every,
        },
        max_attempts=asked.retry.times + 1 if asked.retry else DEFAULT_ATTEMPTS,
    )
    return row | ({"attempts": 1, "error": failed} if failed else {"error": None})


def _concern(session: Session, before: Kept, kept: Kept) -> None:
    """Note the units that now have a part in the case, those not noted yet."""
    fresh = sorted(kept.units - before.units)
    rows = [{"county": kept.county, "case_id": kept.case_id, "unit": unit} for unit in fresh]
    add_rows(session, ConcernRow, rows)
