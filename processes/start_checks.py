"""Whether what may begin (county.toml, `starts`) is drawn, and what is drawn to begin may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from processes.about_checks import loose_about
from processes.pack import Pack
from processes.starts import Start, beginnings

LONGEST_NAME, LONGEST_NUMBER = 50, 40


def loose_starts(pack: Pack) -> Iterator[str]:
    """What is wrong with the folder's starts, as sentences without their full stop."""
    for start in pack.starts.values():
        yield from _called(start)
        yield from _of_a_person(pack, start) if start.awaits == ("", "") else _by_itself(pack, start)
        yield from loose_about(pack, start)
    yield from _unheard(pack)


def _called(start: Start) -> Iterator[str]:
    """Names that fit, and a pattern that gives numbers: better said now than when the first matter is numbered."""
    if not 0 < len(start.name) <= LONGEST_NAME:
        yield f"可发起的“{start.name[:LONGEST_NAME]}”的名称应有 1 至 {LONGEST_NAME} 个字"
    try:
        number = start.number.format(year=2026, seq=999_999)
    except (KeyError, IndexError, ValueError, AttributeError):
        number = ""
    if not 0 < len(number) <= LONGEST_NUMBER:
        yield (
            f"可发起的“{start.name}”的编号样式“{start.number}”不能用："
            f"只能用 {{year}} 和 {{seq}}，编号不超过 {LONGEST_NUMBER} 个字"
        )


def _of_a_person(pack: Pack, start: Start) -> Iterator[str]:
    process = next((each for each in pack.definition.processes if each.id == start.process), None)
    if process is None or process.find(start.step) is None:
        yield f"可发起的“{start.name}”指向不存在的流程或步骤（{start.process} / {start.step}）"
    if start.by not in pack.posts:
        yield f"可发起的“{start.name}”由不存在的岗位 {start.by} 发起"


def _by_itself(pack: Pack, start: Start) -> Iterator[str]:
    kind, name = start.awaits
    if start.step or start.by or (start.message and start.signal):
        yield f"可发起的“{start.name}”只能写一种发起方式：步骤和岗位（step、by），或 message，或 signal"
    drawn = {(each.process, each.kind, each.name) for each in beginnings(pack.program)}
    if (start.process, kind, name) not in drawn:
        yield f"可发起的“{start.name}”等待 {kind}“{name}”，流程 {start.process} 里没有这样的开始事件"
    if start.unit not in pack.units:
        yield f"可发起的“{start.name}”的单位 {start.unit or '（空）'} 不在 units.csv 里"


def _unheard(pack: Pack) -> Iterator[str]:
    """Start events that nothing in `starts` speaks of or two entries do; messages that could begin two cases."""
    drawn = beginnings(pack.program)
    entries = Counter((start.process, *start.named) for start in pack.starts.values())
    for process, kind, name in dict.fromkeys((each.process, each.kind, each.name) for each in drawn):
        count = entries[process, kind, name]
        if count != 1:
            told = "没有登记" if not count else f"登记了 {count} 次"
            yield f'流程 {process} 由 {kind}“{name}”开始，[[starts]] 里{told}，应登记一次（{kind} = "{name}"）'
    for name, count in Counter(each.name for each in drawn if each.kind == "message").items():
        if count > 1:
            yield f"有 {count} 个开始事件等待消息“{name}”，无法确定由它开始哪一个；请各用各的消息名称"
