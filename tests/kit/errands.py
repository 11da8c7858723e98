"""A site whose county has one more process, drawn by the test: to show what a service makes of a diagram.

Every user task of it is done by the township's clerk with a form of one field; outcomes are `submit` and `other`.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from engine.model import Files
from engine.model.files import digest
from engine.store.database import Database
from engine.store.tables import CaseRow, TaskRow
from processes.agenda import strike
from processes.demo import settle
from processes.installation import Installation
from processes.papers import PaperStore
from processes.queries.counties import only_county
from processes.schema import upgrade
from processes.sealing import seal_unchecked
from processes.whistles import blow
from processes.work import complete
from tests.kit.diagrams import Node, a_diagram
from tests.kit.diagrams import user as a_user_task
from tests.kit.foundations import lay
from tests.kit.sites import SEALED, me, the_folder

COUNTY = "360428"
CLERK = "clerk@360428109"
NOW = datetime.fromisoformat("2026-09-09T09:00:00+08:00")

_START = """
[[starts]]
process = "errand"
name = "跑腿"
step = "ask"
by = "clerk"
title = "subject"
number = "E{year}-{seq:04}"
"""


def user(id: str, **more: object) -> Node:
    """A user task of an errand."""
    return a_user_task(id, groups="clerk@{township}", form="errand", **more)  # type: ignore[arg-type]  # passed on


def an_errand_site(
    root: Path,
    url: str,
    flows: str,
    *nodes: Node,
    more: Files | None = None,
    starts: str = "",
    asks: dict[str, str] | None = None,
    **channels: object,
) -> Installation:
    """A site where a clerk may start the process `errand`; its first step is `ask`, which `asks` for more variables.

    `more` are other diagrams, `starts` what county.toml says of them.
    """
    files = _files(flows, *nodes, more=more, starts=starts, asks=asks)
    papers = PaperStore(root / "papers")

    def build(db: Database) -> None:
        upgrade(db)
        seal_unchecked(db, files, now=NOW)
        with db.write() as session:
            settle(session, only_county(Installation(db, papers, _sealed=SEALED), session))

    db = lay(url, f"errand-{digest(files)}", build)
    return Installation(db, papers, demo=True, channels=dict(channels), _sealed=SEALED)  # type: ignore[arg-type]  # fakes fit


def an_errand_version(
    inst: Installation,
    flows: str,
    *nodes: Node,
    more: Files | None = None,
    starts: str = "",
    asks: dict[str, str] | None = None,
) -> str:
    """Seal the process as drawn here as the county's current version; returns its digest."""
    return seal_unchecked(inst.db, _files(flows, *nodes, more=more, starts=starts, asks=asks), now=NOW)


def begins_by_itself(process: str, kind: str, name: str, called: str) -> str:
    """What county.toml says of a process that a message or signal (`kind`) begins, for the clerk's unit."""
    return f"""
[[starts]]
process = "{process}"
name = "{called}"
{kind} = "{name}"
unit = "{CLERK.partition("@")[2]}"
title = "subject"
number = "T{{year}}-{{seq:04}}"
"""


def _files(
    flows: str, *nodes: Node, more: Files | None = None, starts: str = "", asks: dict[str, str] | None = None
) -> dict[str, bytes]:
    files = {**the_folder(), **(more or {})}
    files["errand.bpmn"] = a_diagram(
        flows, user("ask", outputs={"subject": "subject", "how": "outcome"} | (asks or {})), *nodes, id="errand"
    ).encode()
    files["county.toml"] += (_START + starts).encode()
    files["forms/errand.form"] = _form()
    return files


def run_errand(inst: Installation, subject: str = "送信", *, outcome: str = "submit", now: datetime = NOW) -> str:
    """Start one; the id of its case. `subject` and the outcome (`how`) are process variables."""
    return blow(inst, me(inst, CLERK), "跑腿", {"subject": [subject]}, now=now, outcome=outcome).case_id


def do(inst: Installation, case_id: str, step: str, *, outcome: str = "submit", now: datetime = NOW) -> None:
    """Complete an open step."""
    complete(inst, me(inst, CLERK), task_of(inst, case_id, step).id, {"subject": ["好"]}, now=now, outcome=outcome)


def open_steps(inst: Installation, case_id: str) -> list[str]:
    """The open steps of a case."""
    with inst.db.read() as session:
        found = session.scalars(select(TaskRow.step).where(TaskRow.case_id == case_id, TaskRow.state == "open"))
        return sorted(found)


def task_of(inst: Installation, case_id: str, step: str) -> TaskRow:
    """The open task of a step."""
    with inst.db.read() as session:
        where = (TaskRow.case_id == case_id, TaskRow.state == "open", TaskRow.step == step)
        return session.scalars(select(TaskRow).where(*where)).first() or _missing(step)


def cases_of(inst: Installation, process: str) -> list[str]:
    """The ids of a process's cases, oldest first."""
    with inst.db.read() as session:
        found = select(CaseRow.id).where(CaseRow.process == process).order_by(CaseRow.started_at, CaseRow.id)
        return list(session.scalars(found))


def ended(inst: Installation, case_id: str) -> str | None:
    """The end event of a case."""
    with inst.db.read() as session:
        return session.scalars(select(CaseRow.ended_by).where(CaseRow.id == case_id)).one()


def later(inst: Installation, now: datetime) -> int:
    """Let the clock strike."""
    return strike(inst, now)


def _missing(step: str) -> TaskRow:
    raise AssertionError(f"{step} is not open")


def _form() -> bytes:
    buttons = [
        {"type": "button", "id": f"{key}_button", "action": "submit", "key": key, "label": key}
        for key in ("submit", "other")
    ]
    field = {
        "type": "textfield",
        "id": "subject_field",
        "key": "subject",
        "label": "事由",
        "validate": {"required": True},
    }
    return json.dumps(
        {"type": "default", "id": "errand", "schemaVersion": 19, "components": [field, *buttons]}
    ).encode()
