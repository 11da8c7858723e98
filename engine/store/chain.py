"""The chain of a case's journal: each revision's row holds a link over its lines and the link before.

A line that was edited, left out or moved no longer fits its link; the head of the chain stands in the case's row, and
blocks (engine.store.blocks) carry the heads of a county to where the database cannot reach them. The form of the text
that is hashed is part of every installation's evidence: it must never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

BEGINNING = b""


def link(previous: bytes, row: Mapping[str, Any]) -> bytes:
    """The link (32 bytes) of a revision, whose `row` has the columns of JournalRow, after the link `previous`.

    The case's key is part of it: no case's chain can stand in for another's.
    """
    key = [row["county"], row["case_id"], row["revision"]]
    return seal_of(previous, [*key, exact(row["at"]), row["by"], row["told"]])


def seal_of(previous: bytes, told: object) -> bytes:
    """The digest (32 bytes) of what is told, after the digest before."""
    return sha256(previous + orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).digest()


def exact(at: datetime) -> str:
    """An instant as it stands in what is hashed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
