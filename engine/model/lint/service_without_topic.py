"""A service task that names no verb asks for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error, of_kind
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A service task has camunda:type="external" and a topic."""
    for task in of_kind(diagram, "serviceTask"):
        if task.attributes.get("type") != "external" or not task.attributes.get("topic", "").strip():
            yield error(
                task,
                "没有写明要做的动作。请选“外部任务”（type=external），在主题（topic）里填动作名称，例如 notify_units。",
                "does not name a verb; set type to external and topic to a verb of the list, such as notify_units.",
            )
