"""A function that is neither FEEL's nor the service's gives nothing, and nobody is told."""

from __future__ import annotations

from collections.abc import Iterator

from engine.feel import FeelError, compile_expression
from engine.model.checking import Folder, Remark, unknown
from engine.model.conditions import MAX_LENGTH
from engine.model.diagram import Diagram
from engine.model.feel_texts import feel_texts


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Functions called in expressions are FEEL's own or among those the service offers."""
    for process in diagram.processes:
        for text in feel_texts(process, folder.known):
            for name in sorted(_functions_in(text.text) - frozenset(folder.known.functions)):
                yield unknown(text.place, name, folder.known.functions, "函数", "function")


def _functions_in(text: str) -> frozenset[str]:
    try:
        return compile_expression(text).functions if len(text) <= MAX_LENGTH else frozenset()
    except FeelError:
        return frozenset()
