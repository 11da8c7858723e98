"""Values of limits.toml that follow one another: each in force since its date, the old ones kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol, TypeVar

from engine.time.errors import EntryTwice
from engine.time.folder_entries import Flaws, Place, read_list

LIMITS = "limits.toml"


class _InForce(Protocol):
    @property
    def since(self) -> date: ...


Dated = TypeVar("Dated", bound=_InForce)


def read_since(key: str, entries: object, read: Callable[[object, Place], Dated], flaws: Flaws) -> tuple[Dated, ...]:
    """What `read` makes of each `[[key.since]]`, earliest first; no two may begin on the same date."""
    values: dict[date, Dated] = {}
    for number, entry in enumerate(read_list(entries, "since", Place(LIMITS, f"[{key}]")), start=1):
        place = Place(LIMITS, f"[[{key}.since]] 第{number}段")
        with flaws.gathered():
            value = read(entry, place)
            if value.since in values:
                raise EntryTwice(file=place.file, where=place.where, value=value.since)
            values[value.since] = value
    return tuple(values[since] for since in sorted(values))
