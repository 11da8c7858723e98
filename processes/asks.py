"""What a form looks at while a person fills it in: the county's lists, the process variables, the papers at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from engine.run import instances
from engine.store.cases import bytes_of
from engine.store.prepared import Prepared
from engine.store.tables import TaskRow
from processes.answers import answers_of
from processes.forms import NO_CASES, Cases, PaperRef, World
from processes.pack import Pack
from processes.people import Me
from processes.personal import FORMER, case_in, personal_in
from processes.tables import PaperRow
from processes.tables_merging import MergedRow

Done = Callable[[str], int]
"""How often a step has been done in a case: FEEL in a form may ask, `done("accept") = 0`."""

Latest = Callable[[str], object]
"""What was last filled in under this key in a case: a form that amends another proposes it, `latest("summary")`."""

Instances = Callable[[str], object]
"""The variables of each instance of an activity that runs now, withdrawn ones left out: `instances("report_in")`."""


def form_world(
    pack: Pack,
    values: Mapping[str, Any],
    papers: Mapping[str, PaperRef],
    *,
    now: datetime,
    done: Done = lambda step: 0,
    latest: Latest = lambda field: None,
    cases: Cases = NO_CASES,
    merged_in: Callable[[], int] = lambda: 0,
    instances: Instances = lambda activity: [],
) -> World:
    """The world of one form at `now` (timezone-aware); without `done` and `latest` it is that of a case yet to begin.

    `cases` are those that the form may choose from; `merged_in` counts the matters that were merged into this one;
    `instances` tells of the activities of the case that run for several at once.
    """
    lent: dict[str, Callable[..., object]] = {"done": done, "latest": latest, "awaits": partial(_awaits, cases)}
    lent |= {"merged_in": merged_in, "instances": instances}
    functions = {**pack.world(now).functions, **lent}
    personal = partial(_personal, cases, case_in(values.get(FORMER)))
    return World(replace(pack.lists, cases=cases), values, papers, pack.calendar.zone, functions, personal)


def _personal(cases: Cases, former: object, text: str) -> list[str]:
    """What of a text may tell who somebody is; the people of the case that this one is about are known by name."""
    return [found.sentence for found in personal_in(text, cases.persons(former) if former else ())]


def _awaits(cases: Cases, message: object, case: object) -> bool:
    """Whether a case waits for a message, as far as the person may see it: `awaits("resolution", case)`."""
    return any(option.value == case for option in cases.awaiting(str(message)))


def times_done(session: Session, county: str, case_id: str) -> Done:
    """How often each step of a case has been done; asked only when a form does."""
    of_case = (TaskRow.county == county, TaskRow.case_id == case_id, TaskRow.state == "completed")
    asked = select(func.count()).select_from(TaskRow)
    return lambda step: session.scalar(asked.where(*of_case, TaskRow.step == str(step))) or 0


def latest_answer(session: Session, county: str, case_id: str) -> Latest:
    """What was last filled in under a key in a case; asked only when a form does."""

    def latest(field: str) -> object:
        given = (answer.answers[field] for answer in answers_of(session, county, case_id) if field in answer.answers)
        return next(iter(reversed(list(given))), None)

    return latest


def merged_into(session: Session, county: str, case_id: str) -> Callable[[], int]:
    """How many matters were merged into a case; asked only when a form does."""
    asked = select(func.count()).select_from(MergedRow)
    return lambda: session.scalar(asked.where(MergedRow.county == county, MergedRow.into_id == case_id)) or 0


def instances_in(session: Session, pack: Pack, county: str, case_id: str, *, now: datetime) -> Instances:
    """The instances of an activity of a case as they stand; asked only when a form does.

    The values of an open task are those of the moment it was opened; who has joined or left since is told here.
    """
    return lambda activity: instances(pack.program, bytes_of(session, county, case_id), str(activity), pack.world(now))


def papers_for(session: Session, me: Me, case_id: str | None) -> dict[str, PaperRef]:
    """The papers this person may name in a form: those of the case, and their own that belong to no case yet."""
    rows = _PAPERS.rows(session, {"county": me.county, "me": me.id, "case": case_id})
    return {row.id: PaperRef(*row) for row in rows}


_PAPERS = Prepared(
    select(PaperRow.id, PaperRow.name, PaperRow.size, PaperRow.media_type).where(
        PaperRow.county == bindparam("county"),
        or_(PaperRow.case_id == bindparam("case"), and_(PaperRow.case_id.is_(None), PaperRow.by == bindparam("me"))),
    )
)
