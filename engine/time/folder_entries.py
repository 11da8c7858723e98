"""Entries of the county's data files, checked one by one: a wrong one says where it stands and what it should be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time

from engine.time.errors import (
    EntryMissing,
    EntryNotAChoice,
    EntryOfWrongType,
    EntryUnknown,
    FolderError,
    FolderInvalid,
)

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file an entry stands, in words for the person who mends it."""

    file: str
    where: str


def read_text(value: object, key: str, place: Place) -> str:
    """A text that is not blank, without its outer spaces."""
    if value is None or value == "":
        raise EntryMissing(file=place.file, where=place.where, key=key)
    if not isinstance(value, str) or not value.strip():
        raise wrong_type(key, "一段文字", place)
    return value.strip()


def read_date(value: object, key: str, place: Place) -> date:
    """A date from a TOML date or from text like 2026-10-01."""
    if value is None or value == "":
        raise EntryMissing(file=place.file, where=place.where, key=key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) and DATE.fullmatch(value) else "")
    except ValueError as error:
        raise wrong_type(key, "2026-10-01 这样的日期", place) from error


def read_clock(value: object, key: str, place: Place) -> time:
    """A time of day from text like 08:30."""
    try:
        return time.fromisoformat(value if isinstance(value, str) and CLOCK.fullmatch(value) else "")
    except ValueError as error:
        raise wrong_type(key, "08:30 这样的时间", place) from error


def read_choice(value: object, key: str, choices: Collection[str], place: Place) -> str:
    """One of the words in `choices`."""
    text = read_text(value, key, place)
    if text not in choices:
        raise EntryNotAChoice(file=place.file, where=place.where, key=key, value=text, known=" | ".join(choices))
    return text


def read_table(value: object, key: str, known: Collection[str], place: Place) -> Mapping[str, object]:
    """A table that has no other keys than `known`."""
    if not isinstance(value, dict):
        raise wrong_type(key, "一张表", place)
    for name in value:
        if name not in known:
            raise EntryUnknown(file=place.file, where=place.where, key=name, known="、".join(known))
    return value


def read_list(value: object, key: str, place: Place) -> list[object]:
    """A list with something in it."""
    if value is None or value == []:
        raise EntryMissing(file=place.file, where=place.where, key=key)
    if not isinstance(value, list):
        raise wrong_type(key, "一个列表", place)
    return value


def wrong_type(key: str, expected: str, place: Place) -> EntryOfWrongType:
    """The flaw of an entry that should have been written as `expected` (Chinese)."""
    return EntryOfWrongType(file=place.file, where=place.where, key=key, expected=expected)


class Flaws:
    """Gathers flaws while a file is read to its end, then refuses the file if there were any."""

    def __init__(self) -> None:
        """Start with none."""
        self._found: list[FolderError] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep the flaw that ends the block, and go on after it."""
        try:
            yield
        except FolderError as flaw:
            self._found.append(flaw)

    def refuse_any(self) -> None:
        """Raise `FolderInvalid` with all that was gathered, if anything was."""
        if self._found:
            raise FolderInvalid(self._found)
