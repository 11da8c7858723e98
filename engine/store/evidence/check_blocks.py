"""Checks the blocks, one after the other: numbers, digests, the refusals they hold, and the anchors outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from engine.store.chain import BEGINNING
from engine.store.evidence.anchors import Anchor, read_anchors
from engine.store.evidence.content import Content, digest_of, hash_of, unpacked
from engine.store.evidence.faults import Fault
from engine.store.evidence.look import Look
from engine.store.tables_chain import BlockRow, HeadRow, RefusalRow

_MUST_BE_ANCHORED = timedelta(days=2)
_NEVER = datetime.min.replace(tzinfo=UTC)
Numbered = list[tuple[int, Anchor]]


def check_blocks(look: Look, anchors: Path | None) -> Iterator[Fault]:
    """What is wrong with the chain of blocks; all they hold goes into the scratch file on the way."""
    wanted: dict[int, Numbered] = {}
    if anchors is not None and anchors.exists():
        yield from _read(look, anchors, wanted)
    expected, previous, since = 1, BEGINNING, _NEVER
    made: list[datetime] = []
    for block in _blocks(look):
        yield from _gap(look, expected, block.no, f"第 {block.no} 块", f"block {block.no}")
        yield from _check(look, block, previous, since)
        yield from _compare(look, block, wanted.pop(block.no, []))
        expected, previous, since = block.no + 1, block.digest, block.until
        made = [*made[:1], block.made_at]
    for no, lines in sorted(wanted.items()):
        number = lines[0][0]
        yield from _gap(look, no, no + 1, f"锚文件第 {number} 行", f"line {number} of the anchor file")
    if not wanted:
        yield from _gap(look, expected, _last_named(look) + 1, "有的件", "a case")
    if anchors is not None and not anchors.exists() and made and made[-1] - made[0] > _MUST_BE_ANCHORED:
        yield look.fault("anchors_missing")


def check_refusals(look: Look) -> Iterator[Fault]:
    """What is wrong with the refusals that a block holds."""
    held = select(RefusalRow.id).where(RefusalRow.county == look.county, RefusalRow.block.is_not(None))
    for ids in look.pages(held, RefusalRow.id):
        known = look.seen.take_refusals(ids)
        rows = select(RefusalRow).where(RefusalRow.county == look.county, RefusalRow.id.in_(ids))
        for row in look.session.scalars(rows.order_by(RefusalRow.id)):
            look.tally.refusals += 1
            if known.get(row.id) != (row.block, hash_of(row)):
                told: dict[str, Any] = {"fact": row.act, "at": row.at}
                yield look.fault("refusal_differs", case_id=row.case_id, refusal=row.id, block=row.block, **told)
            look.session.expunge(row)
    for no, refused in look.seen.left_refusals():
        yield look.fault("refusal_missing", block=no, refusal=refused.id)


def _blocks(look: Look) -> Iterator[BlockRow]:
    query = select(BlockRow).where(BlockRow.county == look.county).order_by(BlockRow.no)
    for block in look.session.scalars(query, execution_options={"yield_per": 100}):
        look.tally.blocks += 1
        look.watch(look.tally)
        yield block
        look.session.expunge(block)


def _read(look: Look, path: Path, wanted: dict[int, Numbered]) -> Iterator[Fault]:
    for number, anchor in read_anchors(path):
        look.tally.anchors += 1
        if anchor is None:
            yield look.fault("anchor_unreadable", anchor=number)
        else:
            wanted.setdefault(anchor.block, []).append((number, anchor))


def _gap(look: Look, expected: int, found: int, witness: str, witness_en: str) -> Iterator[Fault]:
    for no in range(expected, found):
        yield look.fault("block_missing", block=no, witness=witness, witness_en=witness_en)


def _check(look: Look, block: BlockRow, previous: bytes, since: datetime) -> Iterator[Fault]:
    try:
        content = unpacked(block.content)
    except ValueError:
        content = Content()
    look.seen.put(block.no, since, content)
    told = (block.county, block.no, block.made_at, block.until, block.cases, content, previous)
    if digest_of(*told) != block.digest:
        yield look.fault("block_differs", block=block.no, at=block.made_at)


def _compare(look: Look, block: BlockRow, anchors: Numbered) -> Iterator[Fault]:
    for number, anchor in anchors:
        if (anchor.digest, anchor.cases) != (block.digest, block.cases):
            yield look.fault("anchor_differs", block=block.no, anchor=number)


def _last_named(look: Look) -> int:
    """The last block that a case's head names."""
    return look.session.scalar(select(func.max(HeadRow.block)).where(HeadRow.county == look.county)) or 0
