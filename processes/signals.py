"""Spreading a signal: to every case that waits for it now, and to every start event of its name; each a job.

The case that threw it is left out: what waited there caught it in the same step, and what began to wait there
afterwards came too late for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.jobs import Afterwards, Job
from engine.run import deliver
from engine.store.agenda import job as new_job
from engine.store.cases import take_up
from engine.store.keep import Act, Fact
from engine.store.rows import add_rows
from engine.store.tables_jobs import JobRow
from engine.store.tables_messages import WaitRow
from processes.beginnings import begin_by_itself, waiting_starts
from processes.follow import move_on
from processes.installation import Installation


def spread_signal(inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `signal`: one job for each case that waits for the signal now, and for each start event that does."""
    add_rows(session, JobRow, [*_deliveries(session, job, now), *_starts(inst, session, job, now)])


def deliver_signal(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards | None:
    """Job `signal_case`: hand a signal to one case; one that has moved on meanwhile no longer needs it."""
    name = str(job.payload["name"])
    before, state = take_up(session, job.county, job.case, inst.hot)
    waits = select(WaitRow.case_id).where(
        WaitRow.county == job.county, WaitRow.case_id == job.case, WaitRow.kind == "signal", WaitRow.name == name
    )
    if session.scalar(waits.limit(1)) is None:
        return None
    pack = inst.pack(session, job.county, before.digest)
    step = deliver(pack.program, state, name, _carried(job), pack.world(now), kind="signal")
    told = Fact("SignalDelivered", {"signal": name})
    return move_on(session, inst, pack, before, step, Act(now, facts=(told,))).committed


def begin_by_signal(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards | None:
    """Job `signal_start`: begin a case at one start event; one no longer drawn begins nothing."""
    pack = inst.current_pack(session, job.county)
    at = (str(job.payload["process"]), str(job.payload["event"]))
    for start, event in waiting_starts(pack, "signal", str(job.payload["name"])):
        if (event.process, event.event) == at:
            id = str(job.payload["id"])
            return begin_by_itself(session, inst, pack, start, event, _carried(job), now, id=id).committed
    return None


def _deliveries(session: Session, job: Job, now: datetime) -> Iterator[dict[str, Any]]:
    name, id, thrower = str(job.payload["name"]), str(job.payload["id"]), job.payload.get("thrower")
    waiting = select(WaitRow.case_id).where(
        WaitRow.county == job.county, WaitRow.name == name, WaitRow.kind == "signal"
    )
    for case_id in sorted(set(session.scalars(waiting)) - {thrower}):
        key = f"signal:{id}:{case_id}"
        yield new_job(job.county, "signal_case", now, case_id=case_id, key=key, payload=job.payload)


def _starts(inst: Installation, session: Session, job: Job, now: datetime) -> Iterator[dict[str, Any]]:
    for _, event in waiting_starts(inst.current_pack(session, job.county), "signal", str(job.payload["name"])):
        payload = {**job.payload, "process": event.process, "event": event.event}
        yield new_job(job.county, "signal_start", now, payload=payload)


def _carried(job: Job) -> Mapping[str, object]:
    values = job.payload["values"]
    return values if isinstance(values, dict) else {}
