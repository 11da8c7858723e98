"""Stretches of time, and taking a given amount of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Stretch:
    """Unbroken time between two instants of the same zone."""

    begins: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.ends - self.begins

    def within(self, a: datetime, b: datetime) -> timedelta:
        """How much of it lies between two instants."""
        return max(min(self.ends, b) - max(self.begins, a), timedelta())


def merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """The time that stretches cover together, earliest first: overlaps count once, empty ones vanish."""
    whole: Stretch | None = None
    for stretch in sorted(stretches, key=lambda stretch: stretch.begins):
        if stretch.ends <= stretch.begins:
            continue
        if whole and stretch.begins <= whole.ends:
            whole = Stretch(whole.begins, max(whole.ends, stretch.ends))
            continue
        if whole:
            yield whole
        whole = stretch
    if whole:
        yield whole


def take_first(amount: timedelta, stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches that add up to `amount` (more than nothing), given earliest first; the last is cut at its end."""
    return [replace(stretch, ends=stretch.begins + part) for stretch, part in _take(amount, stretches)]


def take_last(amount: timedelta, stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches that add up to `amount` (more than nothing), given latest first; the last is cut at its beginning."""
    return [replace(stretch, begins=stretch.ends - part) for stretch, part in _take(amount, stretches)]


def _take(amount: timedelta, stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, timedelta]]:
    """Stretches with the part of each that is needed; nothing is asked of `stretches` once the amount is full."""
    if amount <= timedelta():
        raise ValueError("an amount of office time is more than nothing")
    left = amount
    for stretch in stretches:
        part = min(stretch.length, left)
        yield stretch, part
        left -= part
        if not left:
            return
