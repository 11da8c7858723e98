"""Ratings as they stand: of one matter, of all that the rule had to count, and of people who rated many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.store.tables import CaseRow
from processes.bursts import Act, Burst, burst_rules, find_bursts
from processes.pack import Pack
from processes.people import Me, may_see, names
from processes.tables import MatterRow, RatingRow

LOOKED_BACK = timedelta(days=366)


@dataclass(frozen=True)
class Watched:
    """What the office looks at: bursts, and the ratings that the rule counted; matters and people by id."""

    bursts: Sequence[Burst]
    by_rule: Sequence[RatingRow]
    matters: Mapping[str, MatterRow]
    people: Mapping[str, str]


def ratings_of(session: Session, county: str, case_id: str) -> list[RatingRow]:
    """Every score of a case; the caller has asked whether it may be seen."""
    asked = select(RatingRow).filter_by(county=county, case_id=case_id)
    return list(session.scalars(asked.order_by(RatingRow.at, RatingRow.task_id, RatingRow.unit)))


def answers_to_ratings(session: Session, county: str, unit: str, cases: Collection[str]) -> dict[str, str]:
    """What a unit said to its ratings, by case."""
    here = (RatingRow.county == county, RatingRow.unit == unit, RatingRow.case_id.in_(cases))
    said = select(RatingRow.case_id, RatingRow.answer).where(*here, RatingRow.answer.is_not(None)).distinct()
    return {case_id: answer for case_id, answer in session.execute(said) if answer}


def recent_bursts(session: Session, pack: Pack, now: datetime) -> list[Burst]:
    """The bursts of the last year, the latest first; none where the county does not ask."""
    rules = burst_rules(pack, pack.calendar.local(now).date())
    if rules is None:
        return []
    columns = (RatingRow.by, RatingRow.case_id, RatingRow.rater, RatingRow.at)
    recent = (RatingRow.county == pack.code, RatingRow.at >= now - LOOKED_BACK, RatingRow.by != "")
    acts = [Act(*row) for row in session.execute(select(*columns).where(*recent).distinct())]
    return find_bursts(acts, rules)


def watched_ratings(session: Session, me: Me, pack: Pack, now: datetime) -> Watched:
    """What the page of ratings shows to somebody who sees the whole county."""
    bursts = recent_bursts(session, pack, now)
    rule = (RatingRow.county == me.county, RatingRow.by_rule.is_(True), RatingRow.at >= now - LOOKED_BACK)
    by_rule = session.scalars(select(RatingRow).where(*rule).order_by(RatingRow.at.desc(), RatingRow.case_id)).all()
    cases = {row.case_id for row in by_rule}.union(*(burst.cases for burst in bursts))
    on = and_(CaseRow.county == MatterRow.county, CaseRow.id == MatterRow.case_id)
    matters = session.scalars(select(MatterRow).join(CaseRow, on).where(may_see(me), MatterRow.case_id.in_(cases)))
    people = names(session, me.county, {burst.by for burst in bursts})
    return Watched(bursts, by_rule, {matter.case_id: matter for matter in matters}, people)
