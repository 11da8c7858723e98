"""A loop without a maximum can keep a case open, and its history growing, for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram

MOST = 100  # a round leaves its tasks in the case's history; beyond this the engine slows down and then stops


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A standard loop has a loopMaximum from 1 to 100."""
    for element in diagram.elements:
        if element.loop and not (element.loop.maximum.isdecimal() and 1 <= int(element.loop.maximum[:9]) <= MOST):
            yield error(
                element,
                f"是循环活动，但没有写明最多循环几次（1 到 {MOST}）。请填写 loopMaximum。",
                f"is a loop without a maximum between 1 and {MOST}; set its loopMaximum.",
            )
