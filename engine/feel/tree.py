"""The syntax tree of FEEL (DMN 1.5, clause 10.3.1.2): frozen nodes that publish-time checks may walk.

Every node knows the offset in the source where it starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression."""

    position: int

    def children(self) -> Iterator[Node]:
        """The parts directly below this one, in the order of the source."""
        for field in fields(self):
            yield from _nodes_in(getattr(self, field.name))  # a declared field's name, never a user's

    def walk(self) -> Iterator[Node]:
        """Itself and all below it. Without recursion, so that any tree can be walked."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.children())

    def below(self, depth: int) -> Node | None:
        """The first node so many levels down, or None when the tree is not that deep."""
        level = [self]
        for _ in range(depth):
            level = [child for node in level for child in node.children()]
        return level[0] if level else None


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes_in(part)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, boolean or null."""

    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """A date, time or duration written as @"…"; `value` is None when the text is none of them."""

    text: str
    value: object


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, a parameter or a function."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.name`: an entry of a context, or a property of a date, time, duration or range."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`callee(arguments)`: `names` is empty for arguments by position, otherwise as long as `arguments`."""

    callee: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left operator right` with one of + - * / **."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right` with one of = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conjunction(Node):
    """Terms joined by `and`."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Node):
    """Terms joined by `or`."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """`value in tests`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparator(Node):
    """A test such as `< 5`: the tested value stands on the left."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """The cell of a decision table: no tests at all means any value (`-`)."""

    tests: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """`[low..high]` and its open forms; an end that is None is unbounded, as in `(< 5)`.

    `sign` is `=` or `!=` where it was written `(= 5)` or `(!= 5)`.
    """

    low: Node | None
    high: Node | None
    low_included: bool
    high_included: bool
    sign: str = ""


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then consequence else alternative`."""

    condition: Node
    consequence: Node
    alternative: Node


@dataclass(frozen=True, slots=True)
class Binding(Node):
    """`name in source` of a loop, or `name in source..end`."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for bindings return result`."""

    bindings: tuple[Binding, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some bindings satisfies condition`, or `every …`."""

    every: bool
    bindings: tuple[Binding, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[items]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    """`key: value` of a context."""

    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{entries}`: an entry sees those before it."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Type(Node):
    """A type such as `number`, `list<string>`, `context<a: number>` or `function<number>->string`.

    `parts` are the element type, the types of the entries (named by `keys`), or the parameters and then the result.
    """

    name: str
    parts: tuple[Type, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """`name` or `name: type` of a function definition."""

    name: str
    type: Type | None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`function(parameters) body`; an external body (Java, PMML) is never run and gives null."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: Type
