"""What a form needs from outside itself: the county's lists, the case's values, the stored papers, the time zone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from types import MappingProxyType
from typing import Protocol

from processes.forms.form import Field, Option
from processes.forms.refusals import BrokenForm

AWAITING = "awaiting:"
"""What a source begins with that lists the cases waiting for a message, the name of which follows."""


class Cases(Protocol):
    """The county's cases, as far as the person who fills in a form may see them."""

    def awaiting(self, message: str) -> tuple[Option, ...]:
        """Those that wait for this message under their own id, each by its id."""

    def name(self, case: object) -> str | None:
        """What people call a case; None if there is none that they may see."""

    def persons(self, case: object) -> Collection[str]:
        """The names that were filled in about a case, in the fields that the county calls personal."""


class NoCases:
    """No case at all."""

    def awaiting(self, message: str) -> tuple[Option, ...]:
        """None waits."""
        return ()

    def name(self, case: object) -> str | None:
        """None has a name."""
        return None

    def persons(self, case: object) -> Collection[str]:
        """Nobody is named."""
        return ()


NO_CASES: Cases = NoCases()


@dataclass(frozen=True, slots=True)
class Lists:
    """The county's lists by source name (`units:department`, `duties` …), each a tuple of options, and its cases."""

    sources: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    cases: Cases = NO_CASES

    @classmethod
    def of(cls, sources: Mapping[str, Iterable[tuple[str | int, str, str]]]) -> Lists:
        """Lists from plain (value, label, group) triples; an empty group means none."""
        named = {name: tuple(Option(*triple) for triple in triples) for name, triples in sources.items()}
        return cls(MappingProxyType(named))

    def options(self, asked: Field, form: str = "") -> tuple[Option, ...]:
        """What may be chosen in this field. Raises BrokenForm when its source is not among the lists."""
        if not asked.source:
            return asked.options
        if asked.source.startswith(AWAITING):
            return self.cases.awaiting(asked.source.removeprefix(AWAITING))
        if asked.source not in self.sources:
            raise BrokenForm(form=form, field=asked.label, why=f"没有名单“{asked.source}”。")
        return self.sources[asked.source]

    def label(self, asked: Field, value: object) -> str:
        """The words for a chosen value; the value itself when it has since left the list."""
        if asked.source.startswith(AWAITING):
            return self.cases.name(value) or "（您看不到的事项）"
        options = asked.options or self.sources.get(asked.source, ())
        return next((each.label for each in options if each.value == value), str(value))

    def row_name(self, row: Mapping[str, object]) -> object:
        """What a row is about that was given a name, a unit or a case; None if it says none."""
        return row.get("name") or self.unit_name(row.get("unit")) or self.cases.name(row.get("case"))

    def unit_name(self, code: object) -> str | None:
        """The name of a unit by its code, from whichever list of units knows it."""
        units = (each for name, options in self.sources.items() if name.startswith("units") for each in options)
        return next((each.label for each in units if each.value == code), None)


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A stored file: its id, the name people gave it, its size in bytes, its media type."""

    id: str
    name: str
    size: int
    media_type: str

    @property
    def size_words(self) -> str:
        """The size as people say it: 412 KB, 1.3 MB."""
        return f"{self.size / 2**20:.1f} MB" if self.size >= 2**20 else f"{max(1, round(self.size / 2**10))} KB"

    @property
    def plain(self) -> dict[str, object]:
        """The same as a JSON-plain dict: how it stands among the answers."""
        return {"id": self.id, "name": self.name, "size": self.size, "media_type": self.media_type}


@dataclass(frozen=True, slots=True)
class World:
    """Everything a form looks at while it is shown or checked.

    `values` are the case's process variables as FEEL values. `papers` holds every stored file this person may name
    here, by id. `zone` is the county's; without it date-times stay the wall-clock time that was typed. `functions` are
    those lent to FEEL besides its built-ins, by name (see `LENT`). `personal` says what of a text may tell who
    somebody is.
    """

    lists: Lists = Lists()
    values: Mapping[str, object] = field(default_factory=dict)
    papers: Mapping[str, PaperRef] = field(default_factory=dict)
    zone: tzinfo | None = None
    functions: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    personal: Callable[[str], Sequence[str]] = lambda text: ()


LENT = frozenset({"today", "now", "limit", "threshold", "due_of", "done", "awaits", "latest", "merged_in", "instances"})
"""Functions that expressions in a form may call besides FEEL's own; a World lends them."""
