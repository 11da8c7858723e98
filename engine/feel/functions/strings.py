"""Functions on texts (DMN 1.5, clause 10.3.4.3)."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import patterns
from engine.feel.budget import spend, spend_text
from engine.feel.callables import Library
from engine.feel.text import write
from engine.feel.values import Value

library = Library()
define = library.define


@define("string", "from: any -> string")
def _string(value: Value) -> str | None:
    return write(value)


@define("string length", "string: string -> number")
def _string_length(text: str) -> Decimal:
    return Decimal(len(text))


@define("upper case", "string: string -> string")
def _upper_case(text: str) -> str:
    return text.upper()


@define("lower case", "string: string -> string")
def _lower_case(text: str) -> str:
    return text.lower()


@define("substring", "string: string, start position: integer, length?: integer -> string")
def _substring(text: str, position: int, length: int | None = None) -> str | None:
    start = position - 1 if position > 0 else len(text) + position
    if position == 0 or not 0 <= start < len(text) or (length is not None and length < 1):
        return None
    return text[start:] if length is None else text[start : start + length]


@define("substring before", "string: string, match: string -> string")
def _substring_before(text: str, match: str) -> str:
    return text[: max(text.find(match), 0)]


@define("substring after", "string: string, match: string -> string")
def _substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@define("contains", "string: string, match: string -> boolean")
def _contains(text: str, match: str) -> bool:
    return match in text


@define("starts with", "string: string, match: string -> boolean")
def _starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


@define("ends with", "string: string, match: string -> boolean")
def _ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


@define("matches", "input: string, pattern: string, flags?: string? -> boolean")
def _matches(text: str, pattern: str, flags: str | None = None) -> bool:
    return patterns.matches(text, pattern, flags or "")


@define("replace", "input: string, pattern: string, replacement: string, flags?: string? -> string")
def _replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    return patterns.replace(text, pattern, replacement, flags or "")


@define("split", "string: string, delimiter: string -> list")
def _split(text: str, delimiter: str) -> list[Value]:
    return patterns.split(text, delimiter)


@define(
    "string join",
    "list: list, delimiter?: string? -> string",
    "list: list, delimiter: string?, prefix: string?, suffix: string? -> string",
)
def _string_join(
    items: list[Value], delimiter: str | None = None, prefix: str | None = None, suffix: str | None = None
) -> str | None:
    texts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in texts):
        return None
    spend(len(items))
    spend_text(sum(map(len, texts)) + len(texts) * len(delimiter or ""))
    return (prefix or "") + (delimiter or "").join(texts) + (suffix or "")
