"""Reads a threshold of limits.toml: an entry whose values are plain numbers, not lengths of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeGuard

from engine.time.errors import EntryMissing, NumberTakesNoTime, NumberUnfit, ValuesMixed
from engine.time.folder_entries import Flaws, Place, read_date, read_table, read_text
from engine.time.since import LIMITS, read_since
from engine.time.threshold import MOST, DatedThreshold, Figure

OF_TIME = ("counts", "transfer", "running")
"""What a limit may say of how it is counted, and a threshold may not."""


def is_threshold(key: str, entry: object) -> bool:
    """Whether the values of an entry are numbers; raises `ValuesMixed` if only some are."""
    since = entry.get("since") if isinstance(entry, dict) else None
    listed = since if isinstance(since, list) else []
    values = [each["value"] for each in listed if isinstance(each, dict) and "value" in each]
    numbers = sum(map(_is_number, values))
    if 0 < numbers < len(values):
        raise ValuesMixed(file=LIMITS, where=f"[{key}]")
    return numbers > 0


def read_threshold(key: str, entry: object, flaws: Flaws) -> DatedThreshold:
    """The threshold with all its figures; raises `FolderError`, or leaves a figure's flaw with `flaws`."""
    place = Place(LIMITS, f"[{key}]")
    table = _timeless(entry, key, ("name", "since"), place)
    name = read_text(table.get("name"), "name", place)
    return DatedThreshold(name, read_since(key, table.get("since"), _read_figure, flaws))


def _read_figure(entry: object, place: Place) -> Figure:
    table = _timeless(entry, "since", ("from", "value", "source"), place)
    since, number = read_date(table.get("from"), "from", place), _read_number(table.get("value"), place)
    return Figure(number, since, read_text(table.get("source"), "source", place))


def _timeless(entry: object, key: str, known: Sequence[str], place: Place) -> Mapping[str, object]:
    table = read_table(
        entry, key, (*known, *(name for name in OF_TIME if isinstance(entry, dict) and name in entry)), place
    )
    for name in OF_TIME:
        if name in table:
            raise NumberTakesNoTime(file=place.file, where=place.where, key=name)
    return table


def _read_number(value: object, place: Place) -> int | Decimal:
    """The number as it is written, to the last digit."""
    if value is None:
        raise EntryMissing(file=place.file, where=place.where, key="value")
    if not _is_number(value) or not Decimal(value).is_finite() or not 0 <= value <= MOST:
        raise NumberUnfit(file=place.file, where=place.where, key="value", most=MOST)
    return value


def _is_number(value: object) -> TypeGuard[int | Decimal]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
