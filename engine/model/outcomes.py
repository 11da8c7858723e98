"""Follows a pressed button: the task that offers it, the variable that keeps it, the conditions that read it."""

from __future__ import annotations

from collections.abc import Collection

from engine.model.checking import Known
from engine.model.conditions import texts_compared
from engine.model.diagram import Element, Flow
from engine.model.graph import WholeProcess
from engine.model.variables import written_by


def outcome_variables(task: Element) -> frozenset[str]:
    """The variables that keep the task's outcome unchanged: output parameters that say just `outcome`."""
    return frozenset(name for name, text in task.outputs.items() if text.strip() == "outcome")


def outcomes_of(task: Element, known: Known) -> Collection[str]:
    """The outcomes the task's form offers; none when the form is not known."""
    _, outcomes = known.forms.get(task.attributes.get("formKey", ""), ((), ()))
    return outcomes


def tests_at(flow: Flow) -> frozenset[tuple[str, str]]:
    """Each (variable, text) that the flow's condition compares for equality."""
    return texts_compared(flow.condition or "")


def outcomes_before(whole: WholeProcess, element_id: str, variable: str, known: Known) -> frozenset[str] | None:
    """The outcomes `variable` can hold at the element: those of the forms of the tasks that wrote it last.

    None when something else may have written it, or when a form is not known.
    """
    wanted = frozenset(element.id for element in whole.process.elements if variable in written_by(element))
    writers = [whole.process.by_id[id_] for id_ in whole.nearest_upstream(element_id, wanted)]
    if not writers or not all(
        variable in outcome_variables(writer) and outcomes_of(writer, known) for writer in writers
    ):
        return None
    return frozenset(outcome for writer in writers for outcome in outcomes_of(writer, known))
