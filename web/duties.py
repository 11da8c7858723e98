"""事项清单: what it says now, its versions (who, when, why), and what townships cannot solve (DC-14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request

from processes.analyses import AnalysisRules, Beyond, beyond_townships
from processes.duty_changes import DutyChange
from processes.lists import Duty
from processes.people import names
from processes.queries.analyses import analysed_since
from processes.queries.duty_changes import duty_changes
from web import words
from web.frame import asking, now, pack, seen_cases
from web.guard import SIGNED_IN, permits, visit
from web.links import url_for

blueprint = Blueprint("duties", __name__, url_prefix="/duties")
_KINDS = {"add": "增加", "amend": "修改", "remove": "删去"}
_LOOKS_BACK = timedelta(days=366)


@blueprint.get("/", endpoint="list")
@permits(SIGNED_IN)
def show_list() -> str:
    """The list as it stands now; by words if asked."""
    asked = request.args.get("q", "").strip()[:60]
    found = [duty for duty in pack().duties.values() if _says(duty, asked)]
    changed = {change.code: change.version for change in duty_changes(asking(), visit().me.county)}
    return render_template("duties.html", tabs=_tabs("list"), q=asked, rows=[_duty(duty, changed) for duty in found])


@blueprint.get("/versions", endpoint="versions")
@permits(SIGNED_IN)
def show_versions() -> str:
    """Every version since the folder was set up, the newest first."""
    changes = duty_changes(asking(), visit().me.county)
    people = names(asking(), visit().me.county, [change.by for change in changes])
    rows = [_version(change, people.get(change.by, "")) for change in reversed(changes)]
    return render_template("duty_versions.html", tabs=_tabs("versions"), rows=rows)


@blueprint.get("/beyond", endpoint="beyond")
@permits(SIGNED_IN)
def show_beyond() -> str:
    """What townships could not solve in the last year, by item, from the analyses of matters that I may see."""
    rules = AnalysisRules.of(pack().county)
    analysed = analysed_since(asking(), visit().me, rules, now() - _LOOKS_BACK) if rules else []
    rows = [_beyond(each, rules) for each in beyond_townships(analysed, rules)] if rules else []
    return render_template("duties_beyond.html", tabs=_tabs("beyond"), rows=rows, analysed=len(analysed))


def _tabs(here: str) -> list[dict[str, Any]]:
    titles = {"list": "清单", "versions": "版本", "beyond": "乡镇解决不了的"}
    return [{"label": title, "url": url_for(f"duties.{key}"), "active": key == here} for key, title in titles.items()]


def _says(duty: Duty, asked: str) -> bool:
    return asked in f"{duty.code} {duty.item} {_whose(duty)} {duty.legal_basis} {'、'.join(duty.keywords)}"


def _whose(duty: Duty) -> str:
    return pack().word("unit_kinds", duty.lead) or pack().unit_name(duty.lead)


def _duty(duty: Duty, changed: dict[str, int]) -> dict[str, Any]:
    return {
        "code": duty.code,
        "item": duty.item,
        "lead": _whose(duty),
        "assistants": "、".join(pack().unit_name(unit) for unit in duty.assistants),
        "legal_basis": duty.legal_basis,
        "is_townships_own": duty.is_townships_own,
        "manual": duty.manual,
        "version": changed.get(duty.code),
    }


def _version(change: DutyChange, by: str) -> dict[str, Any]:
    at = change.at.astimezone(pack().calendar.zone)
    sealed = pack().duties.get(change.code)
    return {
        "version": change.version,
        "kind": _KINDS[change.kind],
        "code": change.code,
        "item": change.item or (sealed.item if sealed else ""),
        "reason": change.reason,
        "by": by,
        "case": change.case_id if seen_cases().name(change.case_id) else "",
        "case_name": seen_cases().name(change.case_id) or "",
        "at_words": words.moment(at, now()),
        "at_exact": words.exact(at),
    }


def _beyond(beyond: Beyond, rules: AnalysisRules) -> dict[str, Any]:
    duty = pack().duties.get(beyond.item)
    field = next((form.inputs[rules.cause] for form in pack().forms.values() if rules.cause in form.inputs), None)
    causes = [(pack().lists.label(field, cause) if field else cause, n) for cause, n in beyond.causes.most_common()]
    return {
        "item": f"{duty.code} {duty.item}" if duty else "没有对应的事项",
        "cases": len(beyond.cases),
        "townships": "、".join(sorted(pack().unit_name(unit) for unit in beyond.townships)),
        "causes": "；".join(f"{cause} {count} 件" for cause, count in causes),
        "recent": [{"ref": case, "name": seen_cases().name(case) or ""} for case in reversed(beyond.cases[-5:])],
    }
