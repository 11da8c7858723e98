"""Patterns of XPath and XML Schema in the words of the matching engine; what they do not know is refused.

Repetition is counted while reading, for the matching engine writes `((a{1000}){1000}){1000}` out in memory.
"""

from __future__ import annotations

import re

_LONGEST = 1000
_LARGEST = 20_000
_PART = re.compile(r"\\[pP]\{[^{}]*\}|\\.|\(\?|\{[0-9]+(?:,[0-9]*)?\}|-\[|.", re.DOTALL)
_ESCAPES = frozenset("nrt\\|.?*+(){}-[]^$dDsSwW")
_REFERENCES = frozenset("123456789")
_NAME_ESCAPES = {
    "i": r"[\p{L}_:]",
    "I": r"[^\p{L}_:]",
    "c": r"[\p{L}\p{M}\p{N}_:.\-\u00b7]",
    "C": r"[^\p{L}\p{M}\p{N}_:.\-\u00b7]",
}


def translate(pattern: str, flags: str) -> str:
    """The pattern for the matching engine. Raises ValueError when XPath does not allow it, or it grows too large."""
    if len(pattern) > _LONGEST:
        raise ValueError(pattern)
    return _Translation(flags).run(_without_blanks(pattern) if "x" in flags else pattern)


def _without_blanks(pattern: str) -> str:
    """The flag x: blanks do not count, except inside a class."""
    depth = 0
    kept = []
    for part in re.findall(r"\\[^ \t\r\n]|[\s\S]", pattern):
        depth += (part == "[") - (part == "]")
        if depth or part not in " \t\r\n":
            kept.append(part)
    return "".join(kept)


class _Translation:
    """Reads part by part; `sizes` are those of the groups still open, `last` that of what a count would repeat."""

    def __init__(self, flags: str) -> None:
        self._flags = flags
        self._class_depth = 0
        self._sizes = [0]
        self._last = 0

    def run(self, pattern: str) -> str:
        parts = list(_PART.finditer(pattern))
        texts = [self._translated(part[0], pattern[part.end() :]) for part in parts]
        return "".join(texts)

    def _translated(self, part: str, after: str) -> str:
        if part.startswith("\\"):
            return self._escape(part)
        if self._class_depth or part == "[":
            return self._in_class(part)
        if part in ("(", "(?"):
            return self._open(part, after)
        if part == ")":
            return self._close()
        if part.startswith("{"):
            return self._count(part)
        return self._plain(part)

    def _escape(self, part: str) -> str:
        kind = part[1:2]
        self._add(1)
        if kind in ("p", "P") and len(part) > 2:
            return part.replace("{Is", "{In", 1)
        if kind in _NAME_ESCAPES:
            return _NAME_ESCAPES[kind]
        if kind in _ESCAPES or (kind in _REFERENCES and not self._class_depth):
            return part
        raise ValueError(part)

    def _in_class(self, part: str) -> str:
        self._class_depth += (part in ("[", "-[")) - (part == "]")
        if not self._class_depth:
            self._add(1)
        return "--[" if part == "-[" else part

    def _open(self, part: str, after: str) -> str:
        if part == "(?" and not after.startswith(":"):
            raise ValueError(part)
        self._sizes.append(0)
        return part

    def _close(self) -> str:
        if len(self._sizes) == 1:
            raise ValueError(")")
        self._add(self._sizes.pop())
        return ")"

    def _count(self, part: str) -> str:
        most = max(int(count) for count in part[1:-1].split(",") if count)
        self._sizes[-1] += self._last * most
        self._last *= most
        self._check()
        return part

    def _plain(self, part: str) -> str:
        if part not in "?*+|^":
            self._add(1)
        if part == "$" and "m" not in self._flags:
            return r"\Z"
        return r"[^\n\r]" if part == "." and "s" not in self._flags else part

    def _add(self, size: int) -> None:
        self._last = size
        self._sizes[-1] += size
        self._check()

    def _check(self) -> None:
        if self._sizes[-1] > _LARGEST:
            raise ValueError("too large")
