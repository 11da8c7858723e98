"""A decision without a name cannot be made, and one without a result variable is lost."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error, of_kind
from engine.model.diagram import Diagram

MAPPINGS = frozenset({"singleEntry", "singleResult", "collectEntries", "resultList"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A business rule task names its decision, its result variable and one of the four ways to map the result."""
    for task in of_kind(diagram, "businessRuleTask"):
        if not (task.attributes.get("decisionRef") and task.attributes.get("resultVariable")):
            yield error(
                task,
                "没有写明决策（decisionRef）或结果变量（resultVariable）。请都填上。",
                "lacks its decisionRef or its resultVariable; fill in both.",
            )
        elif task.attributes.get("mapDecisionResult") not in MAPPINGS:
            yield error(
                task,
                "没有写明怎样取结果。请在 singleEntry、singleResult、collectEntries、resultList 中选一个。",
                "does not say how to map the result; choose singleEntry, singleResult, collectEntries or resultList.",
            )
