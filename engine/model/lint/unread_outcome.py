"""A button that no condition reads does the same as another one, which its presser does not know."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Known, Remark, warning
from engine.model.diagram import Diagram, Element
from engine.model.graph import WholeProcess
from engine.model.outcomes import outcome_variables, outcomes_of, tests_at


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Warns when a form's outcomes are not kept, or when more than one of them is left to the default flow."""
    for whole in folder.wholes(diagram):
        tests = frozenset[tuple[str, str]]().union(*map(tests_at, whole.process.flows))
        for task in whole.process.elements:
            unread = _unread(task, whole, tests, folder.known)
            if len(unread) > 1:
                yield warning(
                    task,
                    f"的表单结果 {'、'.join(unread)} 没有条件区分，按哪个都一样。请在网关上写出条件，或减少按钮。",
                    f"has the outcomes {', '.join(unread)} that no condition tells apart; "
                    "add conditions at the gateway after it, or take buttons away.",
                )


def _unread(task: Element, whole: WholeProcess, tests: frozenset[tuple[str, str]], known: Known) -> list[str]:
    """The outcomes nothing looks at. One may be left over: the default flow is for it."""
    outcomes, variables = outcomes_of(task, known), outcome_variables(task)
    if len(outcomes) < 2:
        return []
    if not variables and any("outcome" in text for text in task.outputs.values()):
        return []  # worked into something else, which is for its reader to judge
    if _leaves_the_drawing(variables, whole):
        return []
    return sorted(set(outcomes) - {text for name, text in tests if name in variables})


def _leaves_the_drawing(variables: frozenset[str], whole: WholeProcess) -> bool:
    """Handed to a decision table or to another process, which may tell them apart."""
    for element in whole.process.elements:
        passed = {passing.source or passing.expression for passing in element.ins}
        if variables & passed or (variables and element.kind == "businessRuleTask"):
            return True
    return False
