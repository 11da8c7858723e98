"""What the service could not do by itself: kept until a person has it tried again, or skips it with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.store.tables_jobs import IncidentRow, JobRow

LONGEST_REASON = 2000
LONGEST_PLACE = 200


class NoSuchIncident(Rejected):
    """There is no such incident, or it is closed."""

    code = "no_such_incident"
    message = "没有这个待处理的故障，或已有人处理。"
    advice = "请刷新故障列表，以最新的情况为准。"


class CannotSkip(Rejected):
    """The incident cannot be skipped."""

    code = "cannot_skip"
    message = "“{place}”不能跳过：跳过后事项就无法继续。"
    advice = "请修正原因后点“重试”。"


class CannotRetry(Rejected):
    """There is nothing to try again."""

    code = "cannot_retry"
    message = "“{place}”没有可以重试的工作。"
    advice = "请先处置事项本身，再写明理由关闭这个故障。"


class ReasonMissing(Rejected):
    """Skipping an incident needs a reason."""

    code = "reason_missing"
    message = "跳过故障须写明理由。"
    advice = "请写明为什么可以不做这一步，理由会记入日志。"


def open_incident(session: Session, job: JobRow, error: str, now: datetime) -> None:
    """Put a dead job before people."""
    place = str((job.payload or {}).get("name") or job.kind)
    report(session, job.county, job.kind, place, error, now, case_id=job.case_id, job_id=job.id)


def report(
    session: Session,
    county: str,
    kind: str,
    place: str,
    error: str,
    now: datetime,
    *,
    case_id: str | None = None,
    job_id: str | None = None,
) -> None:
    """Open an incident; `place` is what people call what went wrong, `error` what the machine said."""
    session.add(
        IncidentRow(
            county=county,
            id=uuid4().hex,
            case_id=case_id,
            job_id=job_id,
            kind=kind,
            place=place[:LONGEST_PLACE],
            error=error,
            opened_at=now,
        )
    )
    session.flush()


def find_open(session: Session, county: str, incident_id: str) -> IncidentRow:
    """The open incident, locked; raises NoSuchIncident."""
    row = session.get(IncidentRow, (county, incident_id), with_for_update=True)
    if row is None or row.closed_at is not None:
        raise NoSuchIncident
    return row


def list_open(session: Session, county: str) -> list[IncidentRow]:
    """The open incidents of a county, oldest first."""
    query = select(IncidentRow).where(IncidentRow.county == county, IncidentRow.closed_at.is_(None))
    return list(session.scalars(query.order_by(IncidentRow.opened_at, IncidentRow.id)))


def retry(session: Session, incident: IncidentRow, by: str | None, now: datetime) -> None:
    """Have the incident's job tried again, from its first attempt; raises CannotRetry where there is none."""
    if incident.job_id is None:
        raise CannotRetry(place=incident.place)
    again = update(JobRow).where(JobRow.county == incident.county, JobRow.id == incident.job_id, JobRow.state == "dead")
    session.execute(again.values(state="ready", attempts=0, due_at=now, lock_token=None, lock_until=None))
    _close(incident, "retried", by, now)


def skip(session: Session, incident: IncidentRow, by: str | None, now: datetime, *, reason: str) -> JobRow | None:
    """Close the incident without its job being done; returns the job that was taken off the agenda.

    Raises CannotSkip for a timer, without which its case would stand still for ever, and ReasonMissing.
    """
    if incident.kind == "tick":
        raise CannotSkip(place=incident.place)
    if not reason.strip():
        raise ReasonMissing
    job = session.get(JobRow, (incident.county, incident.job_id)) if incident.job_id else None
    if job is not None:
        session.expunge(job)
        session.execute(delete(JobRow).where(JobRow.county == incident.county, JobRow.id == job.id))
    incident.reason = reason.strip()[:LONGEST_REASON]
    _close(incident, "skipped", by, now)
    return job


def close_gone(session: Session, county: str, now: datetime) -> int:
    """Close incidents whose job is no longer there: the case moved on by another way. Returns how many."""
    job = select(JobRow.id).where(JobRow.county == county, JobRow.id == IncidentRow.job_id, JobRow.state == "dead")
    gone = (IncidentRow.county == county, IncidentRow.closed_at.is_(None), IncidentRow.job_id.is_not(None))
    closed = session.execute(update(IncidentRow).where(*gone, ~job.exists()).values(closed_at=now, how="gone"))
    return int(closed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result counts its rows


def _close(incident: IncidentRow, how: str, by: str | None, now: datetime) -> None:
    incident.closed_at, incident.closed_by, incident.how = now, by, how
