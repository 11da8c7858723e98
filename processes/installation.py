"""One installation: its database, its papers, its live cases, and the sealed folders of its counties.

Every command takes an Installation first; there is no global state, so tests make as many as they like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy.orm import Session

from engine.store.cases import HotCases
from engine.store.database import Database
from processes.archive import unpack
from processes.outbox import Channel
from processes.pack import Pack, read_pack
from processes.papers import PaperStore
from processes.tables import CountyRow, SealedFolderRow


@dataclass(frozen=True)
class Installation:
    """What every command needs. `demo` opens the one-click door for made-up people; never on a real site.

    `channels` are the ways out of the house that this installation has. In a `rehearsal` the clock can be moved.
    """

    db: Database
    papers: PaperStore
    demo: bool = False
    rehearsal: bool = False
    channels: Mapping[str, Channel] = field(default_factory=dict)
    hot: HotCases = field(default_factory=HotCases)
    _packs: dict[tuple[str, str], Pack] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def pack(self, session: Session, county: str, digest: str) -> Pack:
        """The sealed version a case runs on; read once per process."""
        with self._lock:
            known = self._packs.get((county, digest))
        return known or self._remember(county, digest, session)

    def current_pack(self, session: Session, county: str) -> Pack:
        """The version that new cases of this county use."""
        row = session.get_one(CountyRow, county)
        return self.pack(session, county, row.digest)

    def _remember(self, county: str, digest: str, session: Session) -> Pack:
        row = session.get_one(SealedFolderRow, (county, digest))
        pack = read_pack(unpack(row.archive))
        with self._lock:
            self._packs[county, digest] = pack
        return pack
