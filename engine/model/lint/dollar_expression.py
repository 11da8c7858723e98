"""Expressions of other engines are not run here and would stay as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element
from engine.model.feel_texts import feel_texts

MARKS = ("${", "#{")


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No ${…} and no #{…} anywhere: expressions are FEEL."""
    for process in diagram.processes:
        for text in feel_texts(process, folder.known):
            if _is_foreign(text.text):
                yield error(
                    text.place, f"{text.zh}{ADVICE_ZH}", f"has a ${{…}} expression in its {text.en}; {ADVICE_EN}"
                )
        for element in process.elements:
            if any(_is_foreign(value) for value in _plain_texts(element)):
                yield error(element, f"的属性{ADVICE_ZH}", f"has a ${{…}} expression in an attribute; {ADVICE_EN}")


ADVICE_ZH = "用了 ${…} 写法，这里不支持。请改写为 FEEL，例如把 ${amount > 5} 写成 amount > 5。"
ADVICE_EN = "write FEEL instead, such as amount > 5 for ${amount > 5}."


def _plain_texts(element: Element) -> Iterator[str]:
    yield from element.attributes.values()
    yield from element.properties.values()
    yield element.called_element


def _is_foreign(text: str) -> bool:
    return any(mark in text for mark in MARKS)
