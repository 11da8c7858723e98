"""评分情况 as its page says it: bursts, matter by matter, and the ratings that the county's rule counted."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from processes.bursts import Burst, BurstRules
from processes.pack import Pack
from processes.queries.ratings import Watched
from processes.tables import MatterRow
from web import words
from web.frame import now


def page(watched: Watched, pack: Pack, rules: BurstRules | None) -> dict[str, Any]:
    """The context of ratings.html."""
    asks = {"matters": rules.matters, "minutes": int(rules.within.total_seconds()) // 60} if rules else None
    return {
        "asks": asks,
        "bursts": [_burst(each, watched, pack) for each in watched.bursts],
        "by_rule": _by_rule(watched, pack),
    }


def _burst(burst: Burst, watched: Watched, pack: Pack) -> dict[str, Any]:
    zone = pack.calendar.zone
    seen = sorted((watched.matters[case] for case in burst.cases if case in watched.matters), key=_by_number)
    first, last = (burst.acts[place].at.astimezone(zone) for place in (0, -1))
    raters = dict.fromkeys(pack.unit_name(act.rater) for act in burst.acts)
    return {
        "name": watched.people.get(burst.by, "已离任的人"),
        "units": "、".join(raters),
        "count": len(burst.cases),
        "since": words.moment(first, now()),
        "exact": words.exact(first),
        "minutes": int((last - first).total_seconds()) // 60,
        "matters": [_matter(matter) for matter in seen],
    }


def _by_rule(watched: Watched, pack: Pack) -> list[dict[str, Any]]:
    """One line for each rating that lapsed: its matter, who should have rated, whom."""
    lines = []
    for _, its in groupby(watched.by_rule, key=lambda row: (row.case_id, row.task_id)):
        rows = list(its)
        matter, at = watched.matters.get(rows[0].case_id), rows[0].at.astimezone(pack.calendar.zone)
        told = {
            "rater": pack.unit_name(rows[0].rater),
            "at_words": words.moment(at, now()),
            "at_exact": words.exact(at),
        }
        rated = dict.fromkeys(pack.unit_name(row.unit) for row in rows)
        if matter is not None:
            lines.append(_matter(matter) | told | {"units": "、".join(rated)})
    return lines


def _by_number(matter: MatterRow) -> tuple[str, str]:
    return matter.number or "", matter.case_id


def _matter(matter: MatterRow) -> dict[str, Any]:
    return {
        "ref": matter.number or matter.case_id,
        "number": matter.number or "待编号",
        "title": matter.title,
    }
