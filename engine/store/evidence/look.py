"""What every part of the check needs: the session at one moment, the county, the scratch file, and who is watching."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from engine.store.evidence.faults import Fault
from engine.store.evidence.scratch import Scratch

PAGE = 200
"""How many cases, or refusals, are held in memory at once."""


@dataclass
class Tally:
    """How far a check has come."""

    blocks: int = 0
    anchors: int = 0
    refusals: int = 0
    cases: int = 0
    lines: int = 0


Watch = Callable[[Tally], None]


@dataclass(frozen=True)
class Look:
    """One check of one county."""

    session: Session
    county: str
    seen: Scratch
    tally: Tally
    watch: Watch

    def fault(self, kind: str, *, case_id: str | None = None, **more: Any) -> Fault:
        """A fault of this county; `block`, `at` and `fact` are its place, the rest fills its sentence."""
        place = {name: more.pop(name) for name in ("block", "at", "fact", "revision") if name in more}
        return Fault(kind, self.county, case_id, **place, facts=more)

    def pages(self, query: Select[str], key: Any) -> Iterator[list[str]]:
        """The ids a query finds, a page at a time, in the database's own order."""
        after: str | None = None
        while True:
            page = query.order_by(key).limit(PAGE)
            ids = list(self.session.scalars(page if after is None else page.where(key > after)))
            if not ids:
                return
            after = ids[-1]
            yield ids
