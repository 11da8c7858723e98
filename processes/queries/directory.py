"""People as lists: the demonstration's cast, one's own visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from processes.pack import Pack
from processes.people import Me
from processes.tables import PersonRow, PostingRow, VisitRow


@dataclass
class DemoPerson:
    """One made-up person. `part` says what they do in the story."""

    id: str
    name: str
    posts_words: str
    part: str = ""


@dataclass
class DemoGroup:
    """The made-up people of one unit."""

    unit_name: str
    people: list[DemoPerson] = field(default_factory=list)


@dataclass
class DemoCast:
    """Everybody one can step in as: the people of the county's first story, then all by unit."""

    story: list[DemoPerson]
    groups: list[DemoGroup]


def list_demo_people(session: Session, pack: Pack) -> DemoCast:
    """The demonstration's people."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, PostingRow.post, PostingRow.unit)
        .join(PostingRow, and_(PostingRow.county == PersonRow.county, PostingRow.person == PersonRow.id))
        .where(PersonRow.county == pack.code, PersonRow.is_demo)
    )
    held: dict[tuple[str, str], tuple[str, str]] = {(unit, post): (id_, name) for id_, name, post, unit in rows}
    groups = []
    for unit in pack.units.values():
        posts = [post for post in pack.posts.values() if (unit.code, post.code) in held]
        people = [DemoPerson(*held[unit.code, post.code], post.name) for post in posts]
        if people:
            groups.append(DemoGroup(unit.name, people))
    return DemoCast(_cast(pack, held), groups)


def _cast(pack: Pack, held: dict[tuple[str, str], tuple[str, str]]) -> list[DemoPerson]:
    """Who acts in the county's demonstration story (county.toml, `demo_story`), in the order they act."""
    story = pack.stories.get(str(pack.county.get("demo_story", "")))
    cast: dict[str, DemoPerson] = {}
    for step in story.steps if story else ():
        post, _, unit = step.by.partition("@")
        if step.does and (unit, post) in held and step.by not in cast:
            words = f"{pack.unit_name(unit)} {pack.post_name(post)}"
            cast[step.by] = DemoPerson(*held[unit, post], words, _step_name(pack, step.does))
    return list(cast.values())


def _step_name(pack: Pack, step: str) -> str:
    found = (process.find(step) for process in pack.definition.processes)
    return next((element.name for element in found if element is not None), step)


def list_visits(session: Session, me: Me) -> Sequence[VisitRow]:
    """Where this person is signed in, the latest first."""
    query = select(VisitRow).where(VisitRow.county == me.county, VisitRow.person == me.id)
    return session.scalars(query.order_by(VisitRow.seen_at.desc())).all()


def get_login(session: Session, me: Me) -> str:
    """One's own account name."""
    return session.get_one(PersonRow, (me.county, me.id)).login
