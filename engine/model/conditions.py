"""Recognises the plain conditions people draw (`vetting = "forward" and amount > 5`) well enough to compare two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache, reduce
from typing import TypeAlias

from engine.dmn.columns import MIRRORED, Cell, Column, cut, read_cell
from engine.dmn.pieces import Piece
from engine.feel import FeelError, compile_expression, tree

MAX_LENGTH = 1_000  # of an expression: beyond it nobody reads it, and searching it costs too much

Conjunction: TypeAlias = Mapping[str, tuple[Cell, ...]]
"""What each name must be, all at once."""


@lru_cache(maxsize=4096)
def read_conjunction(text: str) -> Conjunction | None:
    """What `and` joins in a condition, by name; None when the condition holds anything but tests of names."""
    node = _read(text)
    found: dict[str, tuple[Cell, ...]] = defaultdict(tuple)
    for term in node.terms if isinstance(node, tree.Conjunction) else (node,):
        name, cell = _read_term(term) if term else ("", None)
        if not name or cell is None:
            return None
        found[name] += (cell,)
    return found


def share_a_name(one: Conjunction, other: Conjunction) -> bool:
    """Whether the two conditions look at the same thing."""
    return bool(one.keys() & other.keys())


def both_hold(one: Conjunction, other: Conjunction) -> Mapping[str, Piece] | None:
    """What the names may be for both conditions to be true; None when they never are, or that cannot be told."""
    sample = {}
    for name in one.keys() | other.keys():
        cells = one.get(name, ()) + other.get(name, ())
        column = cut(name, cells, None)
        common = _common(column) if column else frozenset()
        if not column or not common:
            return None
        sample[name] = column.pieces[min(common)]
    return dict(sorted(sample.items()))


def _common(column: Column) -> frozenset[int]:
    return reduce(frozenset.intersection, column.covers)


@lru_cache(maxsize=4096)
def texts_compared(text: str) -> frozenset[tuple[str, str]]:
    """Each (name, text) that the expression compares for equality: `a = "x"`, `"x" = a`, `a in ("x", "y")`."""
    node = _read(text)
    return frozenset(pair for part in node.walk() for pair in _texts_in(part)) if node else frozenset()


def _texts_in(node: tree.Node) -> Iterator[tuple[str, str]]:
    match node:
        case tree.Comparison(operator="=" | "!=", left=left, right=right):
            pairs = [(left, right), (right, left)]
        case tree.Membership(value=value, tests=tests):
            items = (part for test in tests for part in (test.items if isinstance(test, tree.ListLiteral) else (test,)))
            pairs = [(value, item) for item in items]
        case _:
            pairs = []
    for named, literal in pairs:
        if _name_of(named) and isinstance(literal, tree.Literal) and isinstance(literal.value, str):
            yield _name_of(named), literal.value


def _read(text: str) -> tree.Node | None:
    try:
        return compile_expression(text).tree if 0 < len(text) <= MAX_LENGTH else None
    except FeelError:
        return None


def _read_term(node: tree.Node) -> tuple[str, Cell | None]:
    """The name a term tests, and what it lets through."""
    match node:
        case tree.Comparison(operator=sign, left=left, right=right) if _name_of(left):
            return _name_of(left), _cell(tree.Comparator(node.position, sign, right))
        case tree.Comparison(operator=sign, left=left, right=right):
            return _name_of(right), _cell(tree.Comparator(node.position, MIRRORED[sign], left))
        case tree.Between(value=value, low=low, high=high):
            span = tree.Interval(node.position, low, high, low_included=True, high_included=True)
            return _name_of(value), _cell(span)
        case tree.Membership(value=value, tests=tests):
            return _name_of(value), _cell(*tests)
        case tree.Call(callee=tree.Name(name="not"), arguments=(negated,)):
            return _name_of(negated), _cell(tree.Literal(node.position, False))
    return _name_of(node), _cell(tree.Literal(node.position, True))


def _cell(*tests: tree.Node) -> Cell | None:
    return read_cell(tree.UnaryTests(0, tests, negated=False))


def _name_of(node: tree.Node) -> str:
    """`a` or `a.b`; "" for anything else."""
    match node:
        case tree.Name(name=name):
            return name
        case tree.Path(source=source, name=name) if _name_of(source):
            return f"{_name_of(source)}.{name}"
    return ""
