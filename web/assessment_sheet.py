"""An assessment as its pages say it: ranks, figures as links to their cases, what was left out, who signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from processes.assessment.figures import Figure, Rate
from processes.assessment.read import rules_in
from processes.assessment.rules import Measure, Rules
from processes.assessment.scoring import Line
from processes.pack import Pack
from processes.queries.assessments import CountedCases, Listed, WholeAssessment, has_assessment
from processes.tables_assessment import AssessmentRow
from web import words
from web.frame import asking, now
from web.frame import pack as county
from web.guard import visit
from web.links import url_for

ALL, WHISTLES = "cases", "whistles"
"""Of a unit's line: every case it took part in. Of a township's: every matter it raised."""
_MISSED = {"on_time": "超时", "again": "返工", "reopened": "又出现"}


@dataclass(frozen=True)
class Counted:
    """One figure of one unit, with what its page is called and says of single cases."""

    unit: str
    name: str
    said: str
    cases: tuple[str, ...]
    missed: tuple[str, ...] = ()
    missed_word: str = ""
    by_rule: tuple[str, ...] = ()
    is_rating: bool = False


def address(pack: Pack, matter: Any) -> str | None:
    """Where the sheet of this case is, if it is an assessment with one that I may see.

    A case of the processes that are assessed has none, and nothing is asked: those are the many.
    """
    start, rules = pack.starts.get(matter.start), rules_in(pack.files)
    if start is None or rules is None or start.process in rules.processes:
        return None
    seen = has_assessment(asking(), visit().me, matter.case_id)
    return url_for("assessments.show", case_id=matter.case_id) if seen else None


def listed(each: Listed) -> dict[str, Any]:
    """An assessment in the list."""
    return _head(each.row) | {"sheets": each.sheets}


def page(whole: WholeAssessment, rules: Rules, its_pack: Pack) -> dict[str, Any]:
    """The context of assessment.html, and what the workbook is written from."""
    row = whole.row
    ranked = [_line(row, line, rules, its_pack) for line in whole.lines if line.rank is not None]
    return {
        "assessment": _head(row) | {"case_url": _case_url(whole), "drawn": _moment(whole.sheet.drawn_at)},
        "measures": [_measure(each) for each in rules.measures.values()],
        "ranked": ranked,
        "unranked": [_line(row, line, rules, its_pack) for line in whole.lines if line.rank is None],
        "hidden": whole.hidden,
        "rates": _rates(row, whole.rates, rules, its_pack),
        "band": rules.band,
        "exclusions": [_exclusion(each, its_pack) for each in whole.exclusions],
        "signed": [_signature(each, its_pack) for each in row.signed],
        "rules": rules,
        "least": rules.periods[row.period].at_least,
        "period": rules.periods[row.period].name,
    }


def counted(whole: WholeAssessment, rules: Rules, its_pack: Pack, *, unit: str, figure: str) -> Counted | None:
    """The figure that a page of cases is about; None when there is none or this person is not shown it."""
    rate = next((rate for rate in whole.rates if rate.unit == unit), None)
    if figure == WHISTLES:
        return _whistles(rate, rules, its_pack) if rate else None
    line, measure = whole.line(unit), rules.measures.get(figure)
    if line is None or not line.figures or (measure is None and figure != ALL):
        return None
    if measure is None:
        return Counted(its_pack.unit_name(unit), "参加的件", f"{len(line.cases)} 件", line.cases)
    found = line.figures[figure]
    said = " ".join((*figure_words(found, measure), by_rule_words(found)))
    told = (its_pack.unit_name(unit), measure.name, said, found.cases, found.missed)
    return Counted(*told, _MISSED.get(measure.counts, ""), found.by_rule, measure.counts == "rating")


def cases(
    whole: WholeAssessment,
    figure: Counted,
    found: CountedCases,
    answers: Mapping[str, str],
    hurried: Collection[str],
) -> dict[str, Any]:
    """The context of assessment_cases.html: `answers` are what the unit said to its ratings, by case; `hurried` the
    cases that were rated in a burst.
    """
    rows = [
        {
            "ref": matter.number or matter.case_id,
            "number": matter.number or "待编号",
            "title": matter.title,
            "township": county().unit_name(matter.unit),
            "missed": figure.missed_word if matter.case_id in figure.missed else "",
            "by_rule": matter.case_id in figure.by_rule,
            "hurried": figure.is_rating and matter.case_id in hurried,
            "answer": answers.get(matter.case_id, "") if figure.is_rating else "",
        }
        for matter in found.matters
    ]
    why = "已过保留年限" if visit().me.sees_county else "与您的单位无关"
    return {"assessment": _head(whole.row), "figure": figure, "rows": rows, "others": found.others, "why": why}


def figure_words(figure: Figure, measure: Measure) -> tuple[str, str]:
    """A figure as people say it, and out of what: ("95%", "19/20 件"), ("22.5", "满分 25"); a dash for none."""
    if figure.value is None:
        return "—", ""
    if measure.counts == "on_time":
        return f"{_rounded(figure.value * 100, 0)}%", f"{figure.hits}/{figure.of} 件"
    if measure.counts in ("again", "reopened"):
        return f"{_rounded(figure.value, 2)}", f"{figure.hits} 次/{figure.of} 件"
    return f"{_rounded(figure.value * measure.most, 1)}", f"满分 {measure.most}"


def by_rule_words(figure: Figure) -> str:
    """How many of its cases nobody rated, so that the county's rule did; empty for none."""
    return f"{len(figure.by_rule)} 件按规则计" if figure.by_rule else ""


