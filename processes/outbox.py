"""What leaves the house: put on the agenda with the step that wants it, sent after its commit, at least once.

Whoever receives it tells repetitions apart by the key, which stays the same however often it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.jobs import Job
from engine.store.agenda import job as new_job
from engine.store.cases import take_up
from engine.store.keep import Act, Fact, Kept, note
from engine.store.tables_jobs import JobRow


class Channel(Protocol):
    """A way out of the house."""

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """Send once more under the same key; raises when it could not be handed over."""


class NoChannel(Exception):
    """The installation has no such channel (any more)."""


def put_out(
    session: Session,
    case: Kept,
    channel: str,
    key: str,
    payload: Mapping[str, object],
    now: datetime,
    *,
    name: str = "",
) -> None:
    """Have something sent after the commit; `key` is unique in the county, `name` what people call what is sent."""
    named = {"channel": channel, "name": name or channel, "content": dict(payload)}
    row = new_job(case.county, "send", now, case_id=case.case_id, key=f"send:{key}", payload=named)
    session.execute(insert(JobRow).values(row))


def send_out(channels: Mapping[str, Channel], job: Job) -> None:
    """The outside part of job `send`."""
    channel, content = channels.get(str(job.payload["channel"])), job.payload["content"]
    if channel is None or not isinstance(content, dict):
        raise NoChannel(f"没有配置发送渠道“{job.payload['channel']}”")
    channel.send(str(job.key), content)


def note_sent(_inst: object, session: Session, job: Job, now: datetime) -> None:
    """Job `send`: it has left the house; put it on the case's record."""
    if job.case_id is not None:
        told = Fact("EffectSent", {each: str(job.payload[each]) for each in ("channel", "name")} | {"key": job.key})
        note(session, take_up(session, job.county, job.case_id)[0], Act(now, facts=(told,)))
