"""故障: what the service could not do by itself, before those who look after it: try again, or skip with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from engine.incidents import LONGEST_REASON, CannotSkip, ReasonMissing
from processes.incidents import Incident, get_incident, list_incidents, may_manage, retry, skip
from processes.pack import Pack
from processes.people import Me, NotYours
from processes.tables import MatterRow
from web import words
from web.frame import asking, installation, now, pack
from web.guard import SIGNED_IN, permits, visit
from web.incident_words import skipping, what
from web.links import url_for

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")


@blueprint.get("/", endpoint="list")
@permits(SIGNED_IN)
def show_list() -> str:
    """What waits for those who look after the service, oldest first."""
    _refuse_others()
    rows = [line(each) for each in list_incidents(asking(), visit().me.county)]
    return render_template("incidents.html", rows=rows)


@blueprint.get("/<incident_id>")
@permits(SIGNED_IN)
def show(incident_id: str) -> str:
    """One incident: what happened, what can be done."""
    return _page(incident_id)


@blueprint.post("/<incident_id>/retry", endpoint="retry")
@permits(SIGNED_IN)
def try_again(incident_id: str) -> Response:
    """Have it tried again by the clock."""
    retry(installation(), visit().me.county, incident_id, me=visit().me, now=g.now)
    flash("已安排重试，结果会记入办理经过；仍办不成会再次出现在这里。", "success")
    return redirect(url_for("incidents.list"))


@blueprint.post("/<incident_id>/skip", endpoint="skip")
@permits(SIGNED_IN)
def go_without(incident_id: str) -> Response | tuple[str, int]:
    """Go on without it, for a written reason and with a second, deliberate yes."""
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    errors = {} if reason else {"reason": ReasonMissing().sentence}
    if not request.form.get("sure"):
        errors["sure"] = "请勾选确认：跳过后不能撤回。"
    if errors:
        return _page(incident_id, errors, reason), 422
    try:
        skip(installation(), visit().me.county, incident_id, reason=reason, me=visit().me, now=g.now)
    except CannotSkip as error:
        return _page(incident_id, {"reason": error.sentence + error.advice}, reason), 422
    flash("已跳过，理由已记入日志。", "success")
    return redirect(url_for("incidents.list"))


def banner(me: Me, county: Pack, matter: MatterRow) -> list[dict[str, Any]]:
    """The open incidents of a case, for those who look after them; nothing for others."""
    if not may_manage(me, county):
        return []
    return [line(each) for each in list_incidents(asking(), matter.county, case_id=matter.case_id)]


def line(incident: Incident) -> dict[str, Any]:
    """An incident as a list says it."""
    row, matter = incident.row, incident.matter
    title, story = what(row.kind)
    since = row.opened_at.astimezone(pack().calendar.zone)
    return {
        "id": row.id,
        "title": title,
        "story": story,
        "step": _step(incident),
        "matter": matter.title if matter else "",
        "number": (matter.number or "待编号") if matter else "",
        "ref": (matter.number or matter.case_id) if matter else "",
        "township": pack().unit_name(matter.unit) if matter else "",
        "since_words": words.moment(since, now()),
        "since_exact": words.exact(since),
        "tried": f"试了 {incident.attempts} 次" if incident.attempts else "",
        "may_retry": row.job_id is not None,
        "may_skip": row.kind != "tick",
        "skip_title": "关闭" if row.kind == "stuck" else "跳过",
        "skip_story": skipping(row.kind),
        "machine": row.error,
    }


def _step(incident: Incident) -> str:
    """The name on the diagram; a job that knows none says the task's."""
    if incident.task is not None:
        return incident.task.name
    return "" if incident.row.place == incident.row.kind else incident.row.place


def _page(incident_id: str, errors: dict[str, str] | None = None, reason: str = "") -> str:
    _refuse_others()
    incident = line(get_incident(asking(), visit().me.county, incident_id))
    return render_template(
        "incident.html", incident=incident, errors=errors or {}, reason=reason, longest=LONGEST_REASON
    )


def _refuse_others() -> None:
    if not may_manage(visit().me, pack()):
        raise NotYours