def _head(row: AssessmentRow) -> dict[str, Any]:
    open_until = row.published_at is None and row.appeals_until >= now().date()
    state = "已公布" if row.published_at else "公示中" if open_until else "待签字公布"
    return {
        "id": row.case_id,
        "title": row.title,
        "span": f"{_day(row.first_day)}至{_day(row.last_day)}",
        "appeals_until": _day(row.appeals_until),
        "open_until": open_until,
        "state": state,
        "light": "green" if row.published_at else "grey",
        "published": _moment(row.published_at) if row.published_at else "",
    }


def _line(row: AssessmentRow, line: Line, rules: Rules, its_pack: Pack) -> dict[str, Any]:
    figures = [_figure(row, line, key, measure) for key, measure in rules.measures.items()]
    return {
        "unit": its_pack.unit_name(line.unit),
        "mine": line.unit in visit().me.units,
        "rank": line.rank,
        "score": "" if line.score is None else f"{line.score}",
        "why": line.why,
        "is_open": bool(line.figures),
        "count": len(line.cases),
        "url": _cases_url(row, line.unit, ALL) if line.cases else "",
        "figures": figures if line.figures else [],
    }


def _figure(row: AssessmentRow, line: Line, key: str, measure: Measure) -> dict[str, Any]:
    if key not in line.figures:
        return {}
    figure = line.figures[key]
    said, out_of = figure_words(figure, measure)
    url = _cases_url(row, line.unit, key) if figure.cases else ""
    return {"name": measure.name, "said": said, "out_of": out_of, "by_rule": by_rule_words(figure), "url": url}


def _measure(measure: Measure) -> dict[str, str]:
    return {"name": measure.name, "points": f"{measure.points} 分" if measure.points else "扣分项"}


def _rates(row: AssessmentRow, rates: Iterable[Rate], rules: Rules, its_pack: Pack) -> list[dict[str, Any]]:
    """Townships out of the band first: those are what one looks for."""
    order = {"above": 0, "below": 1, "within": 2}
    said = {"above": rules.band.above, "below": rules.band.below, "within": rules.band.within}
    return [
        {
            "unit": its_pack.unit_name(rate.unit),
            "count": len(rate.cases),
            "value": f"{_rounded(rate.value, 1)}",
            "place": rate.place,
            "said": said[rate.place],
            "url": _cases_url(row, rate.unit, WHISTLES) if rate.cases else "",
        }
        for rate in sorted(rates, key=lambda rate: (order[rate.place], -rate.value))
    ]


def _whistles(rate: Rate, rules: Rules, its_pack: Pack) -> Counted:
    said = f"{len(rate.cases)} 件，每 {rules.band.per_days} 天 {_rounded(rate.value, 1)} 件"
    return Counted(its_pack.unit_name(rate.unit), rules.band.name, said, rate.cases)


def _exclusion(row: Any, its_pack: Pack) -> dict[str, str]:
    told = {"number": row.number, "reason": row.reason, "unit": its_pack.unit_name(row.unit)}
    return told | {"at": _moment(row.at)}


def _signature(signed: dict[str, str], its_pack: Pack) -> dict[str, str]:
    post = f"{its_pack.unit_name(signed['unit'])} {its_pack.post_name(signed['post'])}"
    at = datetime.fromisoformat(signed["at"])
    return {"step": signed["step"], "name": signed["name"], "post": post, "at": _moment(at)}


def _case_url(whole: WholeAssessment) -> str:
    return url_for("cases.show", number_or_id=whole.row.case_id) if whole.case_shown else ""


def _cases_url(row: AssessmentRow, unit: str, figure: str) -> str:
    return url_for("assessments.cases", case_id=row.case_id, unit=unit, figure=figure)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(at: datetime) -> str:
    return words.exact(at.astimezone(county().calendar.zone))
