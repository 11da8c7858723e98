"""待办 and 已办: what waits for me, most urgent first, and what I have done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, g, render_template, request

from processes.queries.inbox import FILTERS, PAGE, DoneItem, count_done_since, list_done, list_inbox
from processes.queries.notices import Notice, list_notices
from web import words
from web.frame import SOON, asking, counts, now, pack
from web.guard import SIGNED_IN, permits, visit
from web.inbox_line import lines
from web.links import url_for
from web.paging import Pages, page_number, pages, uncounted

blueprint = Blueprint("inbox", __name__)
_LABELS = {"all": "全部", "late": "已超期", "soon": "24 小时内到期", "mine": "我已签收", "pool": "未签收"}


@blueprint.get("/")
@permits(SIGNED_IN)
def show() -> str:
    """The inbox."""
    me, chosen, number = visit().me, _chosen(), page_number()
    session = asking()
    items = list_inbox(session, me, now=g.now, soon=g.now + SOON, chosen=chosen, page=number)
    done = count_done_since(session, me, _monday())
    return render_template(
        "inbox.html",
        rows=lines(items, me, pack(), now=now(), at=url_for("tasks.show", task_id="")),
        tiles=_tiles(done),
        filters=_filters(chosen),
        filtered=chosen != "all",
        today_words=words.today(now()),
        notices=[_notice(each) for each in list_notices(session, me)],
        pages=_pages(chosen, number, len(items)),
    )


@blueprint.get("/done")
@permits(SIGNED_IN)
def done() -> str:
    """What I have done."""
    number = page_number()
    items, total = list_done(asking(), visit().me, page=number)
    return render_template(
        "done.html", rows=[_done_row(item) for item in items], pages=pages("inbox.done", number, total)
    )


def _done_row(item: DoneItem) -> dict[str, Any]:
    form = pack().forms.get(item.task.form)
    outcome = form.find_outcome(item.task.outcome or "") if form else None
    at = (item.task.closed_at or now()).astimezone(pack().calendar.zone)
    return {
        "ref": item.matter.number or item.matter.case_id,
        "number": item.matter.number or "待编号",
        "title": item.matter.title,
        "township": pack().unit_name(item.matter.unit),
        "step_name": item.task.name,
        "outcome_words": outcome.label if outcome else "",
        "state_words": pack().word("ends", item.ended, default="已结束") if item.ended else "办理中",
        "at_words": words.moment(at, now()),
        "at_exact": words.exact(at),
    }


def _notice(notice: Notice) -> dict[str, Any]:
    at = notice.at.astimezone(pack().calendar.zone)
    return {
        "ref": notice.number or notice.case_id,
        "title": notice.title,
        "kind": notice.kind,
        "text": notice.text,
        "at_words": words.moment(at, now()),
        "at_exact": words.exact(at),
    }


def _tiles(done: int) -> list[dict[str, Any]]:
    waiting, home = counts(), url_for("inbox.show")
    said = (
        ("all", "待我办", home),
        ("soon", "24 小时内到期", url_for("inbox.show", only="soon")),
        ("late", "已超期", url_for("inbox.show", only="late")),
    )
    tiles = [_tile(key, label, waiting.by_filter[key], url, waiting.most) for key, label, url in said]
    return [*tiles, _tile("done", "本周已办", done, url_for("inbox.done"))]


def _tile(key: str, label: str, count: int, url: str, most: int | None = None) -> dict[str, Any]:
    return {"key": key, "label": label, "count": count, "words": words.count(count, most), "url": url}


def _filters(chosen: str) -> list[dict[str, Any]]:
    waiting = counts()
    return [
        {
            "key": name,
            "label": _LABELS[name],
            "count": words.count(waiting.by_filter[name], waiting.most),
            "url": url_for("inbox.show", only=None if name == "all" else name),
            "active": name == chosen,
        }
        for name in FILTERS
    ]


def _pages(chosen: str, number: int, shown: int) -> Pages:
    waiting, only = counts().by_filter[chosen], None if chosen == "all" else chosen
    if waiting > counts().most:
        return uncounted("inbox.show", number, shown, PAGE, only=only)
    return pages("inbox.show", number, waiting, PAGE, only=only)


def _chosen() -> str:
    chosen = request.args.get("only", "all")
    return chosen if chosen in FILTERS else "all"


def _monday() -> Any:
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())
