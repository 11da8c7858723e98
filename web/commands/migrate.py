"""`whistle migrate`: running cases moved to another sealed version, tried first, with what cannot move listed."""

from __future__ import annotations

import sys
import time

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.jobs import run
from engine.leases import lease
from engine.store.tables_jobs import JobRow
from processes.agenda import work_of
from processes.installation import Installation
from processes.migration import Move, Tried, begin_migration, find_version, list_quarantined, move_case, try_moves
from processes.pack import Pack
from processes.queries.cases import find_matter
from processes.tables_upkeep import MigrationRow
from web.clock import Clock
from web.commands.county import the_county


@click.command()
@click.option("--county", help="Its six-digit code; may be left out where there is one.")
@click.option("--to", "version", required=True, help="A sealed version: its digest (8 characters or more), or current.")
@click.option("--case", "number", help="One case by its number or id; without it, every running case.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each case; write nothing.")
@click.option("--reason", default="", help="Why; goes on record with every case. Needed unless --dry-run.")
def migrate(county: str | None, version: str, number: str | None, dry_run: bool, reason: str) -> None:
    """在办事项换到新版流程；换不了的留在原版本并列出。Move running cases to another version; exit 1 if one cannot."""
    if not dry_run and not reason.strip():
        raise click.UsageError("请用 --reason 写明理由，会记入每一件的办理经过。A reason is needed.")
    with the_county() as (inst, pack):
        if county not in (None, pack.code):
            raise click.UsageError(f"这里没有 {county}，只有 {pack.code}。There is no such county.")
        with inst.db.read() as session:
            to = find_version(session, pack.code, version)
            case_id = find_matter(session, pack.code, number).case_id if number else None
        move = Move(to, reason.strip(), None, Clock(inst).now())
        sys.exit(_try(inst, pack, move, case_id) if dry_run else _do(inst, pack, move, case_id))


def _try(inst: Installation, pack: Pack, move: Move, case_id: str | None) -> int:
    """Say what would become of every case, batch by batch; returns the exit code."""
    after, refused, total = "", 0, 0
    while tried := try_moves(inst, pack.code, move.to, now=move.now, case_id=case_id, after=after):
        for each in tried:
            click.echo(_line(each))
        after, total = tried[-1].case_id, total + len(tried)
        refused += sum(each.refused is not None for each in tried)
        if case_id is not None:
            break
    click.echo(
        f"能换 {total - refused} 件，不能换 {refused} 件；没有改动。{total - refused} can move, {refused} cannot."
    )
    return 1 if refused else 0


def _do(inst: Installation, pack: Pack, move: Move, case_id: str | None) -> int:
    if case_id is not None:
        move_case(inst, pack.code, case_id, move)
        click.echo("已换到新版本。Moved.")
        return 0
    row = _see_through(inst, pack.code, begin_migration(inst, pack.code, move))
    with inst.db.read() as session:
        kept = list_quarantined(session, pack.code, move.to)
    for matter, sentence in kept:
        click.echo(f"✗ {matter.number or matter.case_id} {matter.title}\n      {sentence}")
    click.echo(f"已换 {row.moved} 件，留在原版本 {row.refused} 件。{row.moved} moved, {row.refused} stay.")
    return 1 if row.refused else 0


def _see_through(inst: Installation, county: str, id: str) -> MigrationRow:
    """Do the migration's batches until it has ended; whichever a running service takes meanwhile, it does."""
    work = work_of(inst)
    while True:
        with inst.db.read() as session:
            row = session.get_one(MigrationRow, (county, id))
            batch = _batch(session, county, id)
        if row.ended_at is not None:
            return row
        if batch is not None and batch.state == "dead":
            raise click.ClickException("没有换完：请看 whistle incidents。It broke off; see whistle incidents.")
        now = Clock(inst).now()
        leased = lease(inst.db, county, batch.id, now) if batch is not None else None
        if leased is None or not run(inst.db, leased, now, work):
            time.sleep(0.2)


def _batch(session: Session, county: str, id: str) -> JobRow | None:
    query = select(JobRow).where(JobRow.county == county, JobRow.key.startswith(f"migrate:{id}:"))
    return session.scalars(query).first()


def _line(tried: Tried) -> str:
    mark = "✗" if tried.refused else "✓"
    why = f"\n      {tried.refused}" if tried.refused else ""
    return f"{mark} {tried.number or tried.case_id} {tried.title}（{tried.on[:8]}）{why}"
