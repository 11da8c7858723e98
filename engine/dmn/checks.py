"""What is wrong with a decision before it is published: unreadable texts, loose ends, overlaps and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from engine.dmn import model
from engine.dmn.columns import Cell, Column, cut, read_cell
from engine.dmn.graph import Model

ERROR, WARNING, NOTE = "error", "warning", "note"
_SIGNS = {"<": "", ">": "", "(": "∈ "}
_MOST_GAPS = 5
_MOST_STATES = 200_000
_ONE_RESULT = ("UNIQUE", "ANY", "FIRST", "PRIORITY")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found wrong: where, in both languages, how bad, and (for gaps and overlaps) inputs that show it."""

    rule: str
    element_id: str
    element_name: str
    message_zh: str
    message_en: str
    severity: str
    sample: Mapping[str, str] = field(default_factory=dict)


def check_decision(home: Model, element: model.Element) -> list[Finding]:
    """All findings on one decision and its own logic, not on what it requires."""
    findings = [*_unreadable(home, element), *_loose_requirements(home, element)]
    if isinstance(element.logic, model.DecisionTable):
        findings += check_table(home, element, element.logic)
    return findings


def _unreadable(home: Model, element: model.Element) -> Iterator[Finding]:
    for fault in home.faults.get(element.id, ()):
        yield Finding(
            "feel-unreadable",
            fault.element_id or element.id,
            element.name,
            f"“{fault.text}”：{fault.error.sentence}",
            f"{fault.text}: {fault.error.english}",
            ERROR,
        )


def _loose_requirements(home: Model, element: model.Element) -> Iterator[Finding]:
    for reference in element.requirements:
        if home.find(reference) is None:
            zh, en = f"所需的 {reference} 不存在。", f"What it requires, {reference}, does not exist."
            yield Finding("requirement-missing", element.id, element.name, zh, en, ERROR)
    if home.is_circular(element):
        zh, en = "该决策直接或间接地依赖自己。", "The decision requires itself."
        yield Finding("requirement-circular", element.id, element.name, zh, en, ERROR)


def check_table(home: Model, element: model.Element, table: model.DecisionTable) -> list[Finding]:
    """Overlaps that the hit policy forbids, and inputs that no rule covers."""
    columns = _columns(home, table)
    if isinstance(columns, str):
        zh = f"“{columns}”一列含有无法预先分析的单元格，未检查遗漏与重叠。"
        en = f"Column {columns} has cells that cannot be analysed; gaps and overlaps were not checked."
        return [Finding("table-not-analysable", table.id or element.id, element.name, zh, en, NOTE)]
    return [*_overlaps(element, table, columns), *_gaps(element, table, columns)]


def _columns(home: Model, table: model.DecisionTable) -> list[Column] | str:
    """The columns cut into pieces, or the label of the first that cannot be."""
    columns = []
    for place, column in enumerate(table.inputs):
        cells = [_cell(home, rule.tests[place]) for rule in table.rules if place < len(rule.tests)]
        allowed = _cell(home, column.allowed) if column.allowed else None
        known = [cell for cell in cells if cell is not None]
        found = cut(column.label, known, allowed) if len(known) == len(table.rules) else None
        if found is None or (column.allowed and allowed is None):
            return column.label
        columns.append(found)
    return columns


def _cell(home: Model, text: str) -> Cell | None:
    node = home.compiler.tree_of_tests(text)
    return read_cell(node) if node else None


def _overlaps(element: model.Element, table: model.DecisionTable, columns: Sequence[Column]) -> Iterator[Finding]:
    if table.hit_policy not in ("UNIQUE", "ANY"):
        return
    for first, second in combinations(range(len(table.rules)), 2):
        if table.hit_policy == "ANY" and table.rules[first].results == table.rules[second].results:
            continue
        common = [column.covers[first] & column.covers[second] for column in columns]
        if not all(common):
            continue
        sample = {column.label: column.pieces[min(pieces)] for column, pieces in zip(columns, common, strict=True)}
        shown, pair_zh = _shown(sample), f"规则 {first + 1} 与规则 {second + 1} "
        zh = f"{pair_zh}在 {shown} 时同时命中，命中策略 {table.hit_policy} 不允许。"
        en = f"Rules {first + 1} and {second + 1} both match {shown}, which {table.hit_policy} forbids."
        yield Finding("table-overlap", table.rules[second].id or table.id, element.name, zh, en, ERROR, sample)


def _gaps(element: model.Element, table: model.DecisionTable, columns: Sequence[Column]) -> Iterator[Finding]:
    if table.hit_policy not in _ONE_RESULT or any(output.default for output in table.outputs):
        return
    search = _GapSearch(columns, len(table.rules))
    for sample in search.samples():
        zh, en = f"{_shown(sample)} 时没有规则命中。", f"No rule matches {_shown(sample)}."
        yield Finding("table-gap", table.id or element.id, element.name, zh, en, WARNING, sample)
    if search.states > _MOST_STATES:
        zh, en = "表格过大，未能查完所有遗漏。", "The table is too large to look for all gaps."
        yield Finding("table-not-analysable", table.id or element.id, element.name, zh, en, NOTE)


def _shown(sample: Mapping[str, str]) -> str:
    return "，".join(f"{label} {_SIGNS.get(piece[0], '= ')}{piece}" for label, piece in sample.items())


class _GapSearch:
    """Walks column by column with the set of rules still matching (as bits); an empty set is a gap."""

    def __init__(self, columns: Sequence[Column], rules: int) -> None:
        self._columns = columns
        self._rules = rules
        self._seen: set[tuple[int, int]] = set()
        self.states = 0

    def samples(self) -> list[dict[str, str]]:
        """Up to a handful of gaps, each told by the pieces that lead into it."""
        found: list[dict[str, str]] = []
        self._descend(0, (1 << self._rules) - 1, {}, found)
        return found

    def _descend(self, place: int, rules: int, sample: dict[str, str], found: list[dict[str, str]]) -> None:
        self.states += 1
        if (place, rules) in self._seen or len(found) >= _MOST_GAPS or self.states > _MOST_STATES:
            return
        self._seen.add((place, rules))
        if not rules:
            found.append(sample | {column.label: "-" for column in self._columns[place:]})
        elif place < len(self._columns):
            column = self._columns[place]
            for bits, piece in self._kinds(column):
                self._descend(place + 1, rules & bits, sample | {column.label: column.pieces[piece]}, found)

    def _kinds(self, column: Column) -> list[tuple[int, int]]:
        """The rules (as bits) that pieces of the column let through, with the first piece of each kind."""
        kinds: dict[int, int] = {}
        for piece in sorted(column.domain):
            bits = sum(1 << rule for rule, covered in enumerate(column.covers) if piece in covered)
            kinds.setdefault(bits, piece)
        return list(kinds.items())
