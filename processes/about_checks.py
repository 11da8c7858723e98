"""Whether a start about ended cases (county.toml, `about`) names starts, ends, limits and fields that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product

from engine.model.checking import nearest
from engine.model.diagram import Process
from engine.time import Counts
from processes.formers import place_of
from processes.forms import Form
from processes.pack import Pack
from processes.starts import Start, beginnings

LONGEST_NAME = 30
"""Of such a start: its drafts are kept under its name and the former case's id."""
_ONLY = ("ends", "offer", "within", "carries", "tells", "once", "again_after")
_UNCARRIED = ("filepicker", "dynamiclist")
_TOLD = {"case", "number", "title", "unit", "ended", "closed_on"}


def loose_about(pack: Pack, start: Start) -> Iterator[str]:
    """What is wrong with what a start says of the cases it is about, as sentences without their full stop."""
    said = f"可发起的“{start.name}”"
    if not start.about:
        written = [name for name in _ONLY if getattr(start, name)]
        if written:
            yield f"{said}写了 {'、'.join(written)}，却没有写 about（针对哪一类）"
        return
    yield from (f"{said}的{each}" for each in _about(pack, start))


def _about(pack: Pack, start: Start) -> Iterator[str]:
    for name in start.about:
        yield from _unknown("about", name, pack.starts, "[[starts]] 里")
    if len(start.name) > LONGEST_NAME:
        yield f"名称应不超过 {LONGEST_NAME} 个字，因为写了 about"
    if not start.by or not start.step:
        yield " about 要和 step、by 一起写：由人发起"
    if not start.offer:
        yield " offer（按钮上的字）没有写"
    yield from _begins(pack, start)
    yield from _ends(pack, start)
    yield from _within(pack, start)
    if all(name in pack.starts for name in start.about):
        yield from _fields(pack, start)


def _begins(pack: Pack, start: Start) -> Iterator[str]:
    drawn = {(each.process, each.kind, each.name) for each in beginnings(pack.program)}
    if start.signal or (start.message and (start.process, *start.named) not in drawn):
        yield f" message“{start.signal or start.message}”不是流程 {start.process} 里的消息开始事件"


def _ends(pack: Pack, start: Start) -> Iterator[str]:
    formers = [pack.starts[name].process for name in start.about if name in pack.starts]
    for key, ends, drawn in (
        ("ends", start.ends, _end_events(pack, formers)),
        ("again_after", start.again_after, _end_events(pack, [start.process])),
    ):
        for end in ends:
            yield from _unknown(key, end, drawn, "流程图的结束事件里")


def _within(pack: Pack, start: Start) -> Iterator[str]:
    if not start.within:
        return
    yield from _unknown("within", start.within, pack.limits.names, "limits.toml 里")
    limit = pack.limits.dated.get(start.within)
    if limit is not None and limit.counts is not Counts.FROM_START:
        yield f" within“{start.within}”是往回算的时限，应当是从结束起算的"


def _fields(pack: Pack, start: Start) -> Iterator[str]:
    form = _form(pack, start.process, start.step)
    for about, carry in product(start.about, start.carries):
        step, field = place_of(pack, about, carry)
        yield from _place(pack, start, "carries", carry, step, field)
        asked = form.inputs.get(field) if form else None
        if form is not None and (asked is None or asked.kind in _UNCARRIED):
            yield f" carries“{carry}”：表单里没有能预先填上的“{field}”（附件、列表不能预先填）"
    for name, place in start.tells.items():
        step, _, field = place.partition(".")
        if name in _TOLD or not name.isidentifier():
            yield f" tells“{name}”不能用这个名称"
        yield from _place(pack, start, "tells", place, step, field, is_variable=True)


def _place(
    pack: Pack, start: Start, key: str, told: str, step: str, field: str, *, is_variable: bool = False
) -> Iterator[str]:
    """A field that some step of the former process, or of one it calls, asks for."""
    forms = [form for process in pack.definition.processes if (form := _form(pack, process.id, step))]
    if not forms or not field or not (is_variable or any(field in form.inputs for form in forms)):
        yield f" {key}“{told}”：没有这一步，或者它的表单里没有这一项（写作 步骤.项目）"


def _form(pack: Pack, process: str, step: str) -> Form | None:
    drawn = _process(pack, process)
    element = drawn.find(step) if drawn else None
    return pack.forms.get(element.attributes.get("formKey", step)) if element else None


def _process(pack: Pack, id: str) -> Process | None:
    return next((each for each in pack.definition.processes if each.id == id), None)


def _end_events(pack: Pack, processes: Collection[str]) -> list[str]:
    drawn = [process for process in pack.definition.processes if process.id in processes]
    return [each.id for process in drawn for each in process.inside(None) if each.kind == "endEvent"]


def _unknown(key: str, name: str, known: Collection[str], where: str) -> Iterator[str]:
    if name not in known:
        near = nearest(name, known)
        yield f" {key}“{name}”：{where}没有{f'，您是不是想写“{near}”' if near else ''}"
