"""A limit that is not in limits.toml gives no due time, a threshold that is not there no number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.model.checking import Folder, Remark, unknown
from engine.model.diagram import Diagram, Element
from engine.model.feel_texts import FeelText, feel_texts, limit_part

THRESHOLD = re.compile(r'(?<![\w.])threshold\s*\(\s*"([^"]*)"')
ASKED = re.compile(r'(?<![\w.])limit\s*\(\s*"([^"]*)"')


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Limits named in dueDate, followUpDate and limit("…") are in limits.toml, and so are those of threshold("…")."""
    for process in diagram.processes:
        for element in process.elements:
            for name in _named(element):
                if name not in folder.known.limits:
                    yield unknown(element, name, folder.known.limits, "时限", "limit")
        for text in feel_texts(process, folder.known):
            yield from _asked_in(text, folder)


def _asked_in(text: FeelText, folder: Folder) -> Iterator[Remark]:
    limits, thresholds = folder.known.limits, folder.known.thresholds
    for name in ASKED.findall(text.text):
        if name not in limits:
            yield unknown(text.place, name, limits, "时限", "limit")
    for name in THRESHOLD.findall(text.text):
        if name not in thresholds:
            yield unknown(text.place, name, thresholds, "限额（limits.toml 里写成数的一项）", "threshold")


def _named(element: Element) -> Iterator[str]:
    for attribute in ("dueDate", "followUpDate"):
        part = limit_part(element, attribute)
        if part and not part.is_feel:
            yield part.text
