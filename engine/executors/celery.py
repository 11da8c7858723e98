"""Celery as a carrier, and no more: a dispatcher leases due jobs and sends (county, job, token), a task does each.

The job table stays the truth. A message that is lost, late or doubled costs nothing: the lease ends and the job is sent
anew under another token, or the token is no longer the job's and the message is dropped. Hence no eta, no countdown, no
retries and no results of Celery's own. Needs the extra `[cluster]`; nothing else imports this module.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from celery import Celery

from engine.executors.executor import CEILING, Clock, Executor, Rests, never
from engine.executors.renewal import renewing
from engine.jobs import Job, Work, run
from engine.leases import LEASE, claim, release, still_leased, take_over
from engine.store.database import Database

TASK = "whistle.job"
_ON_THE_WAY = 64
"""How many jobs a dispatcher has on the way at most: what waits in a queue for longer than its lease is sent again."""
_SETTINGS = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_publish_retry": False,
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "broker_connection_retry_on_startup": True,
    "accept_content": ["json"],
}


def carrier(broker: str, means: Callable[[], tuple[Database, Work]], clock: Clock) -> Celery:
    """The Celery application: `broker` is redis://… or amqp://…; `means` opens, once in a process, what jobs need."""
    app = Celery("whistle", broker=broker)
    app.conf.update(_SETTINGS)
    if broker.startswith("amqp"):
        app.conf.broker_transport_options = {"confirm_publish": True}

    @app.task(name=TASK)  # type: ignore[untyped-decorator]  # Celery is untyped
    def carry(county: str, job_id: str, token: str) -> None:
        db, work = means()
        job = take_over(db, county, job_id, token, clock())
        if job is not None:
            with work.holding([job]), renewing(db, work, clock):
                run(db, job, clock(), work)

    return app


class Dispatch:
    """Leases due jobs and sends them."""

    def __init__(self, db: Database, app: Celery, clock: Clock) -> None:
        self._db, self._app, self._clock = db, app, clock
        self._sent: list[Job] = []

    def take(self, stopping: Callable[[], bool]) -> int:
        """Send what is due, as far as there is room on the way."""
        self._sent = still_leased(self._db, self._sent, self._clock())
        room = _ON_THE_WAY - len(self._sent)
        leased = claim(self._db, self._clock(), most=room, begun=False) if room else []
        found = len(leased)
        try:
            while leased and not stopping():
                self._send(leased[0])
                self._sent.append(leased.pop(0))
        finally:
            release(self._db, leased, begun=False)
        return found

    def _send(self, job: Job) -> None:
        self._app.send_task(TASK, (job.county, job.id, job.token), expires=LEASE.total_seconds())


def dispatcher(
    db: Database, app: Celery, clock: Clock, *, ceiling: timedelta = CEILING, rests: Rests = never
) -> Executor:
    """An executor that has the jobs done by Celery workers; several may run, for none relies on being alone."""
    return Executor("dispatcher", db, Dispatch(db, app, clock), clock, ceiling=ceiling, rests=rests)
