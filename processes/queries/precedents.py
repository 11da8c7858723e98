"""What was decided before when a unit refused a matter: the newest verdicts for duty items, or for a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, select
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared
from processes.people import Asking, Me, may_see
from processes.tables import MatterRow, VerdictRow

MOST = 5


@dataclass(frozen=True)
class Precedent:
    """A verdict; the last three are None for those who may not see its case, or when that was removed."""

    item: str
    unit: str
    given_to: str | None
    verdict: str
    reason: str | None
    at: datetime
    case_id: str | None
    number: str | None
    title: str | None


def precedents_of_items(session: Session, me: Me, items: Sequence[str]) -> list[Precedent]:
    """The newest verdicts of this county for these items of the duty list, the newest first."""
    return _found(session, me, _OF_ITEMS, {"items": list(items)}) if items else []


def precedents_of_unit(session: Session, me: Me, unit: str) -> list[Precedent]:
    """The newest verdicts of this county on what this unit refused, the newest first."""
    return _found(session, me, _OF_UNIT, {"unit": unit})


def _found(session: Session, me: Me, asked: Mapping[bool, Prepared], about: Mapping[str, Any]) -> list[Precedent]:
    rows = asked[me.sees_county].rows(session, {"county": me.county, "units": me.units, **about})
    return [Precedent(*row[:6], *(row[6:9] if row.may_see else (None,) * 3)) for row in rows]


def _newest(about: ColumnElement[bool]) -> Mapping[bool, Prepared]:
    return {sees_county: _statement(about, sees_county) for sees_county in (True, False)}


def _statement(about: ColumnElement[bool], sees_county: bool) -> Prepared:
    asking = Asking(bindparam("county"), bindparam("units", expanding=True), sees_county)
    seen = may_see(asking, VerdictRow.county, VerdictRow.case_id)
    return Prepared(
        select(
            *(VerdictRow.item, VerdictRow.unit, VerdictRow.given_to, VerdictRow.verdict, VerdictRow.reason),
            *(VerdictRow.at, MatterRow.case_id, MatterRow.number, MatterRow.title),
            case((seen, 1), else_=0).label("may_see"),
        )
        .outerjoin(MatterRow, and_(MatterRow.county == VerdictRow.county, MatterRow.case_id == VerdictRow.case_id))
        .where(VerdictRow.county == bindparam("county"), about)
        .order_by(VerdictRow.at.desc(), VerdictRow.key)
        .limit(MOST)
    )


_OF_ITEMS = _newest(VerdictRow.item.in_(bindparam("items", expanding=True)))
_OF_UNIT = _newest(VerdictRow.unit == bindparam("unit"))
