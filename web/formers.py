"""What was begun about what: on a case's page what else hangs on it and may be begun, on a form what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import g

from engine.errors import Rejected
from processes.formers import UNNUMBERED, Former, last_moment, refuse_about, units_for
from processes.pack import Pack
from processes.queries.cases import WholeCase
from processes.queries.formers import Tied, former_of, tied_to
from processes.queries.tasks import TaskPage
from processes.starts import Start
from web import words
from web.frame import asking, now, pack, seen_cases
from web.guard import visit
from web.links import url_for


def panel(case: WholeCase) -> dict[str, Any]:
    """On a case's page: the case it was begun about, what was begun about it, and what this person may begin now."""
    if not any(start.about for start in pack().starts.values()):
        return {"kind": "", "former": None, "begun": [], "offers": []}
    tied = tied_to(asking(), visit().me, case.case.id)
    return {
        "kind": case.matter.start,
        "former": next((_line(each) for each in tied if each.is_former), None),
        "begun": [_line(each) for each in tied if not each.is_former],
        "offers": list(_offers(former_of(case.case, case.matter, case.tasks, tied))),
    }


def head(start: Start, former: Former | None) -> dict[str, str] | None:
    """What the form of a new case says of the former one that it is about."""
    if former is None:
        return None
    return {
        "offer": start.offer,
        "ref": _ref(former.number, former.case),
        "number": former.number,
        "title": former.title,
        "ended_words": _ended(former.ended, former.ended_at),
    }


def at_task(page: TaskPage) -> dict[str, Any] | None:
    """Beside a form: the case that this one was begun about, and what the county wants told of it (`tells`)."""
    told = page.task.process_values.get("former")
    if not isinstance(told, Mapping):
        return None
    seen = seen_cases().name(told.get("case"))
    tells = page.pack.starts[page.matter.start].tells
    named = [(page.pack.word("former", name), told.get(name)) for name in tells]
    return {
        "ref": told.get("case") if seen else "",
        "name": seen or told.get("number"),
        "lines": [(label, _said(page.pack, value)) for label, value in named if label and value is not None],
    }


def _said(county: Pack, value: object) -> str:
    """A unit by its name, the rest as it is."""
    return county.unit_name(value) if isinstance(value, str) else str(value)


def _offers(former: Former) -> Iterator[dict[str, str]]:
    for start in pack().starts.values():
        if former.start in start.about and _may(start, former):
            last = last_moment(pack(), start, former)
            url = url_for("cases.new", start=start.name, about=former.case)
            yield {"name": start.offer, "url": url, "until_words": _moment(last) if last else ""}


def _may(start: Start, former: Former) -> bool:
    """Whether the button would lead anywhere."""
    try:
        units_for(pack(), start, visit().me.postings, former.unit)
        refuse_about(pack(), start, former, g.now)
    except Rejected:
        return False
    return True


def _line(tied: Tied) -> dict[str, str]:
    """What one case's page says of the other: of what one may not see only the number."""
    told = {"start": tied.start, "number": tied.number, "ref": "", "title": "", "state_words": ""}
    if not tied.is_seen:
        return told
    ref = _ref(tied.number, tied.case_id)
    return told | {"ref": ref, "title": tied.title, "state_words": _ended(tied.ended, tied.ended_at)}


def _ref(number: str, case_id: str) -> str:
    return case_id if number == UNNUMBERED else number


def _ended(ended: str | None, at: datetime | None) -> str:
    if ended is None or at is None:
        return "在办"
    return f"{pack().word('ends', ended, default='已结束')} · {_moment(at)}"


def _moment(at: datetime) -> str:
    return words.moment(at.astimezone(pack().calendar.zone), now())
