"""The time in which nobody at all had the matter: it waited for an hour, a message, an answer from outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from engine.time.stopwatch import Held
from engine.time.stretch import Stretch, merged


def unheld(intervals: Iterable[Held], begins: datetime, ends: datetime) -> Iterator[Stretch]:
    """The gaps between the intervals, from `begins` to `ends`; an interval that goes on ends there."""
    last = begins
    for each in merged(Stretch(held.begins, min(held.ends or ends, ends)) for held in intervals):
        if each.begins > last:
            yield Stretch(last, each.begins)
        last = max(last, each.ends)
    if ends > last:
        yield Stretch(last, ends)
