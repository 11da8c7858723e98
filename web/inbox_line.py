"""A line of the inbox as plain texts: a page shows a hundred of them, so each word is made once and kept."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from processes.pack import Pack
from processes.people import Me
from processes.queries.inbox import InboxItem
from web import words

_NEW_FOR = timedelta(hours=4)


class Line(NamedTuple):
    """In the order in which inbox.html takes it apart: a name for each part is cheaper there than an attribute."""

    url: str
    title: str
    number: str
    township: str
    step: str
    unit: str
    round: int
    is_mine: bool
    is_new: bool
    light: str
    words: str
    due: str  # for the page's script, empty without a limit
    exact: str
    look: str


def lines(items: list[InboxItem], me: Me, pack: Pack, *, now: datetime, at: str) -> list[Line]:
    """The lines of a page; `now` is in the county's zone, `at` the address that a task's id completes."""
    zone, today = pack.calendar.zone, now.replace(hour=0, minute=0, second=0, microsecond=0)
    new_since = now - _NEW_FOR
    found = []
    look = "btn-primary"
    for item in items:
        light = words.due(item.due_at, item.warn_at, now)
        due, exact = _moment(item.due_at, zone, today) if item.due_at else ("", "")
        line = Line(
            at + item.task_id,
            item.title,
            item.number or "待编号",
            pack.unit_name(item.township),
            item.step,
            pack.unit_name(item.unit),
            item.round,
            item.claimed_by == me.id,
            item.claimed_by is None and item.opened_at > new_since,
            light.state,
            light.words,
            due,
            exact,
            look,
        )
        found.append(line)
        look = "btn-plain"
    return found


@lru_cache(maxsize=4096)
def _moment(at: datetime, zone: tzinfo, today: datetime) -> tuple[str, str]:
    """For the page's script, and as people say it today."""
    local = at.astimezone(zone)
    return local.isoformat(), words.moment(local, today)
