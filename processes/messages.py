"""Messages and signals from outside: taken in once by their id, and unfit ones not at all.

A message is kept until a case or a start event waits for it, and delivered to exactly one; a signal goes to all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.jobs import run
from engine.leases import lease
from engine.outside_values import fit_text, taken_in
from engine.store.tables_jobs import JobRow
from engine.store.tables_messages import MessageRow, WaitRow
from engine.store.waits import KEPT_FOR, keep_message, note_signal
from processes.agenda import work_of
from processes.deliveries import receiver_of
from processes.installation import Installation

_LONGEST_ID, _LONGEST = 100, 200


class UnknownMessage(Rejected):
    """No diagram of this county knows this message."""

    code = "unknown_message"
    message = "流程图里没有名为“{name}”的消息。"
    advice = "请核对消息名称。"


@dataclass(frozen=True)
class Message:
    """A message from outside: `id` is its sender's (signals count too), `key` the correlation key.

    Without a key only a start event can receive it.
    """

    id: str
    name: str
    key: str
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """What became of a message: kept, delivered (to `case_id`) or expired."""

    state: str
    case_id: str | None


def send(
    inst: Installation, county: str, message: Message, *, now: datetime, keep_for: timedelta = KEPT_FOR
) -> Receipt:
    """Take in a message and deliver it if a case waits for it; sent again with the same id, it says what became of it.

    Raises UnknownMessage, AmbiguousReceiver, UnfitValue: then nothing is kept.
    """
    fitting = replace(message, payload=fit(message.id, message.name, message.key, message.payload))
    try:
        with inst.db.write() as session:
            _take_in(inst, session, county, fitting, now, keep_for)
    except IntegrityError:
        pass  # the same message came twice at once, and the other was faster
    _deliver_now(inst, county, f"deliver:{message.id}", now)
    with inst.db.read() as session:
        row = session.get_one(MessageRow, (county, message.id))
        return Receipt(row.state, row.case_id)


def broadcast(
    inst: Installation, county: str, id: str, name: str, values: Mapping[str, object], *, now: datetime
) -> None:
    """Send a signal to every case that waits for it now, and to every start event of its name.

    Sent again with the same id, nothing happens. Raises UnknownMessage, UnfitValue.
    """
    carried = fit(id, name, "", values)
    try:
        with inst.db.write() as session:
            if session.get(MessageRow, (county, id)) is None:
                _refuse_unknown(inst, session, county, name)
                note_signal(session, county, id, name, carried, now)
    except IntegrityError:
        pass  # the same signal came twice at once, and the other was faster


def fit(id: str, name: str, key: str, payload: Mapping[str, object]) -> dict[str, object]:
    """What a message or signal carries as plain values; raises UnfitValue for what could not be kept or found again."""
    fit_text("id", id, _LONGEST_ID)
    fit_text("name", name, _LONGEST)
    if key:
        fit_text("key", key, _LONGEST)
    return taken_in(payload)


def _take_in(
    inst: Installation, session: Session, county: str, message: Message, now: datetime, keep_for: timedelta
) -> None:
    if session.get(MessageRow, (county, message.id)) is not None:
        return
    _refuse_unknown(inst, session, county, message.name)
    receiver_of(session, county, message.name, message.key)
    keep_message(session, county, message.id, message.name, message.key, message.payload, now, keep_for=keep_for)


def _deliver_now(inst: Installation, county: str, key: str, now: datetime) -> None:
    """Do the delivery at once instead of waiting for the clock; when that fails, the clock does it."""
    with inst.db.read() as session:
        job_id = session.scalar(
            select(JobRow.id).where(JobRow.county == county, JobRow.key == key, JobRow.state == "ready")
        )
    job = lease(inst.db, county, job_id, now) if job_id else None
    if job is not None:
        run(inst.db, job, now, work_of(inst))


def _refuse_unknown(inst: Installation, session: Session, county: str, name: str) -> None:
    waits = select(WaitRow.case_id).where(WaitRow.county == county, WaitRow.name == name).limit(1)
    if name not in inst.current_pack(session, county).program.messages and session.scalar(waits) is None:
        raise UnknownMessage(name=name)
