"""A scratch file that sorts what the blocks hold by case, so that a check of millions needs little memory."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from engine.store.evidence.content import Content, Refused


class Seen(NamedTuple):
    """A head as a block saw it; the block before had looked at all that moved until `since`."""

    block: int
    revision: int
    link: bytes
    since: datetime


class Scratch:
    """What blocks hold, until it is taken out and compared; what is left at the end is missing in the database."""

    def __init__(self, file: sqlite3.Connection) -> None:
        """Begin with nothing."""
        self._file = file
        file.execute("CREATE TABLE head (case_id TEXT, block INTEGER, revision INTEGER, link BLOB, since TEXT)")
        file.execute("CREATE TABLE refusal (id TEXT PRIMARY KEY, block INTEGER, hash BLOB)")
        file.execute("CREATE INDEX head_of ON head (case_id)")

    def put(self, block: int, since: datetime, content: Content) -> None:
        """Keep what a block holds; `since` is how far the block before it had looked."""
        at = since.isoformat()
        self._file.executemany(
            "INSERT INTO head VALUES (?, ?, ?, ?, ?)",
            ((head.case_id, block, head.revision, head.link, at) for head in content.heads),
        )
        self._file.executemany(
            "INSERT OR REPLACE INTO refusal VALUES (?, ?, ?)",
            ((refused.id, block, refused.hash) for refused in content.refusals),
        )

    def take_heads(self, cases: Sequence[str]) -> Mapping[str, list[Seen]]:
        """The heads of these cases, by block; they are taken out."""
        found: dict[str, list[Seen]] = defaultdict(list)
        for case_id, *seen in self._take("head", "case_id", cases, "case_id, block, revision, link, since"):
            block, revision, link, since = seen
            found[case_id].append(Seen(block, revision, link, datetime.fromisoformat(since)))
        for each in found.values():
            each.sort()
        return found

    def take_refusals(self, ids: Sequence[str]) -> Mapping[str, tuple[int, bytes]]:
        """The blocks and hashes of these refusals; they are taken out."""
        return {id: (block, hash) for id, block, hash in self._take("refusal", "id", ids, "id, block, hash")}

    def left_heads(self) -> Iterator[tuple[str, int, int]]:
        """(case, block, revision) of the last head of every case that nobody took."""
        return self._file.execute("SELECT case_id, max(block), max(revision) FROM head GROUP BY case_id")

    def left_refusals(self) -> Iterator[tuple[int, Refused]]:
        """Every refusal that nobody took, with its block."""
        rows = self._file.execute("SELECT block, id, hash FROM refusal ORDER BY block, id")
        return ((block, Refused(id, hash)) for block, id, hash in rows)

    def _take(self, table: str, key: str, ids: Sequence[str], columns: str) -> list[Any]:
        marks = ", ".join("?" * len(ids))
        where = f"FROM {table} WHERE {key} IN ({marks})"
        found = self._file.execute(f"SELECT {columns} {where}", ids).fetchall()  # our own names only
        self._file.execute(f"DELETE {where}", ids)  # our own names only
        return found


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A scratch file in the system's temporary folder, gone afterwards."""
    with closing(sqlite3.connect("", isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        file.execute("BEGIN")
        yield Scratch(file)
