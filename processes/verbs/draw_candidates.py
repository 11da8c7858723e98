"""`draw_candidates`: who may be commended, drawn up from a published assessment by commendation.toml (DC-15)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from processes.assessment.read import rules_in
from processes.assessment.rules import Rules
from processes.commendation.candidates import offered
from processes.commendation.gather import barred_units, persons_of, published, units_of
from processes.commendation.rules import Commending, commending_in
from processes.people import names
from processes.personal import case_in
from processes.toml_tables import RulesUnreadable
from processes.verbs.asking import Asking, BusinessError

NOT_PUBLISHED = "not_published"


def draw_candidates(asking: Asking) -> Mapping[str, object]:
    """Inputs: `assessment`, its case; `unit_places` and `person_places`, how many may be commended.

    Gives back `unit_candidates` and `person_candidates`, the best first: rows with `unit`, `name`, `score`,
    `suggested` and `barred` (why, or ""), those of persons also with `person` and `called`.
    Business error `not_published`: that assessment was not published, or is of a period nobody is commended for.
    """
    assessing, rules = _rules(asking)
    session, county = asking.session, asking.case.county
    row = published(session, county, case_in(asking.asked.inputs.get("assessment")), rules)
    if row is None:
        raise BusinessError(NOT_PUBLISHED, "这次考核还没有公布，或者不是评先评优用的那种考核")
    units, persons = units_of(session, row), persons_of(session, asking.pack, row, assessing, rules)
    barred = barred_units(session, asking.pack, row, rules)
    called = {unit.code: unit.short for unit in asking.pack.units.values()}
    people = {**called, **names(session, county, [each.person for each in persons])}
    return {
        "unit_candidates": offered(units, _places(asking, "unit_places"), barred, called),
        "person_candidates": offered(persons, _places(asking, "person_places"), barred, people),
    }


def _rules(asking: Asking) -> tuple[Rules, Commending]:
    try:
        assessing, rules = rules_in(asking.pack.files), commending_in(asking.pack.files)
    except RulesUnreadable as error:
        raise asking.misused(f"assessment.toml、commendation.toml 不能用：{error}") from error
    if assessing is None or rules is None:
        raise asking.misused("本县文件夹里要有 assessment.toml 和 commendation.toml")
    return assessing, rules


def _places(asking: Asking, name: str) -> int:
    value = asking.asked.inputs.get(name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        raise asking.misused(f"{name} 应为名额（不小于 0 的数）")
    return int(value)
