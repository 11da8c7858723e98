"""A name that nobody has written yet stops the case when an expression asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

from engine.feel import FeelError, compile_expression
from engine.model.checking import Folder, Remark, nearest, warning
from engine.model.conditions import MAX_LENGTH
from engine.model.diagram import Diagram
from engine.model.feel_texts import FeelText, feel_texts
from engine.model.variables import available_at


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Warns of names in expressions that no earlier step, no caller and no answer of the form provides."""
    for whole in folder.wholes(diagram):
        look = cache(partial(available_at, whole, folder=folder))
        for text in feel_texts(whole.process, folder.known):
            available = look(text.at) if text.local is not None else None
            if available is not None and text.local is not None:
                yield from _check_names(text, text.local, available)


def _check_names(text: FeelText, local: frozenset[str], available: frozenset[str]) -> Iterator[Remark]:
    for name in sorted(_names_in(text.text) - local - available):
        near = nearest(name, [*local, *available])
        yield warning(
            text.place,
            f"{text.zh}用到了“{name}”，之前没有哪一步写入它，"
            + (f"您是不是想写“{near}”？" if near else "请检查名称，或在前面的步骤用输出参数写入。"),
            f"uses “{name}” in its {text.en}, which no earlier step writes; "
            + (f"did you mean “{near}”?" if near else "check the name or write it with an output parameter before."),
        )


def _names_in(text: str) -> frozenset[str]:
    try:
        return compile_expression(text).names if len(text) <= MAX_LENGTH else frozenset()
    except FeelError:
        return frozenset()
