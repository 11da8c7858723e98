"""What is wrong with a decision before it is published: unreadable texts, loose ends, unknown names, faulty tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from engine.dmn import model
from engine.dmn.findings import ERROR, Finding, short
from engine.dmn.graph import Model
from engine.dmn.kind_checks import check_kinds
from engine.dmn.table_checks import check_table
from engine.feel.functions import BUILTINS

_LONGEST_NAME = 60


def check_decision(home: Model, element: model.Element, functions: Collection[str]) -> list[Finding]:
    """All findings on one decision and its own logic, not on what it requires; `functions` will be lent to it."""
    findings = [
        *_unreadable(home, element),
        *_loose_requirements(home, element),
        *_strange_names(home, element),
        *_strange_functions(home, element, functions),
        *check_kinds(home, element),
    ]
    if isinstance(element.logic, model.DecisionTable):
        findings += check_table(home, element, element.logic)
    return findings


def _unreadable(home: Model, element: model.Element) -> Iterator[Finding]:
    for fault in home.faults.get(element.id, ()):
        place = fault.element_id or element.id
        zh, en = f"“{short(fault.text)}”：{fault.error.sentence}", f"{short(fault.text)}: {fault.error.english}"
        yield Finding("feel-unreadable", place, element.name, zh, en, ERROR)


def _loose_requirements(home: Model, element: model.Element) -> Iterator[Finding]:
    for reference in element.requirements:
        if home.find(reference) is None:
            zh, en = f"所需的 {reference} 不存在。", f"What it requires, {reference}, does not exist."
            yield Finding("requirement-missing", element.id, element.name, zh, en, ERROR)
    if home.is_circular(element):
        zh, en = "该决策直接或间接地依赖自己。", "The decision requires itself."
        yield Finding("requirement-circular", element.id, element.name, zh, en, ERROR)


def _strange_names(home: Model, element: model.Element) -> Iterator[Finding]:
    """Names that no requirement gives. Where none is drawn at all, the names come from the process."""
    known = home.required_names(element)
    for name in sorted(home.strange_names(element)) if known else ():
        meant = _nearest(name, known)
        zh = f"用到了“{name}”，它不在所需的输入和决策之中，" + (
            f"您是不是想写“{meant}”？" if meant else f'请画出它；若是文本，请加引号写成 "{name}"。'
        )
        en = f"It uses {name}, which it does not require; " + (
            f"did you mean {meant}?" if meant else f'draw it, or, if it is a text, write "{name}".'
        )
        yield Finding("name-unknown", element.id, element.name, zh, en, ERROR)


def _strange_functions(home: Model, element: model.Element, lent: Collection[str]) -> Iterator[Finding]:
    for name in sorted(home.strange_functions(element) - set(lent) - home.strange_names(element)):
        meant = _nearest(name, [*BUILTINS, *lent, *home.required_names(element)])
        zh = f"用到了不存在的函数“{name}”" + (f"，您是不是想写“{meant}”？" if meant else "，请核对名称。")
        en = f"It calls the unknown function {name}" + (f"; did you mean {meant}?" if meant else "; check its name.")
        yield Finding("function-unknown", element.id, element.name, zh, en, ERROR)


def _nearest(name: str, names: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(name[:_LONGEST_NAME], list(names), n=1)), None)
