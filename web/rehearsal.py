"""演练时钟: a rehearsal's clock, moved forward by those who look after the service; what is due happens in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from engine.errors import Rejected
from engine.store.journal import Line
from processes.incidents import may_manage
from processes.people import NotYours
from processes.queries.by_itself import list_by_itself
from processes.rehearsal import Advanced, NotARehearsal, a_working_day_later, advance, next_stop
from processes.tables import MatterRow
from web import words
from web.clock import Clock
from web.frame import asking, installation, now, pack
from web.guard import SIGNED_IN, permits, visit
from web.links import url_for

blueprint = Blueprint("rehearsal", __name__, url_prefix="/clock")
_KINDS = {
    "light": "提醒或红灯",
    "tick": "流程定时",
    "verb": "系统办理",
    "deliver": "送达消息",
    "signal": "传出信号",
    "signal_case": "传到信号",
    "send": "对外消息",
}
_SAID = {
    "TaskNearlyDue": "提醒：“{name}”即将到期",
    "TaskTurnedRed": "亮红灯：“{name}”已超期",
    "EventCaught": "到点：“{name}”",
    "VerbDone": "系统办成一步",
    "CaseEnded": "结束：“{name}”",
}


class NoSuchTime(Rejected):
    """One cannot tell to what time the clock should be moved."""

    code = "no_such_time"
    message = "没有看懂要拨到什么时候。"
    advice = "请用按钮，或把日期和时间填完整。"


@blueprint.get("/")
@permits(SIGNED_IN)
def show() -> str:
    """The rehearsal's time, large, and how to move it."""
    return _page()


@blueprint.post("/", endpoint="forward")
@permits(SIGNED_IN)
def move() -> Response | tuple[str, int]:
    """Move the clock forward; everything due on the way happens, in order."""
    _refuse_others()
    try:
        to = _wanted()
        advanced = advance(installation(), to, Clock.machine)
    except Rejected as error:
        return _page(error.sentence + error.advice), 422
    flash(_told(advanced), "warning" if advanced.more else "success")
    return redirect(url_for("rehearsal.show", to=to.isoformat() if advanced.more else None))


def _wanted() -> datetime:
    """The moment that was asked for, by a button or in words."""
    find = _BUTTONS.get(request.form.get("by", ""))
    to = find() if find is not None else _moment(request.form.get("at", ""))
    if to is None:
        raise NoSuchTime
    return to


def _next_due() -> datetime | None:
    due = next_stop(installation())
    return None if due is None else max(due.astimezone(pack().calendar.zone), now() + timedelta(seconds=1))


_BUTTONS: dict[str, Callable[[], datetime | None]] = {
    "next": _next_due,
    "hour": lambda: now() + timedelta(hours=1),
    "day": lambda: now() + timedelta(days=1),
    "workday": lambda: a_working_day_later(pack().calendar, g.now),
}


def _moment(text: str) -> datetime | None:
    """2026-09-10T09:00 on the county's wall clock, or with a zone of its own."""
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=pack().calendar.zone) if at.tzinfo is None else at.astimezone(pack().calendar.zone)
    except (ValueError, OverflowError):
        return None


def _told(advanced: Advanced) -> str:
    """拨到 9月9日（周三） 17:30。其间：提醒 3 次、亮红灯 2 次。"""
    counted = Counter(_KINDS.get(each.kind, "其他") for each in advanced.happened if each.succeeded)
    did = "、".join(f"{name} {count} 次" for name, count in counted.items())
    failed = sum(not each.succeeded for each in advanced.happened)
    parts = [
        f"已拨到 {words.exact(advanced.at.astimezone(pack().calendar.zone))}。",
        f"其间：{did}。" if did else "其间没有到期的事。",
        f"另有 {failed} 次没有办成，会再试。" if failed else "",
        "到期的事太多，还没有办完，请点“继续”。" if advanced.more else "",
    ]
    return "".join(parts)


def _page(error: str = "") -> str:
    _refuse_others()
    due, to = next_stop(installation()), _moment(request.args.get("to", ""))
    lines = [_line(*each) for each in list_by_itself(asking(), pack().code)]
    zone = pack().calendar.zone
    clock = {
        "date": f"{now():%Y}年{now().month}月{now().day}日 {words.today(now()).partition(' ')[2]}",
        "time": f"{now():%H:%M}",
        "next_words": words.moment(due.astimezone(zone), now()) if due else "",
        "next_in": words.span(due - g.now) if due and due > g.now else "",
        "further": to.isoformat() if to and to > now() else "",
        "further_words": words.exact(to) if to else "",
        "least": f"{now():%Y-%m-%dT%H:%M}",
        "error": error,
    }
    return render_template("clock.html", clock=clock, lines=lines)


def _line(line: Line, matter: MatterRow) -> dict[str, Any]:
    at = line.at.astimezone(pack().calendar.zone)
    return {
        "at_words": words.moment(at, now()),
        "at_exact": words.exact(at),
        "what": _SAID[line.fact].format(name=line.facts.get("name", "")),
        "kind": "late" if line.fact == "TaskTurnedRed" else "noted",
        "title": matter.title,
        "ref": matter.number or matter.case_id,
    }


def _refuse_others() -> None:
    if not may_manage(visit().me, pack()):
        raise NotYours
    if not installation().rehearsal:
        raise NotARehearsal
