"""Matters like one that is being raised or judged: those of the same place first, then those that say the same (DC-3).

Looked at are the newest of the same unit and the newest of the whole county, `MOST_READ` each, that are open or closed
not long ago: however many matters a county has, no more is read (decision 0030). What a person may not see is counted
and never shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import log
from operator import attrgetter

from sqlalchemy import and_, bindparam, or_, select, true
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared
from engine.store.tables import CaseRow
from processes.gists import Gist, Grams, place_likeness
from processes.lists import Duty
from processes.pack import Pack
from processes.people import Me, may_see
from processes.queries.cases import Listed, open_tasks
from processes.queries.tasks import fitting_duties
from processes.similar import Similar
from processes.tables import MatterRow

MOST_READ = 4000
MOST_RANKED = 50
SAME_PLACE = 0.6
"""How much two places must have in common: a village alone is not yet the place within it."""


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

    `but` is the case that asks about itself. Three statements, one more when something is found.
    """
    values = {"county": me.county, "unit": unit, "closed_since": rules.closed_since(now)}
    rows = {row.case_id: row for query in (_OF_UNIT, _OF_COUNTY) for row in query.rows(session, values)}
    rows.pop(but, None)
    ranked = _rank(gist, unit, [_Other(row.case_id, row.unit, Gist.read(row.gist)) for row in rows.values()], rules)
    if not ranked:
        return Found()
    seen = _seen(session, me, [each.case_id for each in ranked])
    shown = [each for each in ranked if each.case_id in seen][: rules.most]
    tasks = open_tasks(session, me.county, [each.case_id for each in shown])
    matches = (Match(Listed(*seen[each.case_id], tasks.get(each.case_id, [])), each.same_place) for each in shown)
    return Found(tuple(matches), len(ranked) - len(seen))


def townships_own(pack: Pack, unit: str, text: str) -> list[Duty]:
    """Duty items that are the unit's own and fit what was typed at least as well as anybody else's (DC-5)."""
    kind = pack.units[unit].kind if unit in pack.units else ""
    fitting = [(duty, sum(map(len, hits))) for duty, hits in fitting_duties(pack, [text])]
    others = max((fit for duty, fit in fitting if not duty.is_townships_own), default=0)
    return [duty for duty, fit in fitting if duty.is_townships_own and duty.lead in (unit, kind) and fit >= others]


@dataclass(frozen=True)
class _Other:
    case_id: str
    unit: str
    gist: Gist


@dataclass(frozen=True)
class _Ranked:
    case_id: str
    same_place: bool
    likeness: float


def _rank(asked: Gist, unit: str, others: list[_Other], rules: Similar) -> list[_Ranked]:
    """Those that are alike enough, the likest first. At the same place half as much must be said alike."""
    said = Counter(gram for other in others for gram in asked.words & other.gist.words)
    weights = {gram: log(1 + (len(others) + 10) / (said[gram] + 1)) for gram in asked.words}
    found = []
    for other in others:
        same_place = other.unit == unit and place_likeness(asked.place, other.gist.place) >= SAME_PLACE
        likeness = _likeness(asked, other.gist, weights)
        if likeness >= rules.floor / (2 if same_place else 1):
            found.append(_Ranked(other.case_id, same_place, likeness))
    return sorted(found, key=attrgetter("same_place", "likeness"), reverse=True)[:MOST_RANKED]


def _likeness(asked: Gist, other: Gist, weights: Mapping[int, float]) -> float:
    """From 0 to 1: how much of the title, and of all that is asked, the other says too; what few say weighs more."""
    shares = [_share(part, other.words, weights) for part in (asked.title, asked.words) if part]
    return sum(shares) / len(shares) if shares else 0.0


def _share(asked: Grams, other: Grams, weights: Mapping[int, float]) -> float:
    return sum(weights[gram] for gram in asked & other) / sum(weights[gram] for gram in asked)


def _seen(session: Session, me: Me, cases: list[str]) -> dict[str, tuple[CaseRow, MatterRow]]:
    """Those of these cases that the person may see."""
    on = and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id)
    query = select(CaseRow, MatterRow).join(MatterRow, on).where(may_see(me), CaseRow.id.in_(cases))
    return {case.id: (case, matter) for case, matter in session.execute(query)}


def _newest(*, of_unit: bool) -> Prepared:
    """The newest matters with a gist that are open or closed since `closed_since`."""
    recent = (
        select(MatterRow.case_id, MatterRow.unit, MatterRow.gist)
        .where(MatterRow.county == bindparam("county"), MatterRow.gist.is_not(None))
        .where(MatterRow.unit == bindparam("unit") if of_unit else true())
        .order_by(MatterRow.started_at.desc())
        .limit(MOST_READ)
        .subquery()
    )
    return Prepared(
        select(recent)
        .join(CaseRow, and_(CaseRow.county == bindparam("county"), CaseRow.id == recent.c.case_id))
        .where(or_(CaseRow.ended_at.is_(None), CaseRow.ended_at >= bindparam("closed_since")))
    )


_OF_UNIT, _OF_COUNTY = _newest(of_unit=True), _newest(of_unit=False)
