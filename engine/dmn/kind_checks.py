"""Cells and texts of a decision whose kinds of value cannot go together, so that they would always give null."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.dmn import model
from engine.dmn.findings import ERROR, Finding, short
from engine.dmn.graph import Model
from engine.feel.inference import Kinds, infer
from engine.feel.kinds import Kind, word
from engine.feel.names import SUBJECT


def check_kinds(home: Model, element: model.Element) -> Iterator[Finding]:
    """What the kinds of an element's inputs make impossible in its own logic."""
    kinds = {name: home.compiler.types.kind(type_ref) for name, type_ref in home.required_names(element).items()}
    check = _Check(home, element)
    if isinstance(element.logic, model.DecisionTable):
        yield from check.table(element.logic, kinds)
    elif isinstance(element.logic, model.LiteralExpression):
        yield from check.text(element.logic.text, element.id, kinds, "的表达式", "The expression")


class _Check:
    """Infers the kinds of one element's texts and tells what it finds."""

    def __init__(self, home: Model, element: model.Element) -> None:
        self.home = home
        self.element = element

    def table(self, table: model.DecisionTable, kinds: Mapping[str, Kind]) -> Iterator[Finding]:
        for place, column in enumerate(table.inputs):
            zh, en = f"“{column.label}”一列的输入", f"The input {column.label}"
            yield from self.text(column.text, column.id, kinds, zh, en)
            subject = self.home.compiler.types.kind(column.type_ref) or self._kind(column.text, kinds)
            for number, rule in enumerate(table.rules, 1):
                if place < len(rule.tests):
                    zh, en = f"规则 {number} 的“{column.label}”一格", f"Rule {number}, {column.label}"
                    inner = {**kinds, SUBJECT: subject}
                    yield from self.text(rule.tests[place], rule.id, inner, zh, en, tests=True)
        for place, output in enumerate(table.outputs):
            for number, rule in enumerate(table.rules, 1):
                if place < len(rule.results):
                    yield from self._result(output, rule, number, rule.results[place], kinds)

    def text(
        self, text: str, element_id: str, kinds: Kinds, zh: str, en: str, *, tests: bool = False
    ) -> Iterator[Finding]:
        node = self.home.compiler.tree_of(text, tests=tests) if text else None
        for fault in infer(node, kinds)[1] if node else ():
            at = fault.position + 1
            zh_sentence = f"{zh}“{short(text)}”：第 {at} 个字符处，{fault.zh}。"
            yield self._finding(element_id, zh_sentence, f"{en}: {short(text)}: at character {at}, {fault.en}.")

    def _result(
        self, output: model.Output, rule: model.Rule, number: int, text: str, kinds: Kinds
    ) -> Iterator[Finding]:
        yield from self.text(text, rule.id, kinds, f"规则 {number} 的结果", f"Rule {number}, result")
        wanted, given = self.home.compiler.types.kind(output.type_ref), self._kind(text, kinds)
        if wanted and given and wanted != given and "list" not in (wanted, given):
            zh = f"规则 {number} 的结果 {short(text)} 是{word(given)}，而“{output.label}”应当是{word(wanted)}。"
            en = f"The result {short(text)} of rule {number} is a {given}, but {output.label} is to be a {wanted}."
            yield self._finding(rule.id, zh, en)

    def _kind(self, text: str, kinds: Kinds) -> Kind:
        node = self.home.compiler.tree_of(text) if text else None
        return infer(node, kinds)[0] if node else None

    def _finding(self, element_id: str, zh: str, en: str) -> Finding:
        return Finding("feel-kinds", element_id or self.element.id, self.element.name, zh, en, ERROR)
