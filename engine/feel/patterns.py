"""Regular expressions of XPath (DMN 1.5, clause 10.3.4.3) in the dialect of the matching engine, bounded in time."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from decimal import Decimal

import regex

from engine.feel.budget import spend, spend_text, timed_pattern
from engine.feel.values import Value

_LONGEST_PATTERN = 1000
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": 0, "q": 0}
_PART = regex.compile(r"\\[pP]\{[^}]*\}|\\.|\(\?|-\[|[$.\[\]]|\s|[^\\$.\[\](\s-]+|.", regex.DOTALL)
_PLAIN_ESCAPES = frozenset("nrt\\|.?*+(){}-[]^$dDsSwW")
_NAME_ESCAPES = {
    "i": r"[\p{L}_:]",
    "I": r"[^\p{L}_:]",
    "c": r"[\p{L}\p{M}\p{N}_:.\-\u00b7]",
    "C": r"[^\p{L}\p{M}\p{N}_:.\-\u00b7]",
}
_REPLACEMENT = regex.compile(r"\\[\\$]|\$[0-9]|[^\\$]+")


def number_of(count: int) -> Decimal:
    """A count as a FEEL number."""
    return Decimal(count)


def matches(text: str, pattern: str, flags: str) -> bool:
    """Whether the pattern is found anywhere in the text. Raises ValueError for a pattern XPath does not allow."""
    compiled = _compiled(pattern, flags)
    with timed_pattern() as seconds:
        return compiled.search(text, timeout=seconds) is not None


def replace(text: str, pattern: str, replacement: str, flags: str) -> str:
    """The text with every match replaced; `$1` is the first group. Raises ValueError as XPath asks."""
    compiled = _compiled(pattern, flags)
    pieces = [replacement] if "q" in flags else _replacement_pieces(replacement)
    if compiled.search("") is not None:
        raise ValueError(pattern)
    result: list[str] = []
    length = end = 0
    for match in _found(compiled, text):
        added = [text[end : match.start()], *(_expanded(piece, match) for piece in pieces)]
        length += sum(map(len, added))
        spend_text(length)
        result += added
        end = match.end()
    return "".join([*result, text[end:]])


def split(text: str, pattern: str) -> list[Value]:
    """The parts of the text between the matches."""
    parts: list[Value] = []
    end = 0
    for match in _found(_compiled(pattern, ""), text):
        if match.end() > match.start():
            parts.append(text[end : match.start()])
            end = match.end()
    return [*parts, text[end:]]


def _found(compiled: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    with timed_pattern() as seconds:
        for match in compiled.finditer(text, timeout=seconds):
            spend()
            yield match


def _replacement_pieces(replacement: str) -> list[str]:
    pieces = _REPLACEMENT.findall(replacement)
    if sum(map(len, pieces)) != len(replacement):
        raise ValueError(replacement)
    return list(pieces)


def _expanded(piece: str, match: regex.Match[str]) -> str:
    if piece.startswith("$"):
        group = int(piece[1])
        return (match[group] or "") if group <= len(match.groups()) else ""
    return piece[1:] if piece.startswith("\\") else piece


@functools.lru_cache(maxsize=500)
def _compiled(pattern: str, flags: str) -> regex.Pattern[str]:
    if len(pattern) > _LONGEST_PATTERN or not set(flags) <= _FLAGS.keys():
        raise ValueError(pattern)
    bits = regex.VERSION1
    for flag in flags:
        bits |= _FLAGS[flag]
    source = regex.escape(pattern) if "q" in flags else _translated(pattern, flags)
    try:
        return regex.compile(source, bits)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(pattern) from error


def _translated(pattern: str, flags: str) -> str:
    depth = 0
    parts: list[str] = []
    found = list(_PART.finditer(pattern))
    for index, match in enumerate(found):
        part = match[0]
        depth += (part in ("[", "-[")) - (part == "]")
        if part.isspace() and "x" in flags and not depth:
            continue
        after = pattern[match.end() : match.end() + 1]
        parts.append(_translated_part(part, flags, after, within_class=depth > 0, first=index == 0))
    return "".join(parts)


def _translated_part(part: str, flags: str, after: str, *, within_class: bool, first: bool) -> str:
    if part.startswith("\\"):
        return _translated_escape(part)
    if within_class:
        return "--[" if part == "-[" and not first else part
    if part == "(?" and after != ":":
        raise ValueError(part)
    if part == "$" and "m" not in flags:
        return r"\Z"
    return r"[^\n\r]" if part == "." and "s" not in flags else part


def _translated_escape(part: str) -> str:
    kind = part[1:2]
    if kind in "pP" and len(part) > 2:
        return part.replace("{Is", "{In", 1)
    if kind in _NAME_ESCAPES:
        return _NAME_ESCAPES[kind]
    if kind in _PLAIN_ESCAPES or kind in "123456789":
        return part
    raise ValueError(part)
