"""A limit that is not in limits.toml gives no due time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.model.checking import Folder, Remark, unknown
from engine.model.diagram import Diagram, Element
from engine.model.feel_texts import feel_texts, limit_part

ASKED = re.compile(r'(?<![\w.])limit\s*\(\s*"([^"]*)"')


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Limits named in dueDate, followUpDate and limit("…") are in limits.toml."""
    for process in diagram.processes:
        for element in process.elements:
            for name in _named(element):
                if name not in folder.known.limits:
                    yield unknown(element, name, folder.known.limits, "时限", "limit")
        for text in feel_texts(process, folder.known):
            for name in ASKED.findall(text.text):
                if name not in folder.known.limits:
                    yield unknown(text.place, name, folder.known.limits, "时限", "limit")


def _named(element: Element) -> Iterator[str]:
    for attribute in ("dueDate", "followUpDate"):
        part = limit_part(element, attribute)
        if part and not part.is_feel:
            yield part.text
