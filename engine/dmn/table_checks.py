"""What is wrong with a decision table: its shape, results that are not allowed, overlaps, and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice

from engine.dmn import model
from engine.dmn.columns import Cell, Column, cut, read_cell
from engine.dmn.findings import ERROR, NOTE, WARNING, Finding, short
from engine.dmn.gaps import MOST_STATES, GapSearch
from engine.dmn.graph import Model
from engine.dmn.pieces import Piece, when, where

_MOST_RULES = 600
_MOST_OVERLAPS = 20
_ONE_RESULT = ("UNIQUE", "ANY", "FIRST", "PRIORITY")


def check_table(home: Model, element: model.Element, table: model.DecisionTable) -> list[Finding]:
    """All findings on a table. Gaps and overlaps are looked for only when every cell can be analysed."""
    shape = list(_misshapen(element, table))
    if shape:
        return shape
    columns = _columns(home, table)
    if isinstance(columns, str):
        zh = f"“{columns}”一列含有无法预先分析的单元格，未检查遗漏与重叠。"
        en = f"Column {columns} has cells that cannot be analysed; gaps and overlaps were not checked."
        return [*_results(home, element, table), _note(element, table, zh, en)]
    return [
        *_results(home, element, table),
        *islice(_overlaps(element, table, columns), _MOST_OVERLAPS),
        *_gaps(element, table, columns),
    ]


def _note(element: model.Element, table: model.DecisionTable, zh: str, en: str) -> Finding:
    return Finding("table-not-analysable", table.id or element.id, element.name, zh, en, NOTE)


def _misshapen(element: model.Element, table: model.DecisionTable) -> Iterator[Finding]:
    width = (len(table.inputs), len(table.outputs))
    for number, rule in enumerate(table.rules, 1):
        if (len(rule.tests), len(rule.results)) != width:
            zh, en = f"规则 {number} 的单元格数与表头不符。", f"Rule {number} does not have as many cells as columns."
            yield Finding("table-shape", rule.id or table.id, element.name, zh, en, ERROR)


def _results(home: Model, element: model.Element, table: model.DecisionTable) -> Iterator[Finding]:
    """Results that are literals and not among the values their output allows."""
    for place, output in enumerate(table.outputs):
        for number, rule in enumerate(table.rules, 1):
            text = rule.results[place]
            if output.allowed and home.compiler.is_refused(text, output.allowed):
                zh = f"规则 {number} 的结果 {short(text)} 不在“{output.label}”允许的取值之内。"
                en = f"The result {short(text)} of rule {number} is not among the values of {output.label}."
                yield Finding("table-result", rule.id or table.id, element.name, zh, en, ERROR)


def _columns(home: Model, table: model.DecisionTable) -> list[Column] | str:
    """The columns cut into pieces, or the label of the first that cannot be."""
    columns = []
    for place, column in enumerate(table.inputs):
        cells = [_cell(home, rule.tests[place]) for rule in table.rules]
        allowed = _cell(home, column.allowed) if column.allowed else None
        known = [cell for cell in cells if cell is not None]
        found = cut(column.label, known, allowed) if len(known) == len(table.rules) else None
        if found is None or (column.allowed and allowed is None):
            return column.label
        columns.append(found)
    return columns


def _cell(home: Model, text: str) -> Cell | None:
    node = home.compiler.tree_of(text, tests=True)
    return read_cell(node) if node else None


def _overlaps(element: model.Element, table: model.DecisionTable, columns: Sequence[Column]) -> Iterator[Finding]:
    """Two rules overlap when every column has a piece that both let through."""
    if table.hit_policy not in ("UNIQUE", "ANY"):
        return
    if len(table.rules) > _MOST_RULES:
        yield _note(element, table, "表格过大，未检查重叠。", "The table is too large to look for overlaps.")
        return
    for first, second in combinations(range(len(table.rules)), 2):
        common = [column.covers[first] & column.covers[second] for column in columns]
        agree = table.hit_policy == "ANY" and table.rules[first].results == table.rules[second].results
        if agree or not all(common):
            continue
        sample = {column.label: column.pieces[min(pieces)] for column, pieces in zip(columns, common, strict=True)}
        numbers = f"{first + 1}、{second + 1}"
        zh = f"{when(sample)}，规则 {numbers} 同时适用，命中策略 {table.hit_policy} 不允许。"
        en = f"Rules {first + 1} and {second + 1} both apply {where(sample)}, which {table.hit_policy} forbids."
        place = table.rules[second].id or table.id
        yield Finding("table-overlap", place, element.name, zh, en, ERROR, _examples(sample))


def _gaps(element: model.Element, table: model.DecisionTable, columns: Sequence[Column]) -> Iterator[Finding]:
    if table.hit_policy not in _ONE_RESULT or any(output.default for output in table.outputs):
        return
    search = GapSearch(columns, len(table.rules))
    for sample in search.samples():
        zh, en = f"{when(sample)}，没有规则适用。", f"No rule applies {where(sample)}."
        yield Finding("table-gap", table.id or element.id, element.name, zh, en, WARNING, _examples(sample))
    if search.states > MOST_STATES:
        yield _note(element, table, "表格过大，未能查完所有遗漏。", "The table is too large to look for all gaps.")


def _examples(sample: Mapping[str, Piece]) -> dict[str, str]:
    return {label: piece.example for label, piece in sample.items()}
