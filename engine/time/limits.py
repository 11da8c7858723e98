"""The limits and thresholds of a county, asked for by name and date."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engine.time.errors import (
    LimitNotInForce,
    LimitVersionUnknown,
    NotALimit,
    NotAThreshold,
    ThresholdNotInForce,
    UnknownLimit,
    UnknownThreshold,
)
from engine.time.limit import DatedLimit, Limit
from engine.time.limits_file import read_limits
from engine.time.threshold import DatedThreshold


@dataclass(frozen=True)
class Limits:
    """All the limits of a county, and its thresholds (plain numbers), by the key that diagrams use."""

    dated: Mapping[str, DatedLimit]
    thresholds: Mapping[str, DatedThreshold] = field(default_factory=dict)

    @classmethod
    def read(cls, toml_text: str) -> Limits:
        """The limits from the text of limits.toml; raises `FolderInvalid` with every flaw."""
        return cls(*read_limits(toml_text))

    @property
    def names(self) -> frozenset[str]:
        """The keys of limits that diagrams may use; those of thresholds are `thresholds`."""
        return frozenset(self.dated)

    def get(self, name: str, on: date) -> Limit:
        """The limit as it holds on a date.

        Raises `UnknownLimit`, `NotALimit` for a threshold's name, `LimitNotInForce` before its first value.
        """
        limit = self.dated.get(name)
        if limit is None:
            raise NotALimit(name=name) if name in self.thresholds else UnknownLimit(name=name)
        place = bisect_right(limit.values, on, key=lambda value: value.since)
        if place == 0:
            raise LimitNotInForce(name=limit.name, since=limit.values[0].since, on=on)
        return Limit(name, limit.name, limit.counts, limit.values[place - 1], limit.transfer)

    def threshold(self, name: str, on: date) -> int | Decimal:
        """The number of a threshold in force on a date.

        Raises `UnknownThreshold`, `NotAThreshold` for a limit's name, `ThresholdNotInForce` before its first number.
        """
        threshold = self.thresholds.get(name)
        if threshold is None:
            raise NotAThreshold(name=name) if name in self.dated else UnknownThreshold(name=name)
        place = bisect_right(threshold.values, on, key=lambda figure: figure.since)
        if place == 0:
            raise ThresholdNotInForce(name=threshold.name, since=threshold.values[0].since, on=on)
        return threshold.values[place - 1].number

    def version(self, name: str, since: date) -> Limit:
        """The limit with the value that came into force on exactly this date; raises `LimitVersionUnknown`."""
        limit = self.get(name, on=since)
        if limit.value.since != since:
            raise LimitVersionUnknown(name=limit.name, since=since)
        return limit
