"""用时: who has used how much of a matter's time, as the case page says it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.time import Spent
from engine.time.wording import say_elapsed, say_length
from processes.pack import Pack
from processes.queries.cases import WholeCase
from processes.queries.time_used import time_used
from web.frame import now

_SEEN, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def used(case: WholeCase, pack: Pack) -> dict[str, Any]:
    """The rows of the table, its sum where several worked, and the count line by line."""
    found = time_used(case, pack, now())
    rows = [_row(each.holder, each.spent, each.role, has_it=each.has_it) for each in found.shares]
    if found.outside.clock >= _SEEN:
        rows.append(_row("外部等待", found.outside))
    return {
        "rows": rows,
        "sum": _row("合计", found.together) if len(found.shares) > 1 else None,
        "explanation": found.explanation,
    }


def _row(name: str, spent: Spent, role: str = "", *, has_it: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "role": role,
        "has_it": has_it,
        "working": say_length(spent.working),
        "clock": say_elapsed(_roughly(spent.clock)),
    }


def _roughly(length: timedelta) -> timedelta:
    """Of several days nobody wants the minutes; the count line by line has them."""
    return length - length % _HOUR if length >= _DAY else length
