"""`whistle calendar`: until when the days off are published, and the year's notice taken in from a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from engine.time import FolderError, FolderInvalid
from processes.calendars import import_notice
from web.clock import Clock
from web.commands.county import the_county

_ENCODINGS = ("utf-8-sig", "gb18030")
"""Spreadsheets save CSV in either."""
_LARGEST = 1_000_000


@click.group("calendar", invoke_without_command=True)
@click.pass_context
def calendar(context: click.Context) -> None:
    """放假安排：已公布到哪一天。The days off: without a command, until when they are published.

    在这之后到期的时限是“暂定”的：按周一至周五推算，待导入当年放假安排后重新计算。
    A deadline later than that is provisional: it counts plain weekdays until the year's notice is imported.
    """
    if context.invoked_subcommand is not None:
        return
    with the_county() as (_, pack):
        until = pack.calendar.published_until
    click.echo(f"{pack.name}：放假安排已收录到 {until}。Days off are known until {until}.")


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_in(file: Path) -> None:
    r"""导入国务院办公厅公布的一年放假安排。Take in the year's notice of days off; exit 1 if anything in it is wrong.

    FILE 是 CSV 表格，第一行为 date,kind,name，以下每天一行：off 为放假，work 为调休上班。须逐年导入，不能跳年。
    FILE is a CSV table with the columns date, kind and name and a row for each day: `off` is a day off, `work` a
    working weekend. It must be the first year that is not known yet, and whole.

    \b
      date,kind,name
      2027-01-01,off,元旦
      2027-02-20,work,春节

    导入后，受影响的时限和定时由服务在后台重新计算，记入各事项的办理经过。
    The running service then counts the deadlines concerned again, and says so on each matter's page.
    """
    text = _read(file)
    with the_county() as (inst, pack), _flaws_told(file):
        got = import_notice(inst, pack.code, text, now=Clock(inst).now())
    click.echo(f"已收录 {got.year} 年放假安排。The notice of {got.year} was taken in.")
    click.echo(
        f"将重新计算 {got.deadlines} 个时限、{got.timers} 个定时。"
        f"{got.deadlines} deadlines and {got.timers} timers will be counted again."
    )


def _read(file: Path) -> str:
    if file.stat().st_size > _LARGEST:
        raise click.ClickException(f"{file.name} 太大，不是一年的放假安排。It is too large to be a year's notice.")
    raw = file.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise click.ClickException(f"{file.name} 不是文本表格，请另存为 CSV（UTF-8）。It is no text; save it as CSV.")


@contextmanager
def _flaws_told(file: Path) -> Iterator[None]:
    """Every flaw of the file as a sentence with its line."""
    try:
        yield
    except FolderInvalid as refused:
        for flaw in refused.flaws:
            click.echo(f"{flaw.sentence}\n      {_line(flaw)}: {flaw.english}", err=True)
        advice = next((f"{flaw.advice} " for flaw in refused.flaws if flaw.advice != FolderError.advice), "")
        count = len(refused.flaws)
        raise click.ClickException(
            f"没有收录：{file.name} 有 {count} 处错误。{advice}Nothing was taken in: {count} flaws in {file.name}."
        ) from refused


def _line(flaw: FolderError) -> str:
    found = re.search(r"\d+", str(flaw.facts.get("where", "")))
    return f"line {found[0]}" if found else "the whole file"
