"""A decision that is in no table decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, of_kind, unknown
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Decision references name a decision in decisions/."""
    for element in of_kind(diagram, "businessRuleTask"):
        name = element.attributes.get("decisionRef", "").strip()
        if name and name not in folder.known.decisions:
            yield unknown(element, name, folder.known.decisions, "决策", "decision")
