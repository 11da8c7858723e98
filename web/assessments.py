"""考核: the list of assessments, one sheet, the cases a figure was counted from, and the sheet for Excel."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from processes.assessment.read import rules_in
from processes.assessment.rules import Rules
from processes.bursts import burst_rules
from processes.pack import Pack
from processes.people import NotYours
from processes.queries.assessments import (
    NoSuchAssessment,
    WholeAssessment,
    counted_cases,
    find_assessment,
    get_assessment,
    last_sheet,
    list_assessments,
)
from processes.queries.ratings import answers_to_ratings, recent_bursts, watched_ratings
from web import assessment_excel, assessment_sheet, rating_lines
from web.frame import asking, installation, now, pack
from web.guard import SIGNED_IN, permits, visit

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/", endpoint="list")
@permits(SIGNED_IN)
def show_list() -> str:
    """The assessments I may see: those that are published, and drafts that my unit was asked to look at."""
    found = list_assessments(asking(), visit().me)
    rows = [assessment_sheet.listed(each) for each in found]
    return render_template("assessments.html", rows=rows, watches=visit().me.sees_county)


@blueprint.get("/ratings")
@permits(SIGNED_IN)
def ratings() -> str:
    """评分情况: who rated many matters in a short time, what the rule had to count; for those who see the county."""
    if not visit().me.sees_county:
        raise NotYours
    watched = watched_ratings(asking(), visit().me, pack(), g.now)
    return render_template("ratings.html", **rating_lines.page(watched, pack(), burst_rules(pack(), now().date())))


@blueprint.get("/<case_id>")
@permits(SIGNED_IN)
def show(case_id: str) -> str:
    """One assessment: who stands where, by which figures, and what was left out."""
    whole, rules, its_pack = _assessment(case_id)
    return render_template("assessment.html", **assessment_sheet.page(whole, rules, its_pack))


@blueprint.get("/<case_id>/cases")
@permits(SIGNED_IN)
def cases(case_id: str) -> str:
    """The cases that one figure was counted from: those I may open, and how many others there are."""
    whole, rules, its_pack = _assessment(case_id)
    asked = {name: request.args.get(name, "")[:60] for name in ("unit", "figure")}
    figure = assessment_sheet.counted(whole, rules, its_pack, **asked)
    if figure is None:
        raise NoSuchAssessment
    found = counted_cases(asking(), visit().me, figure.cases)
    shown = [matter.case_id for matter in found.matters]
    answers = answers_to_ratings(asking(), visit().me.county, asked["unit"], shown)
    bursts = recent_bursts(asking(), pack(), g.now) if visit().me.sees_county else []
    hurried = {case for burst in bursts for case in burst.cases}
    return render_template("assessment_cases.html", **assessment_sheet.cases(whole, figure, found, answers, hurried))


@blueprint.get("/<case_id>/excel")
@permits(SIGNED_IN)
def excel(case_id: str) -> AnyResponse:
    """The same figures as a workbook."""
    whole, rules, its_pack = _assessment(case_id)
    shown = assessment_sheet.page(whole, rules, its_pack)
    sent: Response = send_file(
        assessment_excel.workbook(shown, whole, rules),
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"{whole.row.title}.xlsx",
    )
    return sent


def _assessment(case_id: str) -> tuple[WholeAssessment, Rules, Pack]:
    """An assessment as this person may see it, with the folder its last sheet was drawn by."""
    row = find_assessment(asking(), visit().me, case_id)
    sheet = last_sheet(asking(), row)
    its_pack = installation().pack(asking(), row.county, sheet.digest)
    rules: Any = rules_in(its_pack.files)  # it was drawn by them
    return get_assessment(asking(), visit().me, row, sheet, rules), rules, its_pack
