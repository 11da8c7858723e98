"""A decision model as it stands in its file: requirement graph, item definitions and boxed expressions (DMN 1.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Boxed:
    """A boxed expression (clause 10.2); `type_ref` is the type its value must have, if any."""

    id: str
    type_ref: str | None

    def parts(self) -> Iterator[Boxed]:
        """The boxed expressions directly inside."""
        for field in fields(self):
            yield from _boxed_in(getattr(self, field.name))  # a declared field's name, never a user's


def _boxed_in(value: object) -> Iterator[Boxed]:
    if isinstance(value, Boxed):
        yield value
    elif isinstance(value, ContextEntry):
        yield from _boxed_in(value.value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _boxed_in(part)


@dataclass(frozen=True, slots=True)
class LiteralExpression(Boxed):
    """FEEL text."""

    text: str


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """A named entry of a boxed context; without a name it is the result."""

    name: str | None
    type_ref: str | None
    value: Boxed | None


@dataclass(frozen=True, slots=True)
class BoxedContext(Boxed):
    """Entries that see those before them."""

    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True)
class Invocation(Boxed):
    """A call with arguments by name."""

    function: Boxed | None
    bindings: tuple[tuple[str, Boxed | None], ...]


@dataclass(frozen=True, slots=True)
class BoxedList(Boxed):
    """A list of expressions."""

    items: tuple[Boxed, ...]


@dataclass(frozen=True, slots=True)
class Relation(Boxed):
    """A list of contexts that have the same keys."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Boxed):
    """A function; only the kind FEEL is ever run."""

    kind: str
    parameters: tuple[tuple[str, str | None], ...]
    body: Boxed | None


@dataclass(frozen=True, slots=True)
class Conditional(Boxed):
    """If, then, else."""

    condition: Boxed | None
    consequence: Boxed | None
    alternative: Boxed | None


@dataclass(frozen=True, slots=True)
class BoxedFilter(Boxed):
    """The items of a list that match."""

    source: Boxed | None
    match: Boxed | None


@dataclass(frozen=True, slots=True)
class BoxedLoop(Boxed):
    """`for`, `some` or `every` (the `kind`) over a list."""

    kind: str
    variable: str
    source: Boxed | None
    body: Boxed | None


@dataclass(frozen=True, slots=True)
class Input:
    """An input column: its FEEL expression, and the unary tests every value must pass."""

    id: str
    label: str
    text: str
    type_ref: str | None
    allowed: str | None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column: the values it may have, in order of priority, and the one it has when no rule matches."""

    id: str
    label: str
    name: str | None
    type_ref: str | None
    allowed: str | None
    default: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: one unary test for each input, one expression for each output."""

    id: str
    tests: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable(Boxed):
    """Rules under a hit policy (clause 8.2.8), with an aggregation if it is COLLECT."""

    hit_policy: str
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """A decision, an input, a business knowledge model or a decision service; requirements are references by URI."""

    kind: str
    id: str
    name: str
    namespace: str
    type_ref: str | None = None
    logic: Boxed | None = None
    requirements: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    output_decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type of the model (clause 7.3.2); `allowed` are unary tests."""

    name: str
    type_ref: str | None
    is_collection: bool
    is_function: bool
    allowed: str | None
    components: tuple[ItemDefinition, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole file; `imports` are the names other models are imported by, with their namespaces."""

    namespace: str
    elements: tuple[Element, ...]
    items: tuple[ItemDefinition, ...]
    imports: tuple[tuple[str, str], ...]
