"""A county that has been at work and is assessed: closed cases, a draft before the units, and what they do with it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from sqlalchemy import select

from processes.agenda import strike
from processes.attachments import keep_paper
from processes.forms import as_formdata
from processes.installation import Installation
from processes.tables import MatterRow
from processes.whistles import blow
from processes.work import Done, complete
from tests.kit.actors import Actors, open_task, pack_of
from tests.kit.papers import a_paper
from tests.kit.sites import me

DIRECTOR, AUDITOR, LEADER = "director@whistle_office", "auditor@whistle_office", "county_leader@county_leaders"
TOLD = ("water_pipe", "building_waste", "two_rounds_of_rework", "one_unit_late", "single_unit")
DRAWN = datetime.fromisoformat("2026-11-02T09:00:00+08:00")
ASKED = {
    "title": "2026 年 9 至 10 月考核",
    "period": "half_year",
    "first_day": "2026-09-01",
    "last_day": "2026-10-31",
    "appeals_until": "2026-11-06",
    "units": [],
}


def at_work(inst: Installation, *stories: str) -> dict[str, str]:
    """Play stories of the model county to their ends; the ids of their cases."""
    pack = pack_of(inst)
    return {name: Actors(inst).play(pack.stories[name]) for name in stories or TOLD}


def assess(inst: Installation, *, now: datetime = DRAWN, **changes: object) -> str:
    """The director begins an assessment; the id of its case."""
    form = pack_of(inst).forms["open_assessment"]
    return blow(inst, me(inst, DIRECTOR), "考核", as_formdata(form, {**ASKED, **changes}), now=now).case_id


def look(inst: Installation, case_id: str, unit: str, *, now: datetime = DRAWN, **appeal: object) -> Done:
    """The head of a unit looks at the draft, and appeals with evidence if there is something to say."""
    by = f"principal_head@{unit}"
    task = open_task(inst, "look_at_draft", by, case_id, branch=unit)
    if appeal:
        paper = keep_paper(inst, me(inst, by), io.BytesIO(a_paper("情况说明.pdf")), "情况说明.pdf", now=now)
        appeal = {"evidence": [paper.plain], **appeal}
    outcome = "appeal" if appeal else "accept"
    posted = as_formdata(pack_of(inst).forms["look_at_draft"], appeal)
    return complete(inst, me(inst, by), task.id, posted, now=now, outcome=outcome)


def do(inst: Installation, case_id: str, step: str, by: str, outcome: str, *, now: datetime, **answers: object) -> Done:
    """Somebody does a step of an assessment."""
    task = open_task(inst, step, by, case_id)
    if step == "decide_appeal":  # as the form proposes it
        told = task.process_values
        answers = {"appellant": told["unit"], "excluded_number": told["case_number"], **answers}
    posted = as_formdata(pack_of(inst).forms[task.form], answers)
    return complete(inst, me(inst, by), task.id, posted, now=now, outcome=outcome)


def publish(inst: Installation, case_id: str, *, now: datetime) -> None:
    """The time for appeals is over, and two people sign."""
    strike(inst, now)
    do(inst, case_id, "sign_first", DIRECTOR, "sign", now=now, checked=True)
    do(inst, case_id, "sign_second", LEADER, "sign", now=now + timedelta(hours=1), agreed=True)


def number_of(inst: Installation, case_id: str) -> str:
    """The number of a case's matter."""
    with inst.db.read() as session:
        return session.scalars(select(MatterRow.number).where(MatterRow.case_id == case_id)).one() or ""
