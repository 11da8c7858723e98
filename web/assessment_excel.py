"""An assessment as a workbook: the same figures as its page, and headings that stay while one scrolls."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from processes.assessment.figures import Figure
from processes.assessment.rules import Measure, Rules
from processes.assessment.scoring import Line
from processes.queries.assessments import WholeAssessment

_FORMATS = {"on_time": "0%", "again": "0.00", "reopened": "0.00", "rating": "0.0"}


def workbook(shown: dict[str, Any], whole: WholeAssessment, rules: Rules) -> io.BytesIO:
    """The file; `shown` is what the page says, `whole` has the exact numbers."""
    book = Workbook()
    ranking = book.active
    ranking.title = "排名"
    _ranking(ranking, shown, whole.lines, rules)
    band = ("乡镇", "吹哨件数", f"每 {rules.band.per_days} 天件数", "频次")
    rates = ((each["unit"], each["count"], Decimal(each["value"]), each["said"]) for each in shown["rates"])
    _table(book.create_sheet("乡镇频次"), band, rates)
    excluded = ((each["number"], each["unit"], each["reason"], each["at"]) for each in shown["exclusions"])
    _table(book.create_sheet("剔除"), ("编号", "申诉单位", "理由", "决定时间"), excluded)
    _table(
        book.create_sheet("按规则计"),
        ("单位", "考核项", "件数", "其中逾期未评、按规则计"),
        _by_rule(shown, whole.lines, rules),
    )
    _table(book.create_sheet("说明"), ("项目", "内容"), _about(shown, rules))
    kept = io.BytesIO()
    book.save(kept)
    kept.seek(0)
    return kept


def _ranking(sheet: Worksheet, shown: dict[str, Any], lines: Sequence[Line], rules: Rules) -> None:
    measures = list(rules.measures.values())
    heads = ("排名", "单位", f"得分（满分 {rules.points}）", "件数", *(_heading(each) for each in measures), "说明")
    names = [each["unit"] for each in (*shown["ranked"], *shown["unranked"])]
    rows = (
        (line.rank, name, line.score, *_numbers(line, measures), line.why)
        for name, line in zip(names, lines, strict=True)
    )
    _table(sheet, heads, rows)
    for column, measure in enumerate(measures, 5):
        for row in range(2, len(lines) + 2):
            sheet.cell(row, column).number_format = _FORMATS[measure.counts]


def _by_rule(shown: dict[str, Any], lines: Sequence[Line], rules: Rules) -> Iterable[tuple[object, ...]]:
    """Which figures hold scores that nobody gave, and how many."""
    names = [each["unit"] for each in (*shown["ranked"], *shown["unranked"])]
    for name, line in zip(names, lines, strict=True):
        for key, figure in line.figures.items():
            if figure.by_rule:
                yield name, rules.measures[key].name, len(figure.cases), len(figure.by_rule)


def _numbers(line: Line, measures: Sequence[Measure]) -> tuple[object, ...]:
    """How many cases, then each figure; nothing where a draft does not show them."""
    if not line.figures:
        return (None,) * (1 + len(measures))
    return len(line.cases), *(_number(line.figures[each.key], each) for each in measures)


def _number(figure: Figure, measure: Measure) -> Decimal | None:
    return None if figure.value is None else figure.value * measure.most


def _heading(measure: Measure) -> str:
    return f"{measure.name}（{measure.points} 分）" if measure.points else f"{measure.name}（扣分项）"


def _about(shown: dict[str, Any], rules: Rules) -> Iterable[tuple[str, str]]:
    head = shown["assessment"]
    yield "名称", head["title"]
    yield "期间", f"{shown['period']}，{head['span']}，按办结的日期算"
    yield "状态", f"{head['state']} {head['published']}".strip()
    yield "取数时间", head["drawn"]
    yield "最少件数", f"不足 {shown['least']} 件的不排名"
    yield "算式", rules.score.text.strip()
    for each in shown["signed"]:
        yield each["step"], f"{each['name']}（{each['post']}） {each['at']}"


def _table(sheet: Worksheet, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table whose heading stays; a text is a text even when it begins like a formula."""
    for number, row in enumerate((heads, *rows), 1):
        for column, value in enumerate(row, 1):
            _write(sheet.cell(number, column), value)
    for column, head in enumerate(heads, 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = max(12, 2 * len(head) + 4)
    sheet.freeze_panes = "A2"


def _write(cell: Cell, value: object) -> None:
    cell.value = value  # type: ignore[assignment]  # texts and numbers
    if isinstance(value, str):
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
