"""The list of cases: which are asked for, and the chips that ask for others."""

from __future__ import annotations

from typing import Any

from flask import g, request

from processes.queries.cases import FILTERS, count_cases, count_starts, list_cases
from web import words
from web.case_line import line
from web.frame import asking, pack
from web.guard import visit
from web.links import url_for
from web.paging import page_number, pages

_LABELS = {"open": "在办", "late": "有超期", "mine": "我发起的", "ended": "已结束", "all": "全部"}


def shown() -> dict[str, Any]:
    """The context of cases.html: the cases this person may see, as the address asks for them."""
    wanted, number = _wanted(), page_number()
    found, total = list_cases(asking(), visit().me, pack(), page=number, **wanted)
    return {
        "rows": [line(each) for each in found],
        "q": wanted["words"],
        "filters": _filters(wanted),
        "kinds": _kinds(wanted),
        "pages": pages("cases.list", number, total, **_address(wanted)),
    }


def _wanted() -> dict[str, Any]:
    """Which cases are asked for: filter, words, start, and the moment that late is told by."""
    words_asked, start = request.args.get("q", "").strip()[:60], request.args.get("start", "").strip()[:60]
    chosen = request.args.get("only", "all" if words_asked else "open")
    return {"now": g.now, "chosen": chosen if chosen in FILTERS else "open", "words": words_asked, "start": start}


def _address(wanted: dict[str, Any], **other: str) -> dict[str, str | None]:
    """The same list as an address, in part another."""
    here = {"only": wanted["chosen"], "q": wanted["words"], "start": wanted["start"], **other}
    return {name: value or None for name, value in here.items()}


def _filters(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    asked = {name: wanted[name] for name in ("now", "words", "start")}
    counted = count_cases(asking(), visit().me, pack(), **asked)
    return [_chip(wanted, _LABELS[name], counted[name], name == wanted["chosen"], only=name) for name in FILTERS]


def _kinds(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """One chip for each kind of case there is; none where all are of one kind."""
    asked = {name: wanted[name] for name in ("now", "words", "chosen")}
    counted = count_starts(asking(), visit().me, pack(), **asked)
    if len(counted) < 2 and not wanted["start"]:
        return []
    chips = [_chip(wanted, name, count, name == wanted["start"], start=name) for name, count in counted.items()]
    return [_chip(wanted, "全部种类", sum(counted.values()), not wanted["start"], start=""), *chips]


def _chip(wanted: dict[str, Any], label: str, count: int, active: bool, **other: str) -> dict[str, Any]:
    address = url_for("cases.list", **_address(wanted, **other))
    return {"label": label, "count": words.count(count), "url": address, "active": active}
