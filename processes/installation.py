"""One installation: its database, its papers, its live cases, and the sealed folders of its counties.

Every command takes an Installation first; there is no global state, so tests make as many as they like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.store.cases import HotCases
from engine.store.database import Database
from engine.store.prepared import Prepared
from engine.time import Calendar
from processes.archive import unpack
from processes.channels.addresses import Address
from processes.duty_changes import DutyChange, with_changes
from processes.outbox import Channel
from processes.pack import Pack, read_pack
from processes.papers import PaperStore
from processes.queries.duty_changes import duty_changes
from processes.staff import Staff
from processes.tables import CalendarNoticeRow, CountyRow, SealedFolderRow

_PRESENT = Prepared(
    select(CountyRow.digest, CountyRow.notices, CountyRow.staff).where(CountyRow.code == bindparam("code"))
)


@dataclass(frozen=True)
class Published:
    """What was published since a county's folder was sealed: the year's notices, and versions of the duty list."""

    notices: tuple[str, ...]
    changes: tuple[DutyChange, ...]

    def __len__(self) -> int:
        """How many there are: a county counts them."""
        return len(self.notices) + len(self.changes)


@dataclass(frozen=True)
class Installation:
    """What every command needs. `demo` opens the one-click door for made-up people; never on a real site.

    `channels` are the ways out of the house that this installation has, `addresses` where the partners of the exchange
    are reached, by division code; `anchors` is the folder of its anchor files. In a `rehearsal` the clock can be moved.
    """

    db: Database
    papers: PaperStore
    demo: bool = False
    rehearsal: bool = False
    anchors: Path | None = None
    channels: Mapping[str, Channel] = field(default_factory=dict)
    addresses: Mapping[str, Address] = field(default_factory=dict)
    hot: HotCases = field(default_factory=HotCases)
    staff: Staff = field(default_factory=Staff)
    _sealed: dict[tuple[str, str], Pack] = field(default_factory=dict)
    _packs: dict[tuple[str, str], Pack] = field(default_factory=dict)
    _published: dict[str, Published] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def pack(self, session: Session, county: str, digest: str) -> Pack:
        """The sealed version a case runs on, with the calendar and the duty list as published by now; read once."""
        with self._lock:
            known = self._packs.get((county, digest))
        return known or self._remember(county, digest, session)

    def current_pack(self, session: Session, county: str) -> Pack:
        """The version that new cases of this county use."""
        return self.present(session, county)[0]

    def present(self, session: Session, county: str) -> tuple[Pack, int]:
        """The version that new cases of this county use, and the state of its posts (processes.staff)."""
        row = _PRESENT.one(session, {"code": county})
        self.heed(county, row.notices)
        return self.pack(session, county, row.digest), row.staff

    def heed(self, county: str, notices: int) -> None:
        """Learn how much a county has published: another process may have done so."""
        with self._lock:
            known = self._published.get(county)
            if known is not None and len(known) == notices:
                return
            self._published.pop(county, None)
            for key in [key for key in self._packs if key[0] == county]:
                del self._packs[key]

    def calendar_before(self, session: Session, county: str, digest: str, year: int) -> Calendar:
        """The calendar by which deadlines were counted before the notice of this year was imported."""
        calendar = self._sealed_pack(county, digest, session).calendar
        for days in self._published_by(county, session).notices:
            later = _published(calendar, (days,))
            if later.published_until.year >= year:
                break
            calendar = later
        return calendar

    def _remember(self, county: str, digest: str, session: Session) -> Pack:
        pack, later = self._sealed_pack(county, digest, session), self._published_by(county, session)
        if later.notices:
            pack = replace(pack, calendar=_published(pack.calendar, later.notices))
        if later.changes:
            pack = replace(pack, duties=with_changes(pack.duties, later.changes))
        with self._lock:
            self._packs[county, digest] = pack
        return pack

    def _sealed_pack(self, county: str, digest: str, session: Session) -> Pack:
        with self._lock:
            known = self._sealed.get((county, digest))
        if known is not None:
            return known
        row = session.get_one(SealedFolderRow, (county, digest))
        pack = read_pack(unpack(row.archive))
        with self._lock:
            self._sealed[county, digest] = pack
        return pack

    def _published_by(self, county: str, session: Session) -> Published:
        with self._lock:
            known = self._published.get(county)
        if known is None:
            mine = select(CalendarNoticeRow.days).where(CalendarNoticeRow.county == county)
            days = tuple(session.scalars(mine.order_by(CalendarNoticeRow.year)))
            known = Published(days, duty_changes(session, county))
            with self._lock:
                self._published[county] = known
        return known


def _published(calendar: Calendar, notices: tuple[str, ...]) -> Calendar:
    """The calendar with these notices; one that the folder itself has by now adds nothing, nor do days it changes."""
    for days in notices:
        if calendar.published_until.year < _year(days):
            calendar = calendar.with_adopted(days)
    return calendar


def _year(days: str) -> int:
    """The year of a notice: that of its last row."""
    return int(max(line[:4] for line in days.splitlines() if line[:4].isdigit()))
