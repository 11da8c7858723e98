"""What a block holds: heads of cases and hashes of refusals, and the digest over them. The form never changes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from engine.store.chain import exact, seal_of
from engine.store.tables_chain import RefusalRow

_REFUSAL = ("id", "by", "act", "case_id", "task_id", "code", "sentence")


class Head(NamedTuple):
    """How far a case's journal had come, and the link there."""

    case_id: str
    revision: int
    link: bytes


class Refused(NamedTuple):
    """A refusal and the hash over all it says."""

    id: str
    hash: bytes


@dataclass(frozen=True)
class Content:
    """The heads of the cases that moved and the acts that were refused, each in order of its id."""

    heads: tuple[Head, ...] = ()
    refusals: tuple[Refused, ...] = ()

    @property
    def packed(self) -> bytes:
        """As a block's row keeps it."""
        return zlib.compress(orjson.dumps(self.plain), 9)

    @property
    def plain(self) -> list[Any]:
        """As it is hashed."""
        heads = [[head.case_id, head.revision, head.link.hex()] for head in self.heads]
        return [heads, [[refused.id, refused.hash.hex()] for refused in self.refusals]]


def unpacked(packed: bytes) -> Content:
    """What `Content.packed` made; raises ValueError for bytes it did not make."""
    try:
        heads, refusals = orjson.loads(zlib.decompress(packed))
        return Content(
            tuple(Head(case_id, revision, bytes.fromhex(link)) for case_id, revision, link in heads),
            tuple(Refused(id, bytes.fromhex(hash)) for id, hash in refusals),
        )
    except (zlib.error, TypeError) as error:
        raise ValueError("not a block's content") from error


def digest_of(
    county: str, no: int, made_at: datetime, until: datetime, cases: int, content: Content, previous: bytes
) -> bytes:
    """The digest (32 bytes) of a block with this content, after the digest of the block before."""
    return seal_of(previous, [county, no, exact(made_at), exact(until), cases, *content.plain])


def hash_of(refusal: RefusalRow) -> bytes:
    """The hash of a refusal, all that it says."""
    return seal_of(b"", [exact(refusal.at), *(getattr(refusal, name) for name in _REFUSAL)])
