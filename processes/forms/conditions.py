"""When a field is hidden: `key op literal`, small enough that the browser and the server always agree."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Literal = str | bool | Decimal | None

_LITERAL = r'"[^"\\]*"|-?[0-9]{1,15}(?:\.[0-9]{1,6})?|true|false|null'
_FORM = re.compile(rf"=?\s*([a-z][a-z0-9_]*)\s*(!=|<=|>=|=|<|>)\s*({_LITERAL})\s*")
_WORDS: dict[str, Literal] = {"true": True, "false": False, "null": None}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """`key op literal`: a comparison of one earlier answer with a fixed text, number, truth value or null."""

    key: str
    op: str
    literal: Literal

    def holds(self, answer: object) -> bool:
        """Whether the comparison is true of this answer (a FEEL value; None when nothing was answered).

        Null logic as in DMN 1.5: `null = null` is true, an order of unlike kinds is unknown and so does not hold.
        """
        if answer is None or self.literal is None:
            return (answer is self.literal) == (self.op == "=") and self.op in ("=", "!=")
        if _kind(answer) != _kind(self.literal):
            return False
        if self.op in ("=", "!="):
            return (answer == self.literal) == (self.op == "=")
        return not isinstance(answer, bool) and _ORDER[self.op](answer, self.literal)

    @property
    def literal_json(self) -> str:
        """The literal as JSON, for the page's script. Numbers are written as they were, never as a float."""
        return str(self.literal) if isinstance(self.literal, Decimal) else json.dumps(self.literal, ensure_ascii=False)


def parse_condition(text: str) -> Condition | None:
    """Read `key op literal` (a leading `=` is form-js's sign for FEEL); None when the text is anything else."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    key, op, literal = match.groups()
    return Condition(key, op, _read_literal(literal))


def _read_literal(text: str) -> Literal:
    if text.startswith('"'):
        return text[1:-1]
    return _WORDS[text] if text in _WORDS else Decimal(text)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | Decimal) else type(value).__name__
