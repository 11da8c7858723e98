"""A condition that waits for a button no form has is never true."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error, nearest
from engine.model.diagram import Diagram
from engine.model.outcomes import outcomes_before, tests_at


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """An outcome compared in a condition is offered by the form of the task that wrote the variable last."""
    for whole in folder.wholes(diagram):
        for flow in whole.process.flows:
            for variable, text in tests_at(flow):
                offered = outcomes_before(whole, flow.source, variable, folder.known)
                if offered is not None and text not in offered:
                    near = nearest(text, offered)
                    yield error(
                        flow,
                        f"的条件在等结果“{text}”，但前面的表单只有：{'、'.join(sorted(offered))}。"
                        + (f"您是不是想写“{near}”？" if near else "请改用其中之一，或在表单里加上这个按钮。"),
                        f"waits for the outcome “{text}”, but the form offers only {', '.join(sorted(offered))}; "
                        + (f"did you mean “{near}”?" if near else "use one of these or add the button to the form."),
                    )
