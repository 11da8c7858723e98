"""Thresholds: plain numbers of limits.toml beside its lengths of time, as dated and as owed to a clause."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.time.errors import EntryTwice, LimitNotInForce
from engine.time.folder_entries import Flaws, Place, read_date, read_list, read_table, read_text, wrong_type


@dataclass(frozen=True, slots=True)
class Number:
    """What a threshold is from the date `since` on, by the clause `source`."""

    value: Decimal
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number by which a rule decides (how often one may refuse, how many make a cluster), earliest value first."""

    name: str
    values: tuple[Number, ...]

    def on(self, day: date) -> Decimal:
        """The number in force on a day; raises `LimitNotInForce` before its first."""
        place = bisect_right(self.values, day, key=lambda value: value.since)
        if place == 0:
            raise LimitNotInForce(name=self.name, since=self.values[0].since, on=day)
        return self.values[place - 1].value


def is_threshold(entry: object) -> bool:
    """Whether an entry of limits.toml holds a number somewhere: then all its values must be numbers."""
    since = entry.get("since") if isinstance(entry, dict) else None
    entries = since if isinstance(since, list) else []
    return any(isinstance(each, dict) and _is_number(each.get("value")) for each in entries)


def read_threshold(key: str, entry: object, file: str, flaws: Flaws) -> Threshold:
    """A threshold from its table; each flaw of its values goes to `flaws`."""
    place = Place(file, f"[{key}]")
    table = read_table(entry, key, ("name", "since"), place)
    values: dict[date, Number] = {}
    for number, each in enumerate(read_list(table.get("since"), "since", place), start=1):
        inside = Place(file, f"[[{key}.since]] 第{number}段")
        with flaws.gathered():
            value = _read_number(each, inside)
            if value.since in values:
                raise EntryTwice(file=inside.file, where=inside.where, value=value.since)
            values[value.since] = value
    return Threshold(read_text(table.get("name"), "name", place), tuple(values[since] for since in sorted(values)))


def _read_number(entry: object, place: Place) -> Number:
    table: Mapping[str, object] = read_table(entry, "since", ("from", "value", "source"), place)
    value = table.get("value")
    if not _is_number(value) or Decimal(str(value)) < 0:
        raise wrong_type("value", "不小于 0 的数（同一项里不能又写数、又写时长）", place)
    since = read_date(table.get("from"), "from", place)
    return Number(Decimal(str(value)), since, read_text(table.get("source"), "source", place))


def _is_number(value: object) -> bool:
    """TOML has nan and infinity, which nobody can be held to."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
