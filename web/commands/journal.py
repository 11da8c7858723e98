"""`whistle journal`: shows whether the journal is as it was written, and where it is not."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import select

from engine.store.evidence.verify import Fault, Tally
from processes.chain import anchor_file, verify_journal
from processes.installation import Installation
from processes.tables import CountyRow
from web.serving import open_up
from web.settings import Settings

_EVERY = 1000


@click.group()
def journal() -> None:
    """办理经过。The journal."""


@journal.command()
@click.option("--county", "code", help="Code of one county. Default: all of this installation.")
@click.option(
    "--anchors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A copy of the county's anchor file that was kept elsewhere. Default: the installation's own.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of sentences.")
def verify(code: str | None, anchors: Path | None, as_json: bool) -> None:
    """核对办理经过有没有被改动。Find any edit, gap or reordering, and say where; exit 1 if there is one.

    Reads only. Progress goes to stderr.
    """
    settings = Settings()
    inst = open_up(settings)
    try:
        counties = _counties(inst, code)
        if anchors is not None and len(counties) != 1:
            raise click.UsageError(
                "一个锚文件只属于一个县，请加 --county。An anchor file is of one county: add --county."
            )
        found = sum([_verify(inst, county, anchors, as_json=as_json) for county in counties])
    finally:
        inst.db.close()
    sys.exit(1 if found else 0)


def _counties(inst: Installation, code: str | None) -> list[str]:
    with inst.db.read() as session:
        counties = list(session.scalars(select(CountyRow.code).order_by(CountyRow.code)))
    if code is not None and code not in counties:
        raise click.UsageError(f"没有代码为 {code} 的县。There is no such county.")
    return [code] if code else counties


def _verify(inst: Installation, county: str, anchors: Path | None, *, as_json: bool) -> int:
    """Check one county and say what was found; returns how much."""
    tally, found = Tally(), 0
    for fault in verify_journal(inst, county, anchors=anchors, tally=tally, watch=_watch(county)):
        found += 1
        click.echo(json.dumps(_plain(fault), ensure_ascii=False) if as_json else _sentence(fault))
    if not as_json:
        click.echo(_summary(county, tally, found, compared=anchors or anchor_file(inst, county)))
    return found


def _watch(county: str) -> Callable[[Tally], None]:
    def told(tally: Tally) -> None:
        if tally.cases % _EVERY == 0 and tally.cases:
            click.echo(f"{county}：已核对 {tally.cases:,} 件、{tally.lines:,} 行 · cases, lines checked", err=True)

    return told


def _summary(county: str, tally: Tally, found: int, *, compared: Path | None) -> str:
    looked = f"{tally.cases:,} 件、{tally.lines:,} 行、{tally.blocks:,} 块、{tally.refusals:,} 次拒绝"
    anchored = f"{tally.anchors:,} 个锚" if tally.anchors else f"没有可比对的锚（{compared}）"
    result = f"发现 {found} 处问题。Faults: {found}." if found else "没有发现改动。Nothing was altered."
    return f"{county}：核对了 {looked}、{anchored}。{result}"


def _sentence(fault: Fault) -> str:
    place = [
        fault.county,
        f"哨单 {fault.reference}" if fault.reference else "",
        f"件 {fault.case_id}" if fault.case_id else "",
        f"第 {fault.revision} 次记录" if fault.revision is not None else "",
        fault.fact or "",
        fault.at.isoformat(timespec="seconds") if fault.at else "",
    ]
    return f"✗ {' · '.join(filter(None, place))}\n      {fault.sentence}\n      {fault.english}"


def _plain(fault: Fault) -> dict[str, object]:
    return {
        "kind": fault.kind,
        "county": fault.county,
        "matter": fault.reference or None,
        "case": fault.case_id,
        "revision": fault.revision,
        "fact": fault.fact,
        "at": fault.at.isoformat() if fault.at else None,
        "block": fault.block,
        "zh": fault.sentence,
        "en": fault.english,
    }
