"""并案: on a case's page, which matters were merged into it, or into which it went."""

from __future__ import annotations

from typing import Any

from processes.queries.cases import WholeCase
from processes.queries.merged import Other, merged_with
from web import words
from web.frame import asking, now, pack
from web.guard import visit


def panel(case: WholeCase) -> dict[str, Any]:
    """`into`, the matter that took this one in, or None; `taken_in`, those that this one took in.

    Of the taker somebody who may not see it is told the number alone. Those taken in are named to all who may see the
    case, as they are dealt with in it; a link has only who may see them.
    """
    found = merged_with(asking(), visit().me, case.case.id)
    into = next((_line(each) for each in found if each.took_in), None)
    return {"into": into, "taken_in": [_line(each) for each in found if not each.took_in]}


def _line(other: Other) -> dict[str, str]:
    at = other.at.astimezone(pack().calendar.zone)
    tells = other.is_seen or not other.took_in
    return {
        "ref": (other.number or other.case_id) if other.is_seen else "",
        "number": other.number or "待编号",
        "title": other.title if tells else "",
        "township": pack().unit_name(other.unit) if tells else "",
        "at_words": words.moment(at, now()),
        "at_exact": words.exact(at),
    }
