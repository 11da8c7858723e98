"""Handing a message to the one case that waits for it, or to the start event that does: each delivery is a job.

It locks the case that waits, and nothing else, so that two cases that write to each other never wait for each other.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.incidents import report
from engine.jobs import Afterwards, Job
from engine.run import deliver
from engine.store.agenda import job as new_job
from engine.store.cases import take_up
from engine.store.keep import Act, Fact
from engine.store.rows import add_rows
from engine.store.tables_jobs import JobRow
from engine.store.tables_messages import MessageRow, WaitRow
from processes.beginnings import begin_by_itself, waiting_starts
from processes.follow import move_on
from processes.installation import Installation

LOOKS_AGAIN = (timedelta(seconds=2), timedelta(hours=1))
"""A kept message is offered again after the first span, then ever later, at most the second: a case that began to wait
wakes it at once; only one that did so in the very same moment needs this."""


class AmbiguousReceiver(Rejected):
    """More than one case waits for this message with this key."""

    code = "ambiguous_receiver"
    message = "有 {count} 件事同时在等消息“{name}”（{key}），无法确定交给哪一件。"
    advice = "请流程管理员核对该消息的关联键（correlation_key），它应当只对应一件事。"


def find_receiver(session: Session, job: Job) -> str | None:
    """The case that a delivery must lock before it begins."""
    row = session.get(MessageRow, (job.county, str(job.payload["message"])))
    return receiver_of(session, job.county, row.name, row.key) if row is not None else None


def receiver_of(session: Session, county: str, name: str, key: str) -> str | None:
    """The one case that waits for a message with this key, or None; raises AmbiguousReceiver."""
    waiting = select(WaitRow.case_id).where(
        WaitRow.county == county, WaitRow.name == name, WaitRow.key == key, WaitRow.kind == "message"
    )
    cases = set(session.scalars(waiting.limit(10)))
    if len(cases) > 1:
        raise AmbiguousReceiver(count=len(cases), name=name, key=key)
    return next(iter(cases), None)


def deliver_message(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards | None:
    """Job `deliver`: hand a kept message to the one case that waits for it, begin one, or keep it for longer."""
    row = session.get(MessageRow, (job.county, str(job.payload["message"])))
    if row is None or row.state != "kept":
        return None
    receiver = receiver_of(session, job.county, row.name, row.key)
    if receiver is None:
        return _begin_or_keep(inst, session, job, row, now)
    before, state = take_up(session, job.county, receiver, inst.hot)
    pack = inst.pack(session, job.county, before.digest)
    key = "" if row.key == receiver else row.key  # who asks for no key is found by the case's own id
    step = deliver(pack.program, state, row.name, row.payload, pack.world(now), key=key)
    row.state, row.case_id, row.settled_at = "delivered", receiver, now
    told = Fact("MessageDelivered", {"message": row.name, "key": row.key, "id": row.id})
    return move_on(session, inst, pack, before, step, Act(now, facts=(told,))).committed


def _begin_or_keep(inst: Installation, session: Session, job: Job, row: MessageRow, now: datetime) -> Afterwards | None:
    """Begin the case whose start event waits for it, in the folder that new cases use; else keep the message."""
    pack = inst.current_pack(session, job.county)
    waiting = waiting_starts(pack, "message", row.name)
    if not waiting:
        _keep_on(session, job, row, now)
        return None
    start, event = waiting[0]  # the only one: `check` refuses a folder that has two
    moved = begin_by_itself(session, inst, pack, start, event, row.payload, now, id=row.id)
    row.state, row.case_id, row.settled_at = "delivered", moved.kept.case_id, now
    return moved.committed


def _keep_on(session: Session, job: Job, row: MessageRow, now: datetime) -> None:
    """Look again later, until its time is over: then it is expired, and a person learns of it."""
    if now >= row.keep_until:
        row.state, row.settled_at = "expired", now
        why = f"消息“{row.name}”（{row.key}）在期限内没有事项接收"
        report(session, job.county, "deliver", row.name, why, now)
        return
    shortest, longest = LOOKS_AGAIN
    later = min(max(now - row.received_at, shortest), longest)
    again = new_job(job.county, "deliver", min(now + later, row.keep_until), key=job.key, payload=job.payload)
    add_rows(session, JobRow, [again])
