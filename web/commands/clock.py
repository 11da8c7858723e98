"""`whistle clock`: a rehearsal's clock moved forward from the command line; everything due happens on the way."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import datetime, timedelta

import click

from processes.installation import Installation
from processes.pack import Pack
from processes.rehearsal import Advanced, advance
from web.clock import Clock
from web.commands.county import the_county

_LENGTH = re.compile(r"(\d{1,5})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@click.command()
@click.option("--forward", "length", help="How far: 90m, 3h, 2d, 1w.")
@click.option("--to", "moment", help="To when, on the county's wall clock: 2026-09-10T09:00.")
def clock(length: str | None, moment: str | None) -> None:
    """演练时钟：往前拨，到期的事依次发生。Move a rehearsal's clock; without an option, say what time it is there."""
    with the_county() as (inst, pack):
        if length or moment:
            _move(inst, _wanted(inst, pack, length, moment))
        click.echo(f"{Clock(inst).now().astimezone(pack.calendar.zone):%Y-%m-%d %H:%M:%S}")


def _wanted(inst: Installation, pack: Pack, length: str | None, moment: str | None) -> datetime:
    if length and moment:
        raise click.UsageError("--forward 和 --to 只能用一个。Use one of them.")
    fits = _LENGTH.fullmatch(length or "")
    if fits:
        return Clock(inst).now().astimezone(pack.calendar.zone) + timedelta(**{_UNITS[fits[2]]: int(fits[1])})
    try:
        at = datetime.fromisoformat(moment or "")
    except ValueError as error:
        raise click.UsageError("写成 --forward 2d 或 --to 2026-09-10T09:00。Write it like this.") from error
    return at.replace(tzinfo=pack.calendar.zone) if at.tzinfo is None else at


def _move(inst: Installation, to: datetime) -> None:
    """Go on until it is there, telling what happened; others may still be at a job, so wait a little each time."""
    while True:
        advanced = advance(inst, to, Clock.machine)
        _tell(advanced)
        if not advanced.more:
            return
        time.sleep(0.2)


def _tell(advanced: Advanced) -> None:
    for each, count in sorted(Counter((each.kind, each.succeeded) for each in advanced.happened).items()):
        kind, succeeded = each
        click.echo(f"{kind} × {count}" if succeeded else f"{kind} × {count} 没有办成 failed")
