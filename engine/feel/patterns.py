"""Matching, replacing and splitting by regular expressions (DMN 1.5, clause 10.3.4.3), bounded in time."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import regex

from engine.feel.budget import spend, spend_text, timed_pattern
from engine.feel.pattern_text import translate
from engine.feel.values import Value

_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": 0, "q": 0}
_REPLACEMENT = regex.compile(r"\\[\\$]|\$[0-9]|[^\\$]+")


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
        added = [text[end : match.start()], *(_expanded(piece, match, flags) for piece in pieces)]
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


def _expanded(piece: str, match: regex.Match[str], flags: str) -> str:
    if "q" in flags:
        return piece
    if piece.startswith("$"):
        group = int(piece[1])
        return (match[group] or "") if group <= len(match.groups()) else ""
    return piece[1:] if piece.startswith("\\") else piece


@functools.lru_cache(maxsize=500)
def _compiled(pattern: str, flags: str) -> regex.Pattern[str]:
    if not set(flags) <= _FLAGS.keys():
        raise ValueError(flags)
    bits = regex.VERSION1
    for flag in flags:
        bits |= _FLAGS[flag]
    source = regex.escape(pattern) if "q" in flags else translate(pattern, flags)
    try:
        return regex.compile(source, bits)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(pattern) from error
