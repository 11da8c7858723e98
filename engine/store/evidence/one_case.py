"""Checks one case: its lines against their links, the last link against its row, and every head a block holds of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from engine.store.chain import BEGINNING, link
from engine.store.evidence.faults import Fault
from engine.store.evidence.scratch import Seen
from engine.store.removal import REMOVED

Line = Mapping[str, Any]
_YEAR, _MONTH = timedelta(days=365), timedelta(days=31)


@dataclass(frozen=True)
class Place:
    """Which case is looked at; its county and id stand in every fault."""

    county: str
    case_id: str

    def fault(self, kind: str, said_by: Line | None = None, **more: Any) -> Fault:
        """A fault of this case; `said_by` is the line that is at fault, if there is one."""
        told = {name: said_by[name] for name in ("revision", "fact", "at")} if said_by else {}
        told |= {name: more.pop(name) for name in ("revision", "line", "block") if name in more}
        return Fault(kind, self.county, self.case_id, **told, facts=more)

    def tail_missing(self, last: int, expected: int, witness: str, english: str, *, block: int | None = None) -> Fault:
        """The journal ends at `last`, although the witness knows a later revision."""
        return self.fault(
            "tail_missing", revision=last, block=block, expected=expected, witness=witness, witness_en=english
        )


@dataclass
class Chain:
    """The links of a case as its lines have them, by revision."""

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


def check_lines(place: Place, lines: Iterable[Line], chain: Chain) -> Iterator[Fault]:
    """What is wrong with the lines (in order) of themselves; `chain` is filled with the links they hold."""
    for revision, of_revision in groupby(lines, key=itemgetter("revision")):
        told = list(of_revision)
        if told[0]["fact"] == REMOVED and not chain.revisions:
            chain.add(revision - 1, bytes.fromhex(told[0]["facts"].get("previous", "")))
        computed = link(chain.head, revision, told)
        yield from _check_revision(place, told, computed, chain.last)
        chain.add(revision, next((line["link"] for line in reversed(told) if line["link"]), computed))


def _check_revision(place: Place, told: Sequence[Line], computed: bytes, before: int) -> Iterator[Fault]:
    for number, line in enumerate(told):
        if line["line"] != number:
            yield place.fault("line_missing", line, line=number)
            return
    last = told[-1]
    if not last["link"] and any(line["link"] for line in told):
        yield place.fault("line_added", last, line=last["line"])
    elif not last["link"]:
        yield place.fault("link_missing", last, line=last["line"])
    elif last["link"] != computed:
        yield place.fault("link_differs", last, before=before, line=0 if len(told) == 1 else None)


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


def check_removed(place: Place, line: Line, seen: Sequence[Seen]) -> Iterator[Fault]:
    """What is wrong with the removal of a case, whose one `line` is left, in the light of the blocks."""
    chain = Chain()
    yield from check_lines(place, [line], chain)
    known = [head for head in seen if head.revision >= chain.revisions[0]]
    yield from check_seen(place, chain, known)
    last = max((head for head in seen if head.revision < line["revision"]), default=None)
    if last is None or _too_early(line, last):
        yield place.fault("removed_early", line, rule=line["facts"]["rule"], block=last.block if last else 0)


def _too_early(line: Line, last: Seen) -> bool:
    """Its time was not over; or it ended, it says, long before blocks saw it move for the last time."""
    ended = datetime.fromisoformat(line["facts"]["ended_at"])
    return bool(line["at"] - ended < line["facts"]["years"] * _YEAR or last.since - ended > _MONTH)
