"""The service's own tables: counties and their sealed folders, people, matters, answers, papers, drafts, ratings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY as _COUNTY
from engine.store.rows import ID as _ID
from engine.store.rows import UUID as _UUID
from engine.store.rows import Row

_HAS_GIST: dict[str, Any] = {
    "sqlite_where": text("gist IS NOT NULL"),
    "postgresql_where": text("gist IS NOT NULL"),
}


class CountyRow(Row):
    """A county of this installation and the sealed version of its folder that new cases use.

    `notices` counts what was published since the folder was sealed (calendar notices, versions of the duty list),
    `staff` the changes of who holds which post: a process that knows another number reads them again.
    """

    __tablename__ = "county"

    code: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    notices: Mapped[int] = mapped_column(default=0)
    staff: Mapped[int] = mapped_column(default=0)


class SealedFolderRow(Row):
    """A county folder as it was sealed: never changed, named by its content hash."""

    __tablename__ = "sealed_folder"

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    archive: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime]


class PersonRow(Row):
    """A person with an account."""

    __tablename__ = "person"
    __table_args__ = (Index("uq_person_login", "county", "login", unique=True),)

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    login: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))
    password: Mapped[str | None]
    is_demo: Mapped[bool] = mapped_column(default=False)


class PostingRow(Row):
    """A person holds a post at a unit."""

    __tablename__ = "posting"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["person.county", "person.id"]),
        Index("ix_posting_post", "county", "unit", "post"),
    )

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    person: Mapped[str] = mapped_column(_ID, primary_key=True)
    post: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit: Mapped[str] = mapped_column(String(60), primary_key=True)


class VisitRow(Row):
    """A signed-in browser; the cookie holds the token, the table only its hash."""

    __tablename__ = "visit"
    __table_args__ = (Index("ix_visit_person", "county", "person"),)

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    county: Mapped[str] = mapped_column(_COUNTY)
    person: Mapped[str] = mapped_column(_ID)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    browser: Mapped[str]


class LockoutRow(Row):
    """Failed sign-ins of one login name; kept in the database so that every web process counts the same."""

    __tablename__ = "lockout"

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    login: Mapped[str] = mapped_column(String(60), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class MatterRow(Row):
    """What a case is about: its number, its title, who raised it (nobody, when a message or signal began it).

    `gist` is what matters like it are found by (processes.gists), where the county asks for that.
    """

    __tablename__ = "matter"
    __table_args__ = (
        ForeignKeyConstraint(["county", "case_id"], ["case.county", "case.id"]),
        Index("uq_matter_number", "county", "number", unique=True),
        Index("ix_matter_unit", "county", "unit"),
        Index("ix_matter_gist", "county", "started_at", **_HAS_GIST),
        Index("ix_matter_gist_unit", "county", "unit", "started_at", **_HAS_GIST),
    )

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(_UUID, primary_key=True)
    start: Mapped[str] = mapped_column(String(60))
    number: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str]
    unit: Mapped[str] = mapped_column(String(60))
    started_by: Mapped[str | None] = mapped_column(_ID)
    started_at: Mapped[datetime]
    gist: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class NumberRow(Row):
    """The last number given out in a series (one per county, start and year)."""

    __tablename__ = "number"

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int]


class ConcernRow(Row):
    """A unit that a case concerns: its people may see the case. The key serves a unit's list and one case's check."""

    __tablename__ = "concern"
    __table_args__ = (ForeignKeyConstraint(["county", "case_id"], ["case.county", "case.id"]),)

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    unit: Mapped[str] = mapped_column(String(60), primary_key=True)
    case_id: Mapped[str] = mapped_column(_UUID, primary_key=True)


class DraftRow(Row):
    """A form that a person has begun: `key` is a task's id, or start:<name> for a new matter."""

    __tablename__ = "draft"

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    person: Mapped[str] = mapped_column(_ID, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    fields: Mapped[list[Any]]
    saved_at: Mapped[datetime]


class PaperRow(Row):
    """An attachment: its bytes lie outside the database under their hash. Without a case it is its uploader's draft."""

    __tablename__ = "paper"
    __table_args__ = (Index("ix_paper_case", "county", "case_id"),)

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    case_id: Mapped[str | None] = mapped_column(_UUID)
    task_id: Mapped[str | None] = mapped_column(_UUID)
    name: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    view_sha256: Mapped[str | None] = mapped_column(String(64))
    thumb_sha256: Mapped[str | None] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(_ID)
    at: Mapped[datetime]


class RatingRow(Row):
    """One score: a rater's unit on a responding unit, one aspect, one case (DC-11).

    `by_rule`: nobody rated in time, so that the county's rule said the score and `by` is empty. `answer` is what the
    rated unit said to it, None if nothing.
    """

    __tablename__ = "rating"
    __table_args__ = (Index("ix_rating_unit", "county", "unit"), Index("ix_rating_case", "county", "case_id"))

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    task_id: Mapped[str] = mapped_column(_UUID, primary_key=True)
    unit: Mapped[str] = mapped_column(String(60), primary_key=True)
    aspect: Mapped[str] = mapped_column(String(60), primary_key=True)
    case_id: Mapped[str] = mapped_column(_UUID)
    rater: Mapped[str] = mapped_column(String(60))
    score: Mapped[int]
    reason: Mapped[str | None] = mapped_column(Text)
    by: Mapped[str] = mapped_column(_ID)
    at: Mapped[datetime]
    by_rule: Mapped[bool]
    answer: Mapped[str | None] = mapped_column(Text)


class VerdictRow(Row):
    """What was decided about a unit that refused a matter: `key` names the asking of the verb that wrote it down.

    `task_id` is the step whose answer it was, `item` a code of the duty list or "", `given_to` the unit that has to do
    it now. It outlives its case, without person and reason.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        Index("ix_verdict_item", "county", "item", "at"),
        Index("ix_verdict_unit", "county", "unit", "at"),
        Index("ix_verdict_case", "county", "case_id"),
    )

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(_UUID)
    task_id: Mapped[str] = mapped_column(_UUID)
    item: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(60))
    given_to: Mapped[str | None] = mapped_column(String(60))
    verdict: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(Text)
    by: Mapped[str] = mapped_column(_ID)
    at: Mapped[datetime]


class DutyChangeRow(Row):
    """A version of the duty list (DC-14): `key` names the asking of the verb that made it, `case_id` the case after
    which it was proposed; `by` accepted it.
    """

    __tablename__ = "duty_change"
    __table_args__ = (Index("uq_duty_change_version", "county", "version", unique=True),)

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(60))
    item: Mapped[str]
    lead: Mapped[str] = mapped_column(String(60))
    is_townships_own: Mapped[bool]
    legal_basis: Mapped[str] = mapped_column(Text)
    keywords: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    case_id: Mapped[str] = mapped_column(_UUID)
    by: Mapped[str] = mapped_column(_ID)
    at: Mapped[datetime]


class NoticeRow(Row):
    """A sentence for a unit's people: a dispatch, a reminder, a task turned red."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_unit", "county", "unit", "at"),)

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    unit: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[str] = mapped_column(_UUID)
    kind: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class CalendarNoticeRow(Row):
    """A year's notice of days off and make-up days, imported after the folder was sealed: rows date,kind,name."""

    __tablename__ = "calendar_notice"

    county: Mapped[str] = mapped_column(_COUNTY, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    days: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(_ID)
