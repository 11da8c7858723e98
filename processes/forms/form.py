"""What a form asks, as frozen values: the shape every other module of this folder works from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from engine.feel import Expression
from processes.forms.conditions import Condition

LISTS = frozenset({"checklist", "filepicker", "dynamiclist"})
CHOICES = frozenset({"select", "radio", "checklist"})
INPUTS = LISTS | CHOICES | {"textfield", "textarea", "number", "checkbox", "date", "datetime"}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: what is stored, what is read, and the heading it stands under."""

    value: str | int
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how large, how many: characters for text, values for numbers, rows for a dynamiclist."""

    shortest: int = 0
    longest: int = 200
    smallest: Decimal | None = None
    largest: Decimal | None = None
    decimals: int = 6
    pattern: str = ""
    look: str = ""  # "" | "email" | "phone": form-js `validationType`


@dataclass(frozen=True, slots=True)
class Field:
    """One component of a form. `kind` is the form-js type, with datetime told apart as `date` or `datetime`.

    `outcomes` empty means: asked whatever button is pressed. `fields` are a group's children or a row's columns.
    `impersonal`: a text that must not tell who somebody is.
    """

    kind: str
    key: str = ""
    label: str = ""
    help: str = ""
    text: str = ""
    required: bool = False
    limits: Limits = Limits()
    options: tuple[Option, ...] = ()
    source: str = ""
    outcomes: tuple[str, ...] = ()
    must: Expression | None = None
    say: str = ""
    hide: Condition | None = None
    each: Expression | None = None
    unique: str = ""
    value: Expression | None = None
    default: object = None
    fields: tuple[Field, ...] = ()
    rows: int = 0
    multiple: bool = False
    accept: tuple[str, ...] = ()
    half: bool = False
    impersonal: bool = False

    @property
    def is_input(self) -> bool:
        """Whether a person answers it (a group, a text or a line is only looked at)."""
        return self.kind in INPUTS

    def find(self, key: str) -> Field | None:
        """The input with this key below this group or list, or None."""
        return next((each for each in inputs_of(self.fields) if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to finish the step: a button. `look` is primary | plain | danger; `ask` is asked before sending."""

    key: str
    label: str
    look: str = "primary"
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form. `outcomes` has at least one entry (`submit` when the file draws no button)."""

    id: str
    title: str
    fields: tuple[Field, ...]
    outcomes: tuple[Outcome, ...]
    _by_key: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", MappingProxyType({each.key: each for each in inputs_of(self.fields)}))

    @property
    def inputs(self) -> Mapping[str, Field]:
        """Every input by its key, in the order of the form, those in groups included."""
        return self._by_key

    @property
    def takes_papers(self) -> bool:
        """Whether any field, in rows too, is for files."""
        columns = (column for each in self._by_key.values() for column in (each, *each.fields))
        return any(column.kind == "filepicker" for column in columns)

    def find_outcome(self, key: str) -> Outcome | None:
        """The outcome with this key, or None."""
        return next((each for each in self.outcomes if each.key == key), None)


def inputs_of(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The inputs among these fields, groups opened, in order; a list's own columns are not among them."""
    for each in fields:
        if each.kind == "group":
            yield from inputs_of(each.fields)
        elif each.is_input:
            yield each
