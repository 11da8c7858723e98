"""督办: the orders there are with their lights, for all who may see them; and what hangs together with one case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from processes.queries.cases import WholeCase
from processes.queries.orders import FILTERS, About, ListedOrder, count_orders, list_orders, orders_with
from processes.supervision import Supervision
from web import words
from web.case_page import standing_words
from web.frame import asking, now, pack
from web.guard import SIGNED_IN, permits, visit
from web.links import url_for
from web.paging import page_number, pages

blueprint = Blueprint("supervision", __name__, url_prefix="/supervision")
_LABELS = {"open": "在办", "late": "有超期", "public": "挂牌", "ended": "已结束", "all": "全部"}


@blueprint.get("/", endpoint="list")
@permits(SIGNED_IN)
def show_list() -> str:
    """The orders I may see, and those on the rungs that the county tells everybody."""
    rules = Supervision.of(pack().county)
    if rules is None:
        abort(404)
    chosen, number, me = _chosen(), page_number(), visit().me
    found, total = list_orders(asking(), me, rules.public_rungs, now=g.now, chosen=chosen, page=number)
    counted = count_orders(asking(), me, rules.public_rungs, now=g.now)
    filters = [
        {
            "key": name,
            "label": _LABELS[name],
            "count": words.count(counted[name]),
            "url": url_for("supervision.list", only=name),
            "active": name == chosen,
        }
        for name in FILTERS
    ]
    rows = [_line(order) for order in found]
    shown = pages("supervision.list", number, total, only=chosen)
    return render_template("supervision.html", rows=rows, filters=filters, pages=shown, sees_county=me.sees_county)


def panel(case: WholeCase) -> dict[str, Any]:
    """On a case's page: the orders about this matter, or, when it is an order, the matters it is about."""
    supervises = "supervision" in pack().county
    found = orders_with(asking(), visit().me, case.case.id) if supervises else []
    own = next((_line(order) for order in found if order.case.id == case.case.id), None)
    return {"order": own, "orders": [_line(order) for order in found if order.case.id != case.case.id]}


def _line(order: ListedOrder) -> dict[str, Any]:
    zone, urgent = pack().calendar.zone, order.tasks[0] if order.tasks else None
    state, holder = standing_words(pack(), order.case, order.tasks)
    light = words.due(urgent.due_at, urgent.warn_at, now()) if urgent else words.Light("grey", "已结束")
    if urgent is None and order.case.ended_at is None:
        light = words.Light("grey", "等待中")
    began = order.at.astimezone(zone)
    return {
        "ref": (order.matter.number or order.case.id) if order.is_seen else "",
        "number": order.matter.number or "待编号",
        "ground": pack().word("grounds", order.ground, default=order.ground),
        "rung": pack().word("rungs", order.rung, default=order.rung),
        "unit": pack().unit_name(order.unit),
        "state_words": state,
        "holder_words": holder,
        "light": light,
        "due_exact": words.moment(urgent.due_at.astimezone(zone), now()) if urgent and urgent.due_at else "",
        "began_words": words.moment(began, now()),
        "began_exact": words.exact(began),
        "letters": order.letters,
        "about": [_matter(each) for each in order.about],
        "hidden": order.hidden,
    }


def _matter(about: About) -> dict[str, str]:
    return {"ref": about.number or about.case_id, "title": about.title, "number": about.number or "待编号"}


def _chosen() -> str:
    chosen = request.args.get("only", "open")
    return chosen if chosen in FILTERS else "open"
