"""Lists every place of a process where FEEL is written, once, for all rules that look at expressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.checking import Known
from engine.model.diagram import SUB_PROCESSES, Element, Flow, Process
from engine.model.holders import HolderFault, Part, read_holders, read_part
from engine.model.timer_text import is_literal
from engine.model.variables import written_by, written_by_instance

COUNTERS = frozenset({"nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "loopCounter"})


@dataclass(frozen=True, slots=True)
class FeelText:
    """One expression. `zh` and `en` say where it stands; `local` are the names it has besides the process's variables.

    `local` is None where the names come from outside the drawing (a verb's answer, the variables of a called process).
    """

    place: Element | Flow
    text: str
    zh: str
    en: str
    local: frozenset[str] | None = frozenset()

    @property
    def at(self) -> str:
        """The id of the element at which it is evaluated: a flow's condition at the flow's source."""
        return self.place.source if isinstance(self.place, Flow) else self.place.id


def feel_texts(process: Process, known: Known) -> Iterator[FeelText]:
    """Every FEEL text of the process that is not empty, flows after elements."""
    for element in process.elements:
        for text in _texts_of(element, known):
            if text.text:
                yield text
    for flow in process.flows:
        if flow.condition:
            yield FeelText(flow, flow.condition, "的条件", "condition")


def holder_parts(element: Element) -> tuple[tuple[Part, Part], ...]:
    """The (post, unit) pairs of an element's candidate groups; none when the text cannot be read."""
    try:
        return tuple((holder.post, holder.unit) for holder in read_holders(element.attributes["candidateGroups"]))
    except (KeyError, HolderFault):
        return ()


def limit_part(element: Element, attribute: str) -> Part | None:
    """The limit's name or the FEEL in dueDate or followUpDate; None when there is none or it cannot be read."""
    try:
        return read_part(element.attributes.get(attribute, ""))
    except HolderFault:
        return None


def _texts_of(element: Element, known: Known) -> Iterator[FeelText]:
    yield from _parameters(element, known)
    yield from _passings(element)
    yield from _repetitions(element)
    yield FeelText(element, element.correlation_key, "的关联键", "correlation key")
    for event in element.events:
        if event.timer and not is_literal(event.timer.text):
            yield FeelText(element, event.timer.text, "的时间", "timer")
    for part in (part for pair in holder_parts(element) for part in pair):
        if part.is_feel:
            yield FeelText(element, part.text, "的办理岗位", "candidateGroups")
    for attribute, zh in (("dueDate", "的办理时限"), ("followUpDate", "的提醒时间")):
        limit = limit_part(element, attribute)
        if limit and limit.is_feel:
            yield FeelText(element, limit.text, zh, attribute)


def _parameters(element: Element, known: Known) -> Iterator[FeelText]:
    for name, text in element.inputs.items():
        yield FeelText(element, text, f"的输入参数“{name}”", f"input “{name}”")
    local = _answers(element, known)
    for name, text in element.outputs.items():
        yield FeelText(element, text, f"的输出参数“{name}”", f"output “{name}”", local)


def _answers(element: Element, known: Known) -> frozenset[str] | None:
    """What a user task's outputs can see: the form's keys and the outcome. Unknown for everything else."""
    form = element.attributes.get("formKey", "")
    if form not in known.forms:
        return None
    keys, _ = known.forms[form]
    return frozenset({*keys, "outcome"})


def _passings(element: Element) -> Iterator[FeelText]:
    for passing in element.ins:
        yield FeelText(element, passing.expression or passing.source, f"传入的“{passing.target}”", "camunda:in")
    for passing in element.outs:
        text = passing.expression or passing.source
        yield FeelText(element, text, f"传出的“{passing.target}”", "camunda:out", None)


def _progress(element: Element) -> frozenset[str] | None:
    """What a completion condition can see: the counters and what the instance that ended last has written."""
    return None if element.kind in SUB_PROCESSES else COUNTERS | written_by_instance(element)


def _repetitions(element: Element) -> Iterator[FeelText]:
    if element.multi_instance:
        several = element.multi_instance
        yield FeelText(element, several.collection, "的多实例集合", "collection")
        yield FeelText(element, several.cardinality, "的多实例次数", "loopCardinality")
        yield FeelText(element, several.completion_condition, "的完成条件", "completionCondition", _progress(element))
    if element.loop:
        done = frozenset({"loopCounter"}) | written_by(element)
        yield FeelText(element, element.loop.condition, "的循环条件", "loopCondition", done)
