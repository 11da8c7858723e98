"""`verify`: a county's whole journal against its links, its blocks and its anchors, in one moment and little memory.

What it finds: any edit, gap, reordering or added line of a case, live, archived or removed; a case that is gone, or was
put back as it once stood; an edited or missing block, refusal or anchor. What no chain can show is a change made to
everything at once, down to the last anchor: that is why anchors are copied to where nobody here can reach them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.store.database import Database
from engine.store.evidence.check_blocks import check_blocks, check_refusals
from engine.store.evidence.check_cases import check_cases
from engine.store.evidence.faults import Fault
from engine.store.evidence.look import Look, Tally, Watch
from engine.store.evidence.scratch import scratch

__all__ = ["Fault", "Tally", "Watch", "verify"]


def verify(
    db: Database, county: str, *, anchors: Path | None = None, tally: Tally | None = None, watch: Watch | None = None
) -> Iterator[Fault]:
    """Everything that is wrong with a county's journal; nothing when it is as it was written.

    `anchors` is the anchor file to compare with (a copy kept elsewhere proves most); `tally` counts what was looked
    at, `watch` is told now and then.
    """
    with db.still() as session, scratch() as seen:
        look = Look(session, county, seen, tally or Tally(), watch or _nobody)
        yield from check_blocks(look, anchors)
        yield from check_refusals(look)
        yield from check_cases(look)


def _nobody(_tally: Tally) -> None:
    """Nobody watches."""
