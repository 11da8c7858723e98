"""`whistle demo`: an empty demonstration filled with made-up months, played by the service itself up to this moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from processes.demo.fill import Wanted, fill, refuse_used
from processes.installation import Installation
from processes.queries.counties import only_county
from web.clock import Clock
from web.commands.county import refusals_told
from web.serving import set_up
from web.settings import Settings

A_MONTH = 83
"""How many cases a month has where nobody says: 500 in half a year."""


@click.command("demo")
@click.option("--months", type=click.IntRange(1, 24), default=6, show_default=True, help="How many months, up to now.")
@click.option("--cases", type=click.IntRange(1, 5000), help=f"How many cases. Default: {A_MONTH} a month.")
@click.option("--seed", default="1", show_default=True, help="Another word, another county; the same, the same again.")
@click.option("--data", type=click.Path(path_type=Path), help="Where database and papers are kept. Default: var.")
@click.option("--clock/--no-clock", default=None, help="For a rehearsal whose clock can be moved, as in `serve`.")
def demo(months: int, cases: int | None, seed: str, **given: Any) -> None:
    """生成演示数据：编出几个月的哨单，由系统自己走一遍。Fill an empty demonstration with made-up months.

    People who do not exist raise, dispatch, handle and rate matters that never happened; every step goes through the
    real service in a time of its own, which ends now. Half a year of 500 cases takes one to three minutes. Afterwards
    `make run` (or `whistle serve --demo` with the same --data) shows it.

    Only an empty installation is filled: never one with cases or real people in it. Stop the service before. The
    database is that of `whistle serve`: the embedded one in --data, or what WHISTLE_DATABASE names.
    """
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    wanted = Wanted(months, cases or A_MONTH * months, seed)
    with refusals_told(), _empty(settings) as inst:
        _make_up(inst, wanted)
    click.echo("现在可以 make run（或 whistle serve --demo）打开看。Now: make run, or whistle serve --demo.")


@contextmanager
def _empty(settings: Settings) -> Iterator[Installation]:
    """The installation, looked at before anybody made up is let in."""
    for demo in (False, True):
        inst = set_up(settings.model_copy(update={"demo": demo}), serving=True)
        try:
            refuse_used(inst)
            if demo:
                yield inst
        finally:
            inst.db.close()


def _make_up(inst: Installation, wanted: Wanted) -> None:
    with inst.db.read() as session:
        pack = only_county(inst, session)
    asked = f"{pack.name}：编 {wanted.months} 个月、{wanted.cases} 件，请稍等。"
    click.echo(f"{asked}Making up {wanted.months} months, {wanted.cases} cases.")
    began = Clock.machine()
    told = fill(inst, wanted, Clock(inst).now(), lambda at, told: _tell(pack.calendar.local(at), told, began))
    click.echo(f"完成：{_counted(told)}，用时 {_seconds(began)} 秒。Done.")


def _tell(at: datetime, told: Counter[str], began: datetime) -> None:
    """A line for each week that has passed there."""
    if at.weekday() == 0:
        click.echo(f"{at:%Y-%m-%d}  {_counted(told)}（{_seconds(began)} 秒）")


def _seconds(began: datetime) -> int:
    return round((Clock.machine() - began).total_seconds())


def _counted(told: Counter[str]) -> str:
    return f"提出 {told['begun']} 件，办了 {told['done']} 步，系统做了 {told['by itself']} 次"
