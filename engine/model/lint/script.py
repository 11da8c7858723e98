"""A diagram that carries program code could do anything to the server it runs on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, Process

SCRIPTS = frozenset({"script", "preScript", "postScript"})
FEEL_LANGUAGES = frozenset(
    {"", "feel", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/"}
)


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No script tasks, no scripts in extensions, no condition in another language than FEEL."""
    places: tuple[Process | Element, ...] = (*diagram.processes, *diagram.elements)
    for place in places:
        if _has_script(place):
            yield error(
                place,
                "带有脚本，流程图里不能写程序。请改用服务任务（清单中的动作）或输出参数。",
                "holds a script; diagrams carry no program code: use a service task or an output.",
            )
    for flow in diagram.flows:
        if flow.language.strip().removeprefix("feel:").lower() not in {name.lower() for name in FEEL_LANGUAGES}:
            yield error(
                flow,
                f"的条件是用“{flow.language}”写的。条件只能用 FEEL，请改写并去掉语言标记。",
                f"has a condition written in “{flow.language}”; write FEEL and remove the language.",
            )


def _has_script(place: Process | Element) -> bool:
    return bool(place.extensions & SCRIPTS) or (isinstance(place, Element) and place.kind == "scriptTask")
