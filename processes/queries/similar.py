"""Matters like one that is being raised or judged: those of the same place first, then those that say the same (DC-3).

Looked at are the newest matters of the same unit and the newest of the whole county: however many a county has, no more
is read (decision 0030). Of the likest those are left that are open or were closed not long ago. What a person may not
see is counted; nothing of it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import log
from operator import attrgetter
from typing import Any

from sqlalchemy import and_, bindparam, case, or_, select, true
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared
from engine.store.tables import CaseRow
from processes.gists import Gist, Grams, place_likeness, shared
from processes.lists import Duty
from processes.pack import Pack
from processes.people import Me, may_see
from processes.queries.cases import Listed, open_tasks
from processes.queries.tasks import fitting_duties
from processes.similar import Similar
from processes.tables import MatterRow

MOST_OF_UNIT, MOST_OF_COUNTY = 4000, 2000
MOST_RANKED = 100
SAME_PLACE = 0.6
"""Two places must have more than this in common: a village alone is not yet the place within it."""


@dataclass(frozen=True)
class Match:
    """A matter like the one asked about, that the person may see; why it is shown."""

    listed: Listed
    same_place: bool


@dataclass(frozen=True)
class Found:
    """The matters alike, the likest first, and how many more there are that the person may not see."""

    matches: tuple[Match, ...] = ()
    hidden: int = 0


def find_similar(
    session: Session, me: Me, rules: Similar, gist: Gist, unit: str, *, now: datetime, but: str = ""
) -> Found:
    """Matters like this one of `unit`, as far as the county's rules and this person's posts let them be shown.

    `but` is the case that asks about itself. Three statements, two more when there is something to show.
    """
    values = {"county": me.county, "unit": unit}
    rows = {row.case_id: row for query in (_OF_UNIT, _OF_COUNTY) for row in query.rows(session, values)}
    rows.pop(but, None)
    ranked = rank(gist, unit, rows.values(), rules)
    may_be_seen = _may_be_seen(session, me, [each.case_id for each in ranked], rules.closed_since(now))
    seen = [each for each in ranked if may_be_seen.get(each.case_id)]
    return Found(_shown(session, me, seen[: rules.most]), len(may_be_seen) - len(seen))


def townships_own(pack: Pack, unit: str, text: str) -> list[Duty]:
    """Duty items that are the unit's own and fit what was typed at least as well as anybody else's (DC-5)."""
    kind = pack.units[unit].kind if unit in pack.units else ""
    fitting = [(duty, sum(map(len, hits))) for duty, hits in fitting_duties(pack, [text])]
    others = max((fit for duty, fit in fitting if not duty.is_townships_own), default=0)
    return [duty for duty, fit in fitting if duty.is_townships_own and duty.lead in (unit, kind) and fit >= others]


@dataclass(frozen=True)
class Ranked:
    """How like a matter is."""

    case_id: str
    same_place: bool
    likeness: float


def rank(asked: Gist, unit: str, others: Collection[Any], rules: Similar) -> list[Ranked]:
    """Those alike enough among `others` (rows of case_id, unit, gist), the likest first.

    At the same place half as much must be said alike. What few of the others say weighs more than what all do.
    """
    said = [(other, shared(asked.words, other.gist)) for other in others]
    counted = Counter(chain.from_iterable(common for _, common in said))
    weights = {gram: log(1 + (len(said) + 10) / (counted[gram] + 1)) for gram in asked.words}
    parts = [(part, _weight(part, weights)) for part in (asked.title, asked.words) if part]
    found = []
    for other, common in said:
        if common:
            likeness = sum(_weight(part & common, weights) / whole for part, whole in parts) / len(parts)
            same_place = other.unit == unit and place_likeness(asked.place, Gist.read(other.gist).place) > SAME_PLACE
            if likeness >= rules.floor / (2 if same_place else 1):
                found.append(Ranked(other.case_id, same_place, likeness))
    return sorted(found, key=attrgetter("same_place", "likeness"), reverse=True)[:MOST_RANKED]


def _weight(grams: Grams, weights: Mapping[int, float]) -> float:
    return sum(weights[gram] for gram in grams)


def _may_be_seen(session: Session, me: Me, cases: list[str], closed_since: datetime) -> dict[str, bool]:
    """Of these cases those that are open or closed since, and whether the person may see each."""
    recent = or_(CaseRow.ended_at.is_(None), CaseRow.ended_at >= closed_since)
    query = select(CaseRow.id, case((may_see(me), 1), else_=0))
    found = session.execute(query.where(CaseRow.county == me.county, CaseRow.id.in_(cases), recent))
    return {case_id: bool(seen) for case_id, seen in found}


def _shown(session: Session, me: Me, ranked: list[Ranked]) -> tuple[Match, ...]:
    """These matters with what a list says of them, in the same order."""
    cases = [each.case_id for each in ranked]
    if not cases:
        return ()
    on = and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id)
    query = select(CaseRow, MatterRow).join(MatterRow, on).where(may_see(me), CaseRow.id.in_(cases))
    rows = {row.id: (row, matter) for row, matter in session.execute(query)}
    tasks = open_tasks(session, me.county, cases)
    return tuple(Match(Listed(*rows[each.case_id], tasks.get(each.case_id, [])), each.same_place) for each in ranked)


def _newest(*, of_unit: bool) -> Prepared:
    """The newest matters that have a gist."""
    return Prepared(
        select(MatterRow.case_id, MatterRow.unit, MatterRow.gist)
        .where(MatterRow.county == bindparam("county"), MatterRow.gist.is_not(None))
        .where(MatterRow.unit == bindparam("unit") if of_unit else true())
        .order_by(MatterRow.started_at.desc())
        .limit(MOST_OF_UNIT if of_unit else MOST_OF_COUNTY)
    )


_OF_UNIT, _OF_COUNTY = _newest(of_unit=True), _newest(of_unit=False)
