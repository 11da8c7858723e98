"""`whistle incidents`: what the service could not do by itself, listed, tried again or skipped by whoever runs it."""

from __future__ import annotations

import json

import click

from processes.incidents import Incident, list_incidents, retry, skip
from web.clock import Clock
from web.commands.county import the_county


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of sentences.")
@click.pass_context
def incidents(context: click.Context, as_json: bool) -> None:
    """故障：系统没有办成、等人处理的事。What the service could not do by itself; without a command, list them."""
    if context.invoked_subcommand is not None:
        return
    with the_county() as (inst, pack), inst.db.read() as session:
        found = list_incidents(session, pack.code)
    for each in found:
        click.echo(json.dumps(_plain(each), ensure_ascii=False) if as_json else _sentence(each))
    if not as_json:
        click.echo(f"{len(found)} 个故障等人处理。{len(found)} open.")


@incidents.command("retry")
@click.argument("id")
def try_again(id: str) -> None:
    """再试一次。Have it tried again by the clock."""
    with the_county() as (inst, pack):
        retry(inst, pack.code, id, me=None, now=Clock(inst).now())
    click.echo("已安排重试。It will be tried again.")


@incidents.command("skip")
@click.argument("id")
@click.option("--reason", required=True, help="Why it need not be done; goes on record.")
def go_without(id: str, reason: str) -> None:
    """跳过，理由记入日志。Go on without it; the reason goes on record."""
    with the_county() as (inst, pack):
        skip(inst, pack.code, id, reason=reason, me=None, now=Clock(inst).now())
    click.echo("已跳过。Skipped.")


def _sentence(incident: Incident) -> str:
    row, matter = incident.row, incident.matter
    about = f"{matter.number or '待编号'} {matter.title}" if matter else "—"
    return (
        f"{row.id}  {row.opened_at:%Y-%m-%d %H:%M}Z  {row.kind} {row.place} × {incident.attempts}\n"
        f"      {about}\n      {row.error}"
    )


def _plain(incident: Incident) -> dict[str, object]:
    row, matter = incident.row, incident.matter
    return {
        "id": row.id,
        "kind": row.kind,
        "place": row.place,
        "case": row.case_id,
        "number": matter.number if matter else None,
        "opened_at": row.opened_at.isoformat(),
        "attempts": incident.attempts,
        "error": row.error,
    }
