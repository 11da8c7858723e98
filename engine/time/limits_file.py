"""Reads limits.toml: each limit with its name, direction and values since a date, by a clause; thresholds as well."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from engine.time.errors import UnknownAmount, Unreadable
from engine.time.folder_entries import (
    Flaws,
    Place,
    read_choice,
    read_date,
    read_table,
    read_text,
)
from engine.time.limit import Amount, Counts, DatedLimit, Running, Transfer, Unit, Value
from engine.time.since import LIMITS, read_since
from engine.time.threshold import DatedThreshold
from engine.time.threshold_file import is_threshold, read_threshold

LINE = re.compile(r"at line ([0-9]+)")


def read_limits(toml_text: str) -> tuple[Mapping[str, DatedLimit], Mapping[str, DatedThreshold]]:
    """The limits and the thresholds by key, or `FolderInvalid` with every flaw in the file."""
    flaws = Flaws()
    limits: dict[str, DatedLimit] = {}
    thresholds: dict[str, DatedThreshold] = {}
    with flaws.gathered():
        for key, table in _parse(toml_text).items():
            with flaws.gathered():
                if is_threshold(key, table):
                    thresholds[key] = read_threshold(key, table, flaws)
                else:
                    limits[key] = _read_limit(key, table, flaws)
    flaws.refuse_any()
    return MappingProxyType(limits), MappingProxyType(thresholds)


def _parse(toml_text: str) -> dict[str, object]:
    try:
        return tomllib.loads(toml_text.removeprefix("\ufeff"), parse_float=_exact)
    except ValueError as error:  # a decode error, or a number too long to be read
        line = LINE.search(str(error))
        where = f"第{line[1]}行" if line else "全文"
        raise Unreadable(file=LIMITS, where=where, format="TOML", reason=error) from error
    except RecursionError as error:
        raise Unreadable(file=LIMITS, where="全文", format="TOML", reason="括号套得太深") from error


def _exact(text: str) -> Decimal:
    """A number as written; raises ValueError for an exponent that no number has."""
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text[:40]} 不是可用的数") from error


def _read_limit(key: str, entry: object, flaws: Flaws) -> DatedLimit:
    place = Place(LIMITS, f"[{key}]")
    table = read_table(entry, key, ("name", "counts", "transfer", "since"), place)
    name = read_text(table.get("name"), "name", place)
    counts = read_choice(table.get("counts", Counts.FROM_START), "counts", tuple(Counts), place)
    transfer = read_choice(table.get("transfer", Transfer.GOES_ON), "transfer", tuple(Transfer), place)
    return DatedLimit(name, Counts(counts), read_since(key, table.get("since"), _read_value, flaws), Transfer(transfer))


def _read_value(entry: object, place: Place) -> Value:
    table = read_table(entry, "since", ("from", "value", "source", "running"), place)
    since = read_date(table.get("from"), "from", place)
    amount = _read_amount(table.get("value"), place)
    running = read_choice(table.get("running", Running.KEEPS), "running", tuple(Running), place)
    return Value(amount.number, amount.unit, since, read_text(table.get("source"), "source", place), Running(running))


def _read_amount(value: object, place: Place) -> Amount:
    text = read_text(value, "value", place)
    try:
        return Amount.read(text)
    except ValueError as error:
        known = "、".join(Unit)
        raise UnknownAmount(file=place.file, where=place.where, key="value", value=text, known=known) from error
