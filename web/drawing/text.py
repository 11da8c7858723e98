"""Breaks Chinese and mixed text into lines by the width of its characters, for a server has no fonts to measure."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_PIECES = re.compile(r"[A-Za-z0-9.,:%/_\-]+|\s+|.", re.DOTALL)
_NEVER_FIRST = frozenset("，。、；：！？）》」』】〉”’…—·,.;:!?)]}%")
_NEVER_LAST = frozenset("（《「『【〈“‘([{")
_PAUSES = "，、；：。 "
_UPRIGHT = str.maketrans("（）《》〈〉「」【】—…，、。：；", "︵︶︽︾︿﹀﹁﹂︻︼︱︙︐︑︒︓︔")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text without the characters XML cannot hold, in one line."""
    return " ".join(_NOT_IN_XML.sub("", text).split())


def width_of(text: str, size: float) -> float:
    """About how many px the text is wide at a font size: full-width characters one em, others a little over half."""
    return sum(1.0 if east_asian_width(letter) in "WFA" else 0.56 for letter in text) * size


def wrap(text: str, width: float, size: float) -> list[str]:
    """The text in lines at most `width` px wide; no line opens with closing punctuation or ends with an opening one.

    Where it costs no line, a line ends at a pause, and the last one is not left with a single character.
    """
    lines = [""]
    for piece in _pieces(printable(text), width, size):
        if lines[-1] and width_of(lines[-1] + piece.rstrip(), size) > width and piece not in _NEVER_FIRST:
            lines[-1], carried = _split_opening(lines[-1])
            lines.append(carried + piece.lstrip())
        else:
            lines[-1] += piece
    filled = [line.strip() for line in lines if line.strip()]
    return [*filled[:-2], *_eased(filled[-2], filled[-1], width, size)] if len(filled) > 1 else filled


def _eased(before: str, last: str, width: float, size: float) -> list[str]:
    """The last two lines, broken at a pause or at least not before one lonely character."""
    pause = max(before.rfind(mark) for mark in _PAUSES) + 1
    carried = before[pause:]
    if 0 < pause < len(before) and width_of(carried + last, size) <= width:
        return [before[:pause].strip(), carried + last]
    lonely = len(last) == 1 and len(before) > 2 and not before[-1].isascii() and before[-2] not in _NEVER_LAST
    return [before[:-1], before[-1] + last] if lonely and before[-1] not in _NEVER_FIRST else [before, last]


def cut(lines: list[str], most: int) -> list[str]:
    """At most so many lines; an ellipsis says that there was more (the whole text is in the title)."""
    most = max(most, 1)
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def columns(text: str, height: float, size: float) -> list[list[str]]:
    """The text for setting from top to bottom: columns of cells, each a character or a short number set across."""
    per_column = max(int(height // (size * 1.15)), 1)
    cells = [cell for cell in _PIECES.findall(printable(text).translate(_UPRIGHT)) if not cell.isspace()]
    return [cells[start : start + per_column] for start in range(0, len(cells), per_column)]


def _pieces(text: str, width: float, size: float) -> list[str]:
    """Characters and Latin words; a word that fits no line is taken letter by letter."""
    words = _PIECES.findall(text)
    return [part for word in words for part in ([word] if width_of(word, size) <= width else word)]


def _split_opening(line: str) -> tuple[str, str]:
    return (line[:-1], line[-1]) if line[-1] in _NEVER_LAST and len(line) > 1 else (line, "")
