"""Checks one case: its revisions against their links, the last link against its row, and all heads that blocks hold."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.store.chain import BEGINNING, link
from engine.store.evidence.faults import Fault
from engine.store.evidence.scratch import Seen
from engine.store.removal import REMOVED

Revision = Mapping[str, Any]
"""A row of the journal by column names."""
_YEAR, _MONTH = timedelta(days=365), timedelta(days=31)


@dataclass(frozen=True)
class Place:
    """Which case is looked at; its county and id stand in every fault."""

    county: str
    case_id: str

    def fault(self, kind: str, said_by: Revision | None = None, **more: Any) -> Fault:
        """A fault of this case; `said_by` is the revision that is at fault, if there is one."""
        told: dict[str, Any] = {}
        if said_by:
            told = {"revision": said_by["revision"], "at": said_by["at"], "fact": _facts(said_by)[0]}
        told |= {name: more.pop(name) for name in ("revision", "block") if name in more}
        return Fault(kind, self.county, self.case_id, **told, facts=more)

    def tail_missing(self, last: int, expected: int, witness: str, english: str, *, block: int | None = None) -> Fault:
        """The journal ends at `last`, although the witness knows a later revision."""
        return self.fault(
            "tail_missing", revision=last, block=block, expected=expected, witness=witness, witness_en=english
        )


@dataclass
class Chain:
    """The links of a case as its journal has them, by revision."""

    revisions: list[int] = field(default_factory=list)
    links: list[bytes] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The revision of the last link; 0 before the first."""
        return self.revisions[-1] if self.revisions else 0

    @property
    def head(self) -> bytes:
        """The last link."""
        return self.links[-1] if self.links else BEGINNING

    def at(self, revision: int) -> bytes:
        """The link that stood at a revision."""
        place = bisect_right(self.revisions, revision)
        return self.links[place - 1] if place else BEGINNING

    def add(self, revision: int, link: bytes) -> None:
        """Note the next one."""
        self.revisions.append(revision)
        self.links.append(link)


def check_revisions(place: Place, rows: Iterable[Revision], chain: Chain) -> Iterator[Fault]:
    """What is wrong with the revisions (in order) of themselves; `chain` is filled with the links they hold."""
    for row in rows:
        if _facts(row)[0] == REMOVED and not chain.revisions:
            chain.add(row["revision"] - 1, bytes.fromhex(row["told"][0][1].get("previous", "")))
        if row["link"] != link(chain.head, row):
            yield place.fault("link_differs", row, before=chain.last)
        chain.add(row["revision"], row["link"])


def _facts(row: Revision) -> list[str]:
    return [fact for fact, _ in row["told"]] or [""]


def check_standing(place: Place, chain: Chain, revision: int, head: bytes) -> Iterator[Fault]:
    """What is wrong between the journal and the case's row, which stands at `revision` with `head`."""
    if not chain.revisions:
        yield place.fault("journal_missing")
    elif chain.last > revision:
        yield place.fault("tail_added", revision=chain.last, expected=revision)
    elif chain.head != head and chain.last < revision:
        yield place.tail_missing(chain.last, revision, "这件事的状态", "the case's row")
    elif chain.head != head:
        yield place.fault("head_differs", revision=chain.last)


def check_seen(place: Place, chain: Chain, seen: Sequence[Seen]) -> Iterator[Fault]:
    """What is wrong between the journal and the heads that blocks hold, the earliest first; says the first only."""
    before = 0
    for head in seen:
        if chain.at(head.revision) != head.link:
            yield _contradiction(place, chain, head, before)
            return
        before = head.revision


def _contradiction(place: Place, chain: Chain, head: Seen, before: int) -> Fault:
    if head.revision > chain.last:
        zh, en = f"第 {head.block} 块", f"block {head.block}"
        return place.tail_missing(chain.last, head.revision, zh, en, block=head.block)
    return place.fault("rewritten", revision=head.revision, before=before, block=head.block)


def check_removed(place: Place, row: Revision, seen: Sequence[Seen]) -> Iterator[Fault]:
    """What is wrong with the removal of a case, of which one `row` is left, in the light of the blocks."""
    chain = Chain()
    yield from check_revisions(place, [row], chain)
    known = [head for head in seen if head.revision >= chain.revisions[0]]
    yield from check_seen(place, chain, known)
    last = max((head for head in seen if head.revision < row["revision"]), default=None)
    if last is None or _too_early(row, last):
        yield place.fault("removed_early", row, rule=row["told"][0][1]["rule"], block=last.block if last else 0)


def _too_early(row: Revision, last: Seen) -> bool:
    """Its time was not over; or it ended, it says, long before blocks saw it move for the last time."""
    facts = row["told"][0][1]
    ended = datetime.fromisoformat(facts["ended_at"])
    return bool(row["at"] - ended < facts["years"] * _YEAR or last.since - ended > _MONTH)
