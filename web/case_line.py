"""A case as one line of a list: what it is called, where it stands, until when, since when."""

from __future__ import annotations

from typing import Any

from processes.queries.cases import Listed
from web import words
from web.case_page import standing_words
from web.frame import now, pack


def line(listed: Listed) -> dict[str, Any]:
    """What a list says of a case."""
    zone, matter = pack().calendar.zone, listed.matter
    urgent = listed.tasks[0] if listed.tasks else None
    due_at = urgent.due_at.astimezone(zone) if urgent and urgent.due_at else None
    light = words.due(due_at, urgent.warn_at if urgent else None, now())
    if listed.case.ended_at is not None:
        light = words.Light("grey", "已结束")
    opened = listed.case.started_at.astimezone(zone)
    state, holder = standing_words(pack(), listed.case, listed.tasks)
    return {
        "ref": matter.number or matter.case_id,
        "number": matter.number or "待编号",
        "title": matter.title,
        "township": pack().unit_name(matter.unit),
        "state_words": state,
        "holder_words": holder,
        "light": light,
        "due_at": due_at,
        "due_words": light.words,
        "due_exact": words.moment(due_at, now()) if due_at else "",
        "opened_words": words.moment(opened, now()),
        "opened_exact": words.exact(opened),
    }
