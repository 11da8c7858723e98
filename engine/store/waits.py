"""What a case awaits, and what it throws: rows that let a message find its one receiver by an indexed lookup."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from engine.step import Step, Thrown, Wait
from engine.store.agenda import job
from engine.store.rows import add_rows
from engine.store.tables_jobs import JobRow
from engine.store.tables_messages import MessageRow, WaitRow

KEPT_FOR = timedelta(days=30)
"""How long a message that nobody awaits is kept, unless its sender says otherwise."""


def renew_waits(session: Session, county: str, case_id: str, step: Step, now: datetime, *, first: bool = False) -> None:
    """Write what the case awaits now, and have messages delivered that came before it did."""
    if not first:
        session.execute(delete(WaitRow).where(WaitRow.county == county, WaitRow.case_id == case_id))
    rows = [
        {
            "county": county,
            "case_id": case_id,
            "task_id": wait.task_id,
            "kind": wait.kind,
            "name": wait.name,
            "key": wait.key or case_id,
            "element": wait.element,
        }
        for wait in step.awaited
    ]
    if rows:
        session.execute(insert(WaitRow), rows)
        _wake_kept(session, county, case_id, step.awaited, now)


def throw(session: Session, county: str, case_id: str, thrown: Iterable[Thrown], now: datetime) -> None:
    """Send what a step threw: messages are kept until delivered, signals go to all who wait when their job is done."""
    for each in thrown:
        if each.kind == "message":
            keep_message(session, county, each.id, each.name, each.key or case_id, each.values, now)
        else:
            job_row = signal_job(county, each.id, each.name, each.values, now, thrower=case_id)
            add_rows(session, JobRow, [job_row])


def signal_job(
    county: str, id: str, name: str, values: object, now: datetime, *, thrower: str | None = None
) -> dict[str, object]:
    """The job that spreads a signal to every case that waits for it, but not to the `thrower`, which has caught it."""
    payload = {"id": id, "name": name, "values": values, "thrower": thrower}
    return job(county, "signal", now, key=f"signal:{id}", payload=payload)


def note_signal(session: Session, county: str, id: str, name: str, values: object, now: datetime) -> None:
    """Note a signal from outside by its id, so that it is known when it comes again, and have it spread."""
    noted = {"county": county, "id": id, "name": name, "key": "", "payload": {}, "state": "spread"}
    times = {"received_at": now, "keep_until": now + KEPT_FOR, "settled_at": now}
    session.execute(insert(MessageRow).values(**noted, **times))
    add_rows(session, JobRow, [signal_job(county, id, name, values, now)])


def keep_message(
    session: Session,
    county: str,
    id: str,
    name: str,
    key: str,
    payload: object,
    now: datetime,
    *,
    keep_for: timedelta = KEPT_FOR,
) -> None:
    """Keep a message by its id and put its delivery on the agenda; the caller has seen that the id is new."""
    session.execute(
        insert(MessageRow).values(
            county=county,
            id=id,
            name=name,
            key=key,
            payload=payload,
            received_at=now,
            keep_until=now + keep_for,
            state="kept",
        )
    )
    add_rows(session, JobRow, [job(county, "deliver", now, key=f"deliver:{id}", payload={"message": id})])


def _wake_kept(session: Session, county: str, case_id: str, awaited: tuple[Wait, ...], now: datetime) -> None:
    """Deliver at once what has been kept for these waits."""
    wanted = {(wait.name, wait.key or case_id) for wait in awaited if wait.kind == "message"}
    if not wanted:
        return
    kept = select(MessageRow.id).where(
        MessageRow.county == county, MessageRow.state == "kept", tuple_(MessageRow.name, MessageRow.key).in_(wanted)
    )
    keys = [f"deliver:{id}" for id in session.scalars(kept)]
    if keys:
        session.execute(update(JobRow).where(JobRow.county == county, JobRow.key.in_(keys)).values(due_at=now))
