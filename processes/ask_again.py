"""The job of a verb that was put off: tried by the rule on its step, then an incident for a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.jobs import Afterwards, Job
from engine.model.retry_text import Retry
from engine.run import answer as answer_verb
from engine.run import tick
from engine.step import Asked
from engine.store.cases import take_up
from engine.store.keep import Act, Fact
from processes.ask import ask
from processes.follow import move_on
from processes.installation import Installation


def ask_again(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards | None:
    """Job `verb`: do the verb and take its case on; what it asks for next becomes jobs of their own."""
    before, state = take_up(session, job.county, job.case, inst.hot)
    pack = inst.pack(session, job.county, before.digest)
    standing = tick(pack.program, state, pack.world(now))
    asked = _asked(job)
    if asked.key not in standing.asking:
        return None
    act = Act(now, facts=(Fact("VerbDone", {"element": asked.element, "verb": asked.verb, "attempt": job.attempts}),))
    step = ask(session, inst.papers, pack, before, standing, asked, act)
    return move_on(session, inst, pack, before, step, act).committed


def go_on_without(
    inst: Installation, session: Session, job: Job, by: str | None, now: datetime, reason: str
) -> Afterwards:
    """Skip the verb of a dead job: its service task ends without a result, and the journal says why."""
    before, state = take_up(session, job.county, job.case, inst.hot)
    pack = inst.pack(session, job.county, before.digest)
    step = answer_verb(pack.program, state, str(job.payload["key"]), {}, pack.world(now))
    told = Fact("VerbSkipped", {"element": job.payload["element"], "verb": job.payload["verb"], "reason": reason})
    return move_on(session, inst, pack, before, step, Act(now, by, facts=(told,))).committed


def _asked(job: Job) -> Asked:
    payload: Any = job.payload
    every = payload["every"]
    retry = Retry(job.max_attempts - 1, every) if isinstance(every, timedelta) else None
    return Asked(payload["key"], payload["verb"], payload["element"], payload["name"], payload["inputs"], retry)
