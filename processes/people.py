"""People, their posts at units, and what that lets them see: one filter for every list and every check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select, true
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, OfferRow
from processes.pack import Pack
from processes.tables import ConcernRow, PersonRow, PostingRow


class NotYours(Rejected):
    """It is not yours to see or to do."""

    code = "not_yours"
    message = "这件事不由您办理，或与您的单位无关，不能查看。"
    advice = "如确需参与，请联系县吹哨办或本单位负责人。"


@dataclass(frozen=True)
class Posting:
    """A post held at a unit."""

    post: str
    unit: str


@dataclass(frozen=True)
class Me:
    """The person who asks. `sees_county` comes from the posts' `sees` column."""

    county: str
    id: str
    name: str
    postings: tuple[Posting, ...]
    sees_county: bool

    @property
    def units(self) -> list[str]:
        """The units where this person holds a post."""
        return list(dict.fromkeys(posting.unit for posting in self.postings))

    def holds(self, post: str, unit: str) -> bool:
        """Whether this person holds a post at a unit."""
        return Posting(post, unit) in self.postings


def _named(count: int) -> list[tuple[ColumnElement[str], ColumnElement[str]]]:
    """(post, unit) so many times, as values that `postings` gives."""
    return [(bindparam(f"post_{number}"), bindparam(f"unit_{number}")) for number in range(count)]


_NAMES = Prepared(
    select(PersonRow.id, PersonRow.name).where(
        PersonRow.county == bindparam("county"), PersonRow.id.in_(bindparam("people", expanding=True))
    )
)


def offered(post: Any, unit: Any) -> ColumnElement[bool]:
    """SQL: the offers to a post at a unit that the person `me` of the `county` may take: not claimed by another.

    The only such filter; who acts is checked against the task's locked row (processes.work), which offers follow.
    """
    return and_(
        OfferRow.county == bindparam("county"),
        OfferRow.unit == unit,
        OfferRow.post == post,
        or_(OfferRow.claimed_by.is_(None), OfferRow.claimed_by == bindparam("me")),
    )


@cache
def _holders(count: int) -> Prepared:
    """Built once for each number of posts at units that is asked for."""
    asked = or_(*(and_(PostingRow.post == post, PostingRow.unit == unit) for post, unit in _named(count)))
    return Prepared(
        select(PostingRow.post, PostingRow.unit, PostingRow.person).where(
            PostingRow.county == bindparam("county"), asked
        )
    )


def find_person(session: Session, pack: Pack, person_id: str) -> Me | None:
    """The person with this id and everything they hold."""
    row = session.get(PersonRow, (pack.code, person_id))
    if row is None:
        return None
    held = session.execute(
        select(PostingRow.post, PostingRow.unit).where(PostingRow.county == pack.code, PostingRow.person == person_id)
    )
    return me_of(row.id, row.name, [Posting(post, unit) for post, unit in held], pack)


def holders(session: Session, county: str, groups: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """Ids of the people who hold each (post, unit)."""
    wanted = list(dict.fromkeys(groups))
    found: dict[tuple[str, str], list[str]] = {group: [] for group in wanted}
    if wanted:
        for post, unit, person in _holders(len(wanted)).rows(session, {"county": county, **postings(wanted)}):
            found[post, unit].append(person)
    return found


def names(session: Session, county: str, ids: Iterable[str | None]) -> Mapping[str, str]:
    """Names by person id."""
    wanted = {each for each in ids if each}
    return dict(_NAMES.rows(session, {"county": county, "people": sorted(wanted)})) if wanted else {}


@dataclass(frozen=True)
class Asking:
    """What `may_see` asks to know about a person; bindparams in a statement that is written once for everybody."""

    county: Any
    units: Any
    sees_county: bool


def may_see(me: Me | Asking, county: Any = CaseRow.county, case_id: Any = CaseRow.id) -> ColumnElement[bool]:
    """SQL: the cases this person may see. The only such filter; lists and checks both use it (architecture, 9)."""
    mine = county == me.county
    if me.sees_county:
        return and_(mine, true())
    concerned = exists().where(
        ConcernRow.county == county, ConcernRow.case_id == case_id, ConcernRow.unit.in_(me.units)
    )
    return and_(mine, concerned)


def doing(me: Me) -> dict[str, Any]:
    """What `offered` asks to be told about a person."""
    held = [(posting.post, posting.unit) for posting in me.postings]
    return {"county": me.county, "me": me.id, **postings(held)}


def postings(groups: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Posts at units as the values of a statement that was built for so many."""
    return {
        f"{kind}_{number}": value
        for number, group in enumerate(groups)
        for kind, value in zip(("post", "unit"), group, strict=True)
    }


def me_of(person_id: str, name: str, postings: list[Posting], pack: Pack) -> Me:
    """A person with what they hold, the highest post first."""
    ranked = sorted(postings, key=lambda held: -(pack.posts[held.post].rank if held.post in pack.posts else 0))
    sees_county = any(held.post in pack.posts and pack.posts[held.post].sees == "county" for held in postings)
    return Me(pack.code, person_id, name, tuple(ranked), sees_county)
