"""Reads who may hold a task: `vetter@{township}` is a post and a unit, each a code or FEEL between braces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


class HolderFault(ValueError):
    """The text does not say post@unit."""


@dataclass(frozen=True, slots=True)
class Part:
    """A code as it stands, or a FEEL expression that gives one code or a list of codes."""

    text: str
    is_feel: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """One group of candidates: the holders of a post in a unit."""

    post: Part
    unit: Part


@lru_cache(maxsize=4096)  # asked of every task that opens
def read_holders(text: str) -> tuple[Holder, ...]:
    """`post@unit, post@unit` → holders, in order. Raises HolderFault when a part is missing or braces do not close."""
    return tuple(_read_holder(group) for group in _split(text, ","))


def read_part(text: str) -> Part:
    """`code` or `{FEEL}`. Raises HolderFault for an empty text and for anything between the two."""
    text = text.strip()
    if text.startswith("{") and text.endswith("}") and text[1:-1].strip():
        return Part(text[1:-1].strip(), is_feel=True)
    if not text or any(mark in text for mark in "{}"):
        raise HolderFault(text)
    return Part(text, is_feel=False)


def _read_holder(group: str) -> Holder:
    parts = list(_split(group, "@"))
    if len(parts) != 2:
        raise HolderFault(group)
    return Holder(read_part(parts[0]), read_part(parts[1]))


def _split(text: str, separator: str) -> Iterator[str]:
    """Split where the separator stands outside braces; a brace or separator inside a FEEL string does not count."""
    depth, quoted, begin = 0, False, 0
    for at, mark in enumerate(text):
        if mark == '"' and depth:
            quoted = not quoted
        elif not quoted:
            depth += {"{": 1, "}": -1}.get(mark, 0)
            if mark == separator and depth == 0:
                yield text[begin:at]
                begin = at + 1
    if depth or quoted:
        raise HolderFault(text)
    yield text[begin:]
