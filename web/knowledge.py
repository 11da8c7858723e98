"""知识库: typical cases to read, to search and to print, and who was commended (DC-15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request

from processes.people import names
from processes.queries.knowledge import (
    count_categories,
    find_typical_case,
    list_commended,
    list_typical_cases,
    list_withdrawn,
)
from processes.tables_knowledge import CommendedRow, TypicalCaseRow
from web import words
from web.frame import asking, pack, seen_cases
from web.guard import SIGNED_IN, permits, visit
from web.links import url_for
from web.paging import page_number, pages

blueprint = Blueprint("knowledge", __name__, url_prefix="/knowledge")
_BRIEF = 90


@blueprint.get("/", endpoint="list")
@permits(SIGNED_IN)
def show_list() -> str:
    """The typical cases, by words and category if asked."""
    asked, category = request.args.get("q", "").strip()[:60], request.args.get("category")
    counted, number = count_categories(asking(), visit().me, asked), page_number()
    category = category if category in counted else None
    total = counted[category] if category is not None else sum(counted.values())
    found = list_typical_cases(asking(), visit().me, asked, category, page=number)
    return render_template(
        "knowledge.html",
        tabs=_tabs("list"),
        q=asked,
        filters=_filters(counted, category, asked),
        rows=[_listed(each) for each in found],
        withdrawn=[_listed(each) | _withdrawn(each) for each in list_withdrawn(asking(), visit().me)],
        pages=pages("knowledge.list", number, total, q=asked or None, category=category),
    )


@blueprint.get("/<case_id>")
@permits(SIGNED_IN)
def show(case_id: str) -> str:
    """One typical case; the cases behind it are named only to those who may see them."""
    row = find_typical_case(asking(), visit().me, case_id)
    seen = {each: seen_cases().name(each) for each in (row.case_id, row.former_id) if each}
    return render_template("knowledge_case.html", typical=_whole(row, seen))


@blueprint.get("/commended", endpoint="commended")
@permits(SIGNED_IN)
def show_commended() -> str:
    """The units and persons that were commended, year by year."""
    found = list_commended(asking(), visit().me)
    called = names(asking(), visit().me.county, [each for row in found for each in (row.by, row.person)])
    decisions = [_decision(list(rows), called) for _, rows in groupby(found, key=lambda row: row.case_id)]
    return render_template("commended.html", tabs=_tabs("commended"), decisions=decisions)


def _tabs(here: str) -> list[dict[str, Any]]:
    titles = {"list": "典型案例", "commended": "表彰"}
    return [
        {"label": title, "url": url_for(f"knowledge.{key}"), "active": key == here} for key, title in titles.items()
    ]


def _filters(counted: dict[str, int], chosen: str | None, asked: str) -> list[dict[str, Any]]:
    def chip(label: str, count: int, category: str | None) -> dict[str, Any]:
        url = url_for("knowledge.list", q=asked or None, category=category)
        return {"label": label, "count": count, "url": url, "active": category == chosen}

    by_count = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return [chip("全部", sum(counted.values()), None), *(chip(name, count, name) for name, count in by_count)]


def _listed(row: TypicalCaseRow) -> dict[str, Any]:
    said = row.parts[0][1] if row.parts else ""
    return {
        "url": url_for("knowledge.show", case_id=row.case_id),
        "title": row.title,
        "number": row.number,
        "category": row.category,
        "units": _units(row),
        "brief": said if len(said) <= _BRIEF else f"{said[:_BRIEF]}…",
        "published": _day(_local(row.published_at)),
    }


def _whole(row: TypicalCaseRow, seen: dict[str, str | None]) -> dict[str, Any]:
    duty = pack().duties.get(row.item)
    return _listed(row) | {
        "parts": row.parts,
        "item": f"{duty.code} {duty.item}" if duty else "",
        "case_url": _case_url(row.case_id, seen),
        "former_url": _case_url(row.former_id, seen),
        "former": seen.get(row.former_id or "") or "",
        "withdrawn": _withdrawn(row) if row.withdrawn_at else None,
    }


def _withdrawn(row: TypicalCaseRow) -> dict[str, str]:
    by = names(asking(), row.county, [row.withdrawn_by]).get(row.withdrawn_by or "", "")
    at = words.exact(_local(row.withdrawn_at)) if row.withdrawn_at else ""
    return {"withdrawn_at": at, "withdrawn_by": by, "why": row.why_withdrawn}


def _units(row: TypicalCaseRow) -> list[str]:
    return list(dict.fromkeys(pack().unit_name(unit) for unit in (row.unit, row.lead) if unit))


def _case_url(case_id: str | None, seen: dict[str, str | None]) -> str:
    return url_for("cases.show", number_or_id=case_id) if case_id and seen.get(case_id) else ""


def _decision(rows: list[CommendedRow], called: Any) -> dict[str, Any]:
    first = rows[0]
    return {
        "title": first.title,
        "decided": f"{called.get(first.by, '')} {words.exact(_local(first.at))} 审定".strip(),
        "case_url": _case_url(first.case_id, {first.case_id: seen_cases().name(first.case_id)}),
        "units": _commended(rows, "unit", called),
        "persons": _commended(rows, "person", called),
    }


def _commended(rows: Iterable[CommendedRow], kind: str, called: Any) -> list[dict[str, Any]]:
    return [
        {
            "unit": pack().unit_name(row.unit),
            "mine": row.unit in visit().me.units,
            "name": row.name or called.get(row.person or "", ""),
            "score": row.score,
            "reason": row.reason,
        }
        for row in rows
        if row.kind == kind
    ]


def _day(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日"


def _local(at: datetime) -> datetime:
    return at.astimezone(pack().calendar.zone)
