"""The limits of a county, asked for by name and date."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engine.time.errors import LimitNotInForce, LimitVersionUnknown, UnknownLimit
from engine.time.limit import DatedLimit, Limit
from engine.time.limits_file import read_limits
from engine.time.thresholds import Threshold


@dataclass(frozen=True)
class Limits:
    """All the limits and thresholds of a county, by the key that diagrams use."""

    dated: Mapping[str, DatedLimit]
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)

    @classmethod
    def read(cls, toml_text: str) -> Limits:
        """The limits from the text of limits.toml; raises `FolderInvalid` with every flaw."""
        return cls(*read_limits(toml_text))

    @property
    def names(self) -> frozenset[str]:
        """The keys that diagrams may use."""
        return frozenset(self.dated)

    def get(self, name: str, on: date) -> Limit:
        """The limit as it holds on a date; raises `UnknownLimit`, or `LimitNotInForce` before its first value."""
        limit = self.dated.get(name)
        if limit is None:
            raise UnknownLimit(name=name)
        place = bisect_right(limit.values, on, key=lambda value: value.since)
        if place == 0:
            raise LimitNotInForce(name=limit.name, since=limit.values[0].since, on=on)
        return Limit(name, limit.name, limit.counts, limit.values[place - 1], limit.transfer)

    def threshold(self, name: str, on: date) -> Decimal:
        """The threshold's number on a date; raises `UnknownLimit`, or `LimitNotInForce` before its first."""
        if name not in self.thresholds:
            raise UnknownLimit(name=name)
        return self.thresholds[name].on(on)

    def version(self, name: str, since: date) -> Limit:
        """The limit with the value that came into force on exactly this date; raises `LimitVersionUnknown`."""
        limit = self.get(name, on=since)
        if limit.value.since != since:
            raise LimitVersionUnknown(name=limit.name, since=since)
        return limit
