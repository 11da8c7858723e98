"""Who may be commended, best first: units by their assessment, persons by what they did in its cases. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from engine.feel import FeelError
from processes.assessment.figures import Rated
from processes.assessment.scoring import Line
from processes.commendation.rules import Commending


@dataclass(frozen=True)
class Work:
    """A step that a person did for their unit in a case that counts; `due_at` is None where it had no limit."""

    case_id: str
    unit: str
    person: str
    due_at: datetime | None
    closed_at: datetime


@dataclass(frozen=True)
class Candidate:
    """A unit, or a person of it (`person` is an account's id, "" for a unit): its score, and what that comes from."""

    unit: str
    score: Decimal
    why: str
    person: str = ""


def unit_candidates(lines: Iterable[Line]) -> list[Candidate]:
    """The units that an assessment ranked, the best first."""
    return [
        Candidate(line.unit, line.score, f"第 {line.rank} 名，{line.score} 分，{len(line.cases)} 件")
        for line in lines
        if line.score is not None and line.rank is not None
    ]


def person_candidates(works: Iterable[Work], ratings: Iterable[Rated], rules: Commending) -> list[Candidate]:
    """The persons with cases enough and a score, the best first; persons alike by their ids."""
    totals = _totals(ratings)
    by_person: dict[tuple[str, str], list[Work]] = {}
    for work in works:
        by_person.setdefault((work.unit, work.person), []).append(work)
    found = (_person(unit, person, did, totals, rules) for (unit, person), did in by_person.items())
    return sorted((each for each in found if each), key=lambda each: (-each.score, each.unit, each.person))


def offered(
    candidates: Sequence[Candidate], places: int, barred: Mapping[str, str], names: Mapping[str, str]
) -> list[dict[str, object]]:
    """The candidates as rows of a form, twice as many as there are places, and those who are barred on the way.

    The first that are not barred are `suggested`. `names` are what people call units and persons, by code and id.
    """
    rows: list[dict[str, object]] = []
    free = 0
    for each in candidates:
        if free >= 2 * places:
            break
        why = barred.get(each.unit, "")
        free += not why
        rows.append(_row(each, why, suggested=not why and free <= places, names=names))
    return rows


def _row(each: Candidate, barred: str, *, suggested: bool, names: Mapping[str, str]) -> dict[str, object]:
    called = "　".join(names.get(code, code) for code in (each.unit, each.person) if code)
    told = f"不能评：{barred}" if barred else "建议" if suggested else "备选"
    row: dict[str, object] = {"name": f"{called}（{each.why}；{told}）", "unit": each.unit, "score": each.why}
    if each.person:
        row |= {"person": each.person, "called": names.get(each.person, "")}
    return row | {"suggested": suggested, "barred": barred}


def _person(
    unit: str, person: str, did: Collection[Work], totals: Mapping[tuple[str, str], Decimal], rules: Commending
) -> Candidate | None:
    cases = {work.case_id for work in did}
    if len(cases) < rules.at_least:
        return None
    in_time = sum(work.due_at is None or work.closed_at <= work.due_at for work in did)
    rated = [totals[case, unit] for case in cases if (case, unit) in totals]
    share = sum(rated, Decimal(0)) / len(rated) / rules.most if rated else None
    values = {"on_time": Decimal(in_time) / len(did), "rated": share, "cases": Decimal(len(cases))}
    score = _score(values, rules)
    said = "没有评分" if share is None else f"评分 {_rounded(share * 100, 0)}%"
    why = f"{score} 分，{len(cases)} 件，按时 {in_time}/{len(did)} 步，{said}"
    return None if score is None else Candidate(unit, score, why, person)


def _score(values: Mapping[str, Decimal | None], rules: Commending) -> Decimal | None:
    try:
        score = rules.score.evaluate(values)
    except FeelError:
        return None
    if isinstance(score, bool) or not isinstance(score, int | Decimal):
        return None
    return _rounded(Decimal(score), rules.decimals)


def _totals(ratings: Iterable[Rated]) -> dict[tuple[str, str], Decimal]:
    """What each unit got in each case, all aspects together."""
    found: dict[tuple[str, str], Decimal] = {}
    for row in ratings:
        found[row.case_id, row.unit] = found.get((row.case_id, row.unit), Decimal(0)) + row.score
    return found


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
