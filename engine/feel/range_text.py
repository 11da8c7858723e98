"""Ranges from text such as `[1..5)` or `(@"2026-01-01"..)`: their ends may only be literals (clause 10.3.4.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from engine.feel import tree
from engine.feel.decimals import CONTEXT
from engine.feel.errors import FeelError
from engine.feel.parser import parse_expression
from engine.feel.temporal_text import read_date, read_date_time, read_duration, read_time
from engine.feel.values import Range, Value, compare
from engine.feel.vocabulary import Vocabulary

_RANGE = re.compile(r"\s*([\[\](])(.*?)\.\.(.*?)([\[\])])\s*", re.DOTALL)
_READERS: dict[str, Callable[[str], Value]] = {
    "date": read_date,
    "time": read_time,
    "date and time": read_date_time,
    "duration": read_duration,
}
_VOCABULARY = Vocabulary(_READERS)

NOT_LITERAL = object()


def make_range(start: Value, end: Value, *, start_included: bool, end_included: bool) -> Range | None:
    """The range between two values, or None when they are not in order."""
    if start is None and end is None:
        return None
    if start is not None and end is not None and not compare("<=", start, end):
        return None
    return Range(start, end, start_included and start is not None, end_included and end is not None)


def read_range(text: str) -> Range | None:
    """Read a range; an end may be missing where the bracket is open. Raises ValueError for one that is no literal."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    opening, start, end, closing = match.groups()
    if (opening == "[" and not start.strip()) or (closing == "]" and not end.strip()):
        return None
    return make_range(_end(start), _end(end), start_included=opening == "[", end_included=closing == "]")


def _end(text: str) -> Value:
    if not text.strip():
        return None
    try:
        value = literal_value(parse_expression(text, _VOCABULARY))
    except FeelError as error:
        raise ValueError(text) from error
    if value is NOT_LITERAL or value is None:
        raise ValueError(text)
    return value


def literal_value(node: tree.Node) -> Value:
    """The value of a literal, such as `-5`, `@"2026-01-01"` or `date("2026-01-01")`; NOT_LITERAL for anything else."""
    match node:
        case tree.Literal() | tree.AtLiteral():
            return node.value
        case tree.Negation(operand=tree.Literal(value=Decimal() as number)):
            return CONTEXT.minus(number)
        case tree.Call(callee=tree.Name(name=name), arguments=(tree.Literal(value=str() as text),)) if name in _READERS:
            return _READERS[name](text)
    return NOT_LITERAL
