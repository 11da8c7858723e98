"""A limit or threshold that is not in limits.toml gives no due time and no number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.model.checking import Folder, Known, Place, Remark, error, unknown
from engine.model.diagram import Diagram, Element
from engine.model.feel_texts import feel_texts, limit_part

ASKED = re.compile(r'(?<![\w.])(limit|threshold)\s*\(\s*"([^"]*)"')


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Limits in dueDate, followUpDate and limit("…") and numbers in threshold("…") are in limits.toml, each as such."""
    known = folder.known
    for process in diagram.processes:
        for element in process.elements:
            for name in _named(element):
                yield from _check_limit(element, name, known)
        for text in feel_texts(process, known):
            for function, name in ASKED.findall(text.text):
                yield from (_check_limit if function == "limit" else _check_threshold)(text.place, name, known)


def _named(element: Element) -> Iterator[str]:
    for attribute in ("dueDate", "followUpDate"):
        part = limit_part(element, attribute)
        if part and not part.is_feel:
            yield part.text


def _check_limit(place: Place, name: str, known: Known) -> Iterator[Remark]:
    if name in known.thresholds:
        yield error(
            place,
            f"把“{name}”用作时限，但它在 limits.toml 里是阈值（数字）。"
            f'请改用写有时长的时限；取这个数字用 threshold("{name}")。',
            f"uses “{name}” as a limit, but limits.toml has it as a threshold, a number; use a limit with a time, "
            f'or threshold("{name}") for the number.',
        )
    elif name not in known.limits:
        yield unknown(place, name, known.limits, "时限", "limit")


def _check_threshold(place: Place, name: str, known: Known) -> Iterator[Remark]:
    if name in known.limits:
        yield error(
            place,
            f"把“{name}”用作阈值，但它在 limits.toml 里是时限（时长）。"
            f'请改用写有数字的阈值；到期的时刻用 limit("{name}")。',
            f"uses “{name}” as a threshold, but limits.toml has it as a limit, a time; use a threshold with a number, "
            f'or limit("{name}") for the moment it ends.',
        )
    elif name not in known.thresholds:
        yield unknown(place, name, known.thresholds, "阈值", "threshold")
