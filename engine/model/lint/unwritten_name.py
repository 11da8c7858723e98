"""A name nobody writes before is null when asked, and the condition silently goes the other way."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.feel import FeelError, compile_expression
from engine.model.checking import Folder, Remark, warning
from engine.model.diagram import Diagram
from engine.model.feel_texts import FeelText, feel_texts
from engine.model.variables import available_at


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Warns of names in expressions that no earlier step, no caller and no answer of the form provides."""
    for whole in folder.wholes(diagram):
        for text in feel_texts(whole.process, folder.known):
            available = available_at(whole, text.at, folder) if text.local is not None else None
            if available is not None and text.local is not None:
                yield from _check_names(text, available | text.local)


def _check_names(text: FeelText, available: frozenset[str]) -> Iterator[Remark]:
    for name in sorted(_names_in(text.text) - available):
        near = get_close_matches(name, sorted(available), n=1, cutoff=0.6)
        yield warning(
            text.place,
            f"{text.zh}用到了“{name}”，之前没有哪一步写入它，"
            + (f"您是不是想写“{near[0]}”？" if near else "请检查名称，或在前面的步骤用输出参数写入。"),
            f"uses “{name}” in its {text.en}, which no earlier step writes; "
            + (f"did you mean “{near[0]}”?" if near else "check the name or write it with an output parameter before."),
        )


def _names_in(text: str) -> frozenset[str]:
    try:
        return compile_expression(text).names
    except FeelError:
        return frozenset()
