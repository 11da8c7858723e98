"""What the cells of a table's input column let through, told as pieces within which every rule behaves the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.dmn.pieces import SCALES, Cuts, Piece, line, points
from engine.feel import tree
from engine.feel.instants import DateTime, Time
from engine.feel.range_text import NOT_LITERAL, literal_value, make_range
from engine.feel.values import Range, Value, is_zoned

Pieces = frozenset[int]
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell lets through: single values and ranges, or (negated) everything else."""

    points: tuple[Value, ...]
    ranges: tuple[Range, ...]
    negated: bool = False

    def values(self) -> Iterable[Value]:
        """All values named in the cell; null stands for itself as a point, and is no end of a range."""
        yield from self.points
        yield from (end for span in self.ranges for end in (span.start, span.end) if end is not None)


@dataclass(frozen=True, slots=True)
class Column:
    """The pieces of a column, and for each rule those its cell covers."""

    label: str
    pieces: tuple[Piece, ...]
    domain: Pieces
    covers: tuple[Pieces, ...]


def read_cell(node: tree.Node) -> Cell | None:
    """What a cell lets through, or None when that cannot be told before it is evaluated."""
    if not isinstance(node, tree.UnaryTests):
        return None
    if not node.tests:
        return Cell((), (), negated=True)
    points: list[Value] = []
    ranges: list[Range] = []
    excluded = node.negated
    for test in node.tests:
        found = _read_test(test)
        if found is None or (found.negated and len(node.tests) > 1):
            return None
        points += found.points
        ranges += found.ranges
        excluded ^= found.negated
    return Cell(tuple(points), tuple(ranges), excluded)


def _read_test(node: tree.Node) -> Cell | None:
    match node:
        case tree.Comparator(operator=sign, operand=operand):
            return _compared(sign, literal_value(operand))
        case tree.Comparison(operator=sign, left=tree.Name(name="?"), right=operand):
            return _compared(sign, literal_value(operand))
        case tree.Comparison(operator=sign, left=operand, right=tree.Name(name="?")):
            return _compared(MIRRORED[sign], literal_value(operand))
        case tree.Interval():
            return _interval(node)
        case tree.ListLiteral(items=items):
            values = [literal_value(item) for item in items]
            return None if NOT_LITERAL in values else Cell(tuple(values), ())
    return _compared("=", literal_value(node))


def _compared(sign: str, value: Value) -> Cell | None:
    if value is NOT_LITERAL:
        return None
    if sign in ("=", "!="):
        return Cell((value,), (), negated=sign == "!=")
    included = sign.endswith("=")
    low, high = (value, None) if sign.startswith(">") else (None, value)
    return _of_range(low, high, low_included=included, high_included=included)


def _interval(node: tree.Interval) -> Cell | None:
    if node.sign and node.low:
        return _compared(node.sign, literal_value(node.low))
    low = literal_value(node.low) if node.low else None
    high = literal_value(node.high) if node.high else None
    if NOT_LITERAL in (low, high):
        return None
    if (node.low and low is None) or (node.high and high is None):
        return Cell((), ())  # a bound that is null lets nothing through
    return _of_range(low, high, low_included=node.low_included, high_included=node.high_included)


def _of_range(low: Value, high: Value, *, low_included: bool, high_included: bool) -> Cell:
    span = make_range(low, high, start_included=low_included, end_included=high_included)
    return Cell((), (span,) if span else ())  # a range in the wrong order lets nothing through


def cut(label: str, cells: Sequence[Cell], allowed: Cell | None) -> Column | None:
    """Cut a column at every value its cells name. None when they do not share one kind of value."""
    everything = [*cells, allowed] if allowed else list(cells)
    named = [value for cell in everything for value in cell.values()]
    kinds = {type(value) for value in named if value is not None}
    if len(kinds) > 1 or len({is_zoned(value) for value in named if isinstance(value, (DateTime, Time))}) > 1:
        return None
    kind = kinds.pop() if kinds else None
    if kind in SCALES:
        scale = line(named, SCALES[kind])
    elif any(cell.ranges for cell in everything):
        return None
    else:
        scale = points(named, kind, closed=allowed is not None)
    domain = _cover(scale, allowed) if allowed else frozenset(range(len(scale.pieces)))
    return Column(label, scale.pieces, domain, tuple(_cover(scale, cell) & domain for cell in cells))


def _cover(scale: Cuts, cell: Cell) -> Pieces:
    covered = {scale.place(point) for point in cell.points}
    for span in cell.ranges:
        first = 0 if span.start is None else scale.place(span.start) + (not span.start_included)
        last = scale.last if span.end is None else scale.place(span.end) - (not span.end_included)
        covered.update(range(first, last + 1))
    return frozenset(range(len(scale.pieces))) - covered if cell.negated else frozenset(covered)
