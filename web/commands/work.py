"""`whistle work` and `whistle dispatch`: the processes that do what is due, or have it done by Celery workers."""

from __future__ import annotations

from datetime import timedelta

import click

from engine.executors.worker import work as keep_going
from web.clock import Clock
from web.serving import clock, set_up
from web.settings import Settings


@click.command()
def work() -> None:
    """执行到期的事：提醒、亮灯、定时器、短信。Do what is due; any number of these may run side by side.

    Ctrl-C or SIGTERM lets it finish the job in hand.
    """
    settings = Settings()
    inst = set_up(settings)
    click.echo("计时已启动 · The clock is running (Ctrl-C to stop).")
    keep_going(clock(settings, inst))
    inst.db.close()


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
    click.echo("派发已启动 · Dispatching to the broker (Ctrl-C to stop).")
    keep_going(dispatcher(inst.db, app, its.now, ceiling=timedelta(seconds=settings.tick_seconds), rests=its.is_held))
    inst.db.close()
