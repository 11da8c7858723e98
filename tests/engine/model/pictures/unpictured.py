"""Pages whose wrong sample cannot be drawn: why not, and its text with the line at fault marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

_AROUND = 2
_LONGEST = 100


@dataclass(frozen=True)
class Reason:
    """Why there is no picture, in both languages, and how the line at fault looks in the wrong sample."""

    zh: str
    en: str
    fault: str


NOT_DRAWN = {
    "too_large": Reason(
        "没有图：七十层套在一起，画出来谁也看不清，这正是它的毛病。",
        "No picture: seventy levels in one another, drawn, can be read by nobody, which is what is wrong with them.",
        r'<bpmn:subProcess id="level_63"',
    ),
    "xml_unreadable": Reason(
        "没有图：文件读不出来，也就没有可画的。",
        "No picture: the file cannot be read, so there is nothing to draw.",
        r"</bpmn:definitions>",
    ),
    "xml_unsafe": Reason(
        "没有图：文件不会被打开，也就没有可画的。",
        "No picture: the file is not opened, so there is nothing to draw.",
        r"<!DOCTYPE",
    ),
}


def excerpt(rule: str, sample: Path) -> str:
    """Why the page has no picture, and the lines around the fault."""
    reason = NOT_DRAWN[rule]
    lines = sample.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if re.search(reason.fault, line))
    around = range(max(at - _AROUND, 0), min(at + _AROUND + 1, len(lines)))
    shown = dedent("\n".join(lines[number] for number in around)).splitlines()
    marked = [f"{'✗' if number == at else ' '} {_cut(line)}" for number, line in zip(around, shown, strict=True)]
    return "\n".join([reason.zh, "", reason.en, "", "```text", *marked, "```", "", ""])


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
