"""Writes `docs/bpmn-support.md` from the rows: `python -m tests.engine.support`."""

from __future__ import annotations

from pathlib import Path

from engine.model import Finding
from engine.model.lint import Known, lint
from tests.engine.support import (  # noqa: F401  # they fill ROWS
    boundaries,
    data,
    elsewhere,
    events,
    gateways,
    repetition,
    scopes,
    tasks,
)
from tests.engine.support.rows import ROWS, Row
from tests.engine.support.standard import COMBINATIONS, NEVER_WRITTEN, elements
from tests.engine.support.standard import events as every_event
from tests.kit.diagrams import a_folder

PAGE = Path(__file__).parents[3] / "docs" / "bpmn-support.md"

_HEAD = """# BPMN 2.0：执行什么，拒绝什么 · What is executed, what is refused

画得出的都在下面：要么**照标准执行**，要么**检查时拒绝**并说明怎么改，没有第三种。
Everything that can be drawn is below: **executed** as the standard says, or **refused** by the linter with a sentence;
nothing in between.

- *执行*：证明是 `tests/engine/support` 里同名的故事，一次连续运行，一次每一步都存盘再读出。
  *Executed*: the proof is the story of that name in `tests/engine/support`, run live, and with save and restore after
  every step.
- *拒绝*：规则页写着错在哪里、怎样画才对。*Refused*: the rule's page shows what is wrong and how to draw it.

本页由测试生成，不要手改 · Generated from the tests, do not edit: `python -m tests.engine.support`
"""
_COLUMNS = "| BPMN 2.0 | | 证明或规则 Proof or rule |\n|---|---|---|"


def page() -> str:
    """The whole page."""
    parts = [
        _HEAD,
        _section("元素 Elements", elements()),
        _section("事件：触发与位置 Events: trigger and place", every_event()),
        _section("组合 Combinations", list(COMBINATIONS)),
        f"标准里只是抽象、不会写在文件里的：{'、'.join(sorted(NEVER_WRITTEN))}。"
        "Abstract in the standard and never written in a file.",
    ]
    return "\n".join(parts) + "\n"


def row_of(name: str) -> Row:
    """The row that covers a name of `standard`."""
    return next(row for row in ROWS if name in row.covers)


def refusal(row: Row) -> Finding:
    """What the row's rule says of its diagram."""
    return next(finding for finding in lint(a_folder(row.diagram), Known()) if finding.rule == row.rule)


def _section(title: str, names: list[str]) -> str:
    lines = [_line(name, row_of(name)) for name in names]
    return "\n".join([f"\n## {title}\n", _COLUMNS, *lines, ""])


def _line(name: str, row: Row) -> str:
    if row.story:
        return f"| {name} | ✔ 执行 executed | {row.zh}。{row.en.capitalize()}. `{row.name}` |"
    said = refusal(row)
    return (
        f"| {name} | ✘ 拒绝 refused | [{row.rule}](lint/{row.rule}.md)：{_after_colon(said.message_zh, '：')} "
        f"{_after_colon(said.message_en, ': ')} |"
    )


def _after_colon(sentence: str, colon: str) -> str:
    """The sentence without the file's name."""
    return sentence.split(colon, 1)[-1].replace("|", "\\|")
