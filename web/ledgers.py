"""台账: what waits long without a clock, as the county keeps it (county.toml, `[[ledgers]]`)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template
from werkzeug.wrappers import Response

from processes.forms import show
from processes.ledgers import Ledger, label_of, ledgers_of
from processes.queries.ledgers import Entry, count_ledgers, list_ledger
from web import words
from web.frame import asking, now, pack
from web.guard import SIGNED_IN, permits, visit
from web.links import url_for
from web.paging import page_number, pages

blueprint = Blueprint("ledgers", __name__, url_prefix="/ledgers")


@blueprint.get("/", endpoint="list")
@permits(SIGNED_IN)
def show_first() -> Response:
    """The county's first ledger."""
    ledgers = ledgers_of(pack())
    if not ledgers:
        abort(404)
    return redirect(url_for("ledgers.show", key=ledgers[0].key))


@blueprint.get("/<key>", endpoint="show")
@permits(SIGNED_IN)
def show_ledger(key: str) -> str:
    """One ledger: the matters in it that I may see."""
    ledgers, number = ledgers_of(pack()), page_number()
    ledger = next((each for each in ledgers if each.key == key), None)
    if ledger is None:
        abort(404)
    counted = count_ledgers(asking(), visit().me, ledgers)
    return render_template(
        "ledgers.html",
        ledger=ledger,
        rows=[_row(each, ledger) for each in list_ledger(asking(), visit().me, ledger, page=number)],
        filters=[
            {
                "label": each.name,
                "count": counted[each.key],
                "url": url_for("ledgers.show", key=each.key),
                "active": each.key == key,
            }
            for each in ledgers
        ],
        pages=pages("ledgers.show", number, counted[key], key=key),
    )


def _row(entry: Entry, ledger: Ledger) -> dict[str, Any]:
    matter, task = entry.matter, entry.task
    since = task.opened_at.astimezone(pack().calendar.zone)
    return {
        "ref": matter.number or matter.case_id,
        "number": matter.number or "待编号",
        "title": matter.title,
        "township": pack().unit_name(matter.unit),
        "step": task.name if task.state == "open" else "",
        "light": words.due(task.due_at, task.warn_at, now()) if task.state == "open" else None,
        "since_words": words.moment(since, now()),
        "since_exact": words.exact(since),
        "shown": [(label_of(pack(), field), _said(entry, field)) for field in ledger.shows if field in entry.shown],
    }


def _said(entry: Entry, field: str) -> str:
    """The latest answer, in the words of the form that it was given in."""
    answer, value = entry.shown[field]
    form = pack().forms.get(answer.form)
    lines = show(form, {field: value}, pack().lists) if form else []
    return lines[0].text if lines else ""
