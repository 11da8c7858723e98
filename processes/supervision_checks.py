"""Whether what `[supervision]` names is there: the table and its facts, the messages, steps, units and thresholds."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.model.checking import nearest
from processes.pack import Pack
from processes.starts import beginnings
from processes.supervision import FACTS, Supervision

_OUTPUTS = ("ground", "rung")


def loose_supervision(pack: Pack) -> Iterator[str]:
    """What is wrong with the section, as sentences without their full stop."""
    try:
        rules = Supervision.of(pack.county)
    except ValueError:
        yield (
            '[supervision] 要写全：daily_at（如 "08:30"）、decision、message、moved、item（写成 "步骤.项目"）、'
            "starts、unit_kinds 和 public_rungs（列表）、"
            "cluster_days、cluster_townships、quiet_days（阈值的名称）；可以写 leaves（列表）；不能多写"
        )
        return
    if rules is not None:
        yield from _table(pack, rules)
        yield from _names(pack, rules)
        yield from _item(pack, rules)


def _table(pack: Pack, rules: Supervision) -> Iterator[str]:
    decision = pack.definition.decisions.get(rules.decision)
    if decision is None:
        yield _unknown("decision", rules.decision, pack.definition.decisions, "决策表")
        return
    for name in sorted(decision.names - {*FACTS}):
        near = nearest(name, FACTS)
        yield f"督办的决策表用到了没有的数据“{name}”，" + (
            f"您是不是想写“{near}”？" if near else f"可以用的有：{'、'.join(FACTS)}"
        )
    for missing in sorted({*_OUTPUTS} - {output.name for output in decision.outputs}):
        yield f"督办的决策表缺少输出列 {missing}"


def _names(pack: Pack, rules: Supervision) -> Iterator[str]:
    begun = {each.name for each in beginnings(pack.program) if each.kind == "message"}
    if rules.message not in begun:
        yield _unknown("message", rules.message, begun, "开始流程的消息")
    if rules.moved not in pack.program.messages:
        yield _unknown("moved", rules.moved, pack.program.messages, "消息")
    steps = {each.id for process in pack.definition.processes for each in process.elements if each.is_for_people}
    for name, asked, known, what in (
        ("leaves", rules.leaves, steps, "步骤"),
        ("starts", rules.starts, pack.starts, "发起方式"),
        ("unit_kinds", rules.unit_kinds, pack.units_of_kind, "单位类型"),
        ("cluster_days、cluster_townships、quiet_days", rules.thresholds, pack.limits.thresholds, "阈值"),
    ):
        yield from (_unknown(name, each, known, what) for each in asked if each not in known)


def _item(pack: Pack, rules: Supervision) -> Iterator[str]:
    step, field = rules.step_and_field
    found = next((each for process in pack.definition.processes if (each := process.find(step)) is not None), None)
    form = pack.forms.get(found.attributes.get("formKey", step)) if found is not None else None
    if form is None:
        yield f"[supervision] item 里的步骤“{step}”不在图上，或者没有表单"
    elif field not in form.inputs:
        yield _unknown("item", field, form.inputs, f"“{step}”表单里的项目")


def _unknown(key: str, name: str, known: Collection[str], what: str) -> str:
    near = nearest(name, known)
    return f"[supervision] {key} 里的“{name}”不是本县的{what}" + (f"，您是不是想写“{near}”？" if near else "")
