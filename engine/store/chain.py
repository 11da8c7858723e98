"""The chain of a case's journal: each revision's last line holds a link over its lines and the link before.

A line that was edited, left out or moved no longer fits its link; the head of the chain stands in the case's row, and
blocks (processes.blocks) carry the heads of a county out of the database. The form of the text that is hashed is
part of every installation's evidence: it must never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

BEGINNING = b""


def link(previous: bytes, revision: int, lines: Iterable[Mapping[str, Any]]) -> bytes:
    """The link (32 bytes) of a revision whose `lines` have the columns of JournalRow, after the link `previous`."""
    told = [_told(line) for line in lines]
    return sha256(previous + orjson.dumps([revision, told], option=orjson.OPT_SORT_KEYS)).digest()


def _told(line: Mapping[str, Any]) -> list[Any]:
    return [line["line"], _instant(line["at"]), line["by"], line["fact"], line["facts"], line["digest"]]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
