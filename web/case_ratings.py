"""评价: how each unit of a case was rated, whether by people or by the county's rule, and what it said to that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from processes.pack import Pack
from processes.tables import RatingRow


def rated(rows: Sequence[RatingRow], pack: Pack) -> list[dict[str, Any]]:
    """The units in the order of their codes, each with who rated it, on what, and its own words."""
    by_unit = groupby(sorted(rows, key=attrgetter("unit", "at", "task_id")), key=attrgetter("unit"))
    return [_unit(unit, list(its), pack) for unit, its in by_unit]


def aspect_name(pack: Pack, aspect: str) -> str:
    """What the forms call an aspect of ratings."""
    fields = (field for form in pack.forms.values() for field in form.inputs.values() if field.kind == "dynamiclist")
    columns = (column for field in fields for column in field.fields if column.key == aspect)
    return next((column.label for column in columns), aspect)


def _unit(unit: str, rows: list[RatingRow], pack: Pack) -> dict[str, Any]:
    by_task = groupby(rows, key=attrgetter("task_id"))
    return {
        "unit": pack.unit_name(unit),
        "given": [_given(list(its), pack) for _, its in by_task],
        "answer": next((row.answer for row in rows if row.answer), ""),
    }


def _given(rows: list[RatingRow], pack: Pack) -> dict[str, Any]:
    """The scores of one rater; several aspects are also added up. In the order that its form asks for them."""
    order = [column.key for form in pack.forms.values() for field in form.inputs.values() for column in field.fields]
    place = {key: number for number, key in reversed([*enumerate(order)])}
    rows = sorted(rows, key=lambda row: (place.get(row.aspect, len(order)), row.aspect))
    return {
        "rater": pack.unit_name(rows[0].rater),
        "by_rule": rows[0].by_rule,
        "scores": [(aspect_name(pack, row.aspect), row.score) for row in rows],
        "total": sum(row.score for row in rows) if len(rows) > 1 else None,
        "reason": next((row.reason for row in rows if row.reason), ""),
    }
