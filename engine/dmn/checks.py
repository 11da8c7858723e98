"""What is wrong with a decision before it is published: unreadable texts, loose ends, and faults of its table."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import model
from engine.dmn.findings import ERROR, Finding
from engine.dmn.graph import Model
from engine.dmn.table_checks import check_table


def check_decision(home: Model, element: model.Element) -> list[Finding]:
    """All findings on one decision and its own logic, not on what it requires."""
    findings = [*_unreadable(home, element), *_loose_requirements(home, element)]
    if isinstance(element.logic, model.DecisionTable):
        findings += check_table(home, element, element.logic)
    return findings


def _unreadable(home: Model, element: model.Element) -> Iterator[Finding]:
    for fault in home.faults.get(element.id, ()):
        place = fault.element_id or element.id
        zh, en = f"“{fault.text}”：{fault.error.sentence}", f"{fault.text}: {fault.error.english}"
        yield Finding("feel-unreadable", place, element.name, zh, en, ERROR)


def _loose_requirements(home: Model, element: model.Element) -> Iterator[Finding]:
    for reference in element.requirements:
        if home.find(reference) is None:
            zh, en = f"所需的 {reference} 不存在。", f"What it requires, {reference}, does not exist."
            yield Finding("requirement-missing", element.id, element.name, zh, en, ERROR)
    if home.is_circular(element):
        zh, en = "该决策直接或间接地依赖自己。", "The decision requires itself."
        yield Finding("requirement-circular", element.id, element.name, zh, en, ERROR)
