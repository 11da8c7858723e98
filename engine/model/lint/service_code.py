"""Classes, delegates and connectors are program code, which a county folder does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram

CODE = frozenset({"class", "expression", "delegateExpression", "script", "resource"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No element names program code; what a service task may ask for is on the list of verbs."""
    for element in diagram.elements:
        named = sorted(CODE & set(element.attributes)) + ["connector"] * ("connector" in element.extensions)
        if named:
            yield error(
                element,
                f"引用了程序（{'、'.join(named)}），流程图里不能调用程序。请改用动作清单里的主题（topic）。",
                f"names program code ({', '.join(named)}), which a diagram may not; use a topic of the list.",
            )
