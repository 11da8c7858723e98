"""Tells ISO 8601 literals from FEEL in a timer, and says what is wrong with a literal the engine would misread."""

from __future__ import annotations

import re
from datetime import datetime

YEARS_TO_DAYS = r"(?:\d{1,4}Y)?(?:\d{1,4}M)?(?:\d{1,4}W)?(?:\d{1,5}D)?"
DURATION = rf"P(?=[\dT]){YEARS_TO_DAYS}(?:T(?=\d)(?:\d{{1,5}}H)?(?:\d{{1,6}}M)?(?:\d{{1,8}}S)?)?"
FRACTION = r"PT\d{1,5}\.\d{1,3}[HMS]"
INSTANT = r"\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?"
LITERALS = {
    "timeDate": re.compile(INSTANT),
    "timeDuration": re.compile(rf"{DURATION}|{FRACTION}"),
    "timeCycle": re.compile(rf"R(?:[1-9]\d{{0,3}})?/(?:{INSTANT}/)?({DURATION})"),
}
LOOKS_ISO = re.compile(r"R\d*/.*|-?P[\dT].*|\d{4}-\d{2}.*", re.DOTALL)
LEAST_CYCLE = re.compile(r"[1-9]\d*(?:[YWDHM])")  # any part of a minute or longer; seconds alone would fill the store
NAIVE_IN_FEEL = re.compile(r'"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::[\d.]+)?"')


def is_literal(text: str) -> bool:
    """Whether the text means to be ISO 8601, well written or not; everything else is FEEL."""
    return LOOKS_ISO.fullmatch(text) is not None


def fault_of(kind: str, text: str) -> str | None:
    """What is wrong with a timer's text: missing, form, naive, short; None when nothing is.

    `naive`: an instant without its offset from UTC. `short`: a cycle that would repeat faster than once a minute.
    FEEL is only looked at for instants without offset; whether it compiles is another rule's question.
    """
    if not text:
        return "missing"
    if not is_literal(text):
        return "naive" if NAIVE_IN_FEEL.search(text) else None
    match = LITERALS[kind].fullmatch(text) if kind in LITERALS else None
    if match is None:
        return "form"
    if kind == "timeCycle" and not LEAST_CYCLE.search(match[1]):
        return "short"
    return _fault_of_instant(text)


def _fault_of_instant(text: str) -> str | None:
    for instant in re.findall(INSTANT, text):
        try:
            if datetime.fromisoformat(instant).tzinfo is None:
                return "naive"
        except ValueError:
            return "form"
    return None
