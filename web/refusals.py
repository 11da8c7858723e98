"""被拒绝的操作: what people tried and were refused, before those who look after the service."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from processes.incidents import may_manage
from processes.people import NotYours
from processes.queries.refusals import Refusal, list_refusals
from web import words
from web.frame import asking, now, pack
from web.guard import SIGNED_IN, permits, visit
from web.paging import page_number, pages

blueprint = Blueprint("refusals", __name__, url_prefix="/refusals")

_ACTS = {
    "tasks.show": "打开待办",
    "tasks.complete": "提交办理",
    "tasks.claim": "签收",
    "tasks.release": "放回",
    "tasks.draft": "存草稿",
    "cases.show": "查看事项",
    "cases.new": "打开发起页面",
    "cases.raise": "发起",
    "cases.draft": "存发起草稿",
    "assessments.show": "查看考核",
    "assessments.cases": "查看考核的件",
    "assessments.excel": "导出考核",
    "assessments.ratings": "查看评分情况",
    "papers.view": "查看材料",
    "papers.thumbnail": "查看材料",
    "papers.download": "下载材料",
    "incidents.list": "查看故障",
    "incidents.show": "查看故障",
    "incidents.retry": "重试故障",
    "incidents.skip": "跳过故障",
    "knowledge.show": "查看典型案例",
    "ledgers.show": "查看台账",
    "refusals.list": "查看被拒绝的操作",
    "supervision.list": "查看督办",
}


@blueprint.get("/", endpoint="list")
@permits(SIGNED_IN)
def show_list() -> str:
    """The refused acts, newest first, of one person or one day if asked."""
    if not may_manage(visit().me, pack()):
        raise NotYours
    person, day, number = request.args.get("person", "").strip()[:60], _day(), page_number()
    since = datetime.combine(day, time(), pack().calendar.zone) if day else None
    until = since + timedelta(days=1) if since else None
    found, total = list_refusals(asking(), visit().me.county, person=person, since=since, until=until, page=number)
    asked = {"person": person or None, "day": day.isoformat() if day else None}
    return render_template(
        "refusals.html",
        rows=[_row(each) for each in found],
        person=person,
        day=asked["day"] or "",
        pages=pages("refusals.list", number, total, **asked),
    )


def _row(refusal: Refusal) -> dict[str, Any]:
    row, matter = refusal.row, refusal.matter
    at = row.at.astimezone(pack().calendar.zone)
    return {
        "name": refusal.name or "已离开的人员",
        "act": _ACTS.get(row.act, row.act),
        "sentence": row.sentence,
        "ref": (matter.number or matter.case_id) if matter else "",
        "title": matter.title if matter else "",
        "number": (matter.number or "待编号") if matter else "",
        "at_words": words.moment(at, now()),
        "at_exact": words.exact(at),
    }


def _day() -> date | None:
    """The day asked for; nonsense is every day, and so is the last day there is, which has no tomorrow."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2999, 12, 31) else None
