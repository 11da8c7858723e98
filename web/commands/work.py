"""`whistle work` and `whistle dispatch`: the processes that do what is due, or have it done by Celery workers."""

from __future__ import annotations

from datetime import timedelta

import click

from engine.executors import Executor
from engine.executors.worker import work as keep_going
from processes.installation import Installation
from web.clock import Clock
from web.leaving import leave
from web.serving import clock, set_up
from web.settings import Settings


@click.command()
def work() -> None:
    """执行到期的事：提醒、亮灯、定时器、短信。Do what is due; any number of these may run side by side.

    Ctrl-C or SIGTERM lets it finish the job in hand, for WHISTLE_PATIENCE_SECONDS (30) at most.
    """
    settings = Settings()
    inst = set_up(settings)
    _keep_going(inst, settings, clock(settings, inst), "计时已启动 · The clock is running (Ctrl-C to stop).")


@click.command()
def dispatch() -> None:
    """把到期的事交给 Celery 执行。Send what is due to Celery workers, through the broker that WHISTLE_BROKER names.

    Needs the extra [cluster]; the workers are `celery -A web.cluster worker`.
    """
    settings = Settings()
    if not settings.broker:
        raise click.UsageError("请设置 WHISTLE_BROKER（redis://… 或 amqp://…）。WHISTLE_BROKER is not set.")
    from engine.executors.celery import dispatcher  # noqa: PLC0415  # the extra may not be installed
    from web.cluster import app  # noqa: PLC0415  # the extra may not be installed

    inst = set_up(settings)
    its = Clock(inst)
    sends = dispatcher(inst.db, app, its.now, ceiling=timedelta(seconds=settings.tick_seconds), rests=its.is_held)
    _keep_going(inst, settings, sends, "派发已启动 · Dispatching to the broker (Ctrl-C to stop).")


def _keep_going(inst: Installation, settings: Settings, executor: Executor, saying: str) -> None:
    patience = timedelta(seconds=settings.patience_seconds)
    leave(inst.db, finished=keep_going(executor, patience=patience, begun=lambda: click.echo(saying)))
