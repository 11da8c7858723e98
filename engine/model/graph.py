"""Questions about how tokens can travel through a drawing: what comes before, what comes after, what goes round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeAlias

from engine.model.diagram import SUB_PROCESSES, Element, Flow, Process

Steps: TypeAlias = Mapping[str, tuple[str, ...]]  # element id → ids a token can go to from there


def reach(steps: Steps, origins: Iterable[str], without: frozenset[str] = frozenset()) -> frozenset[str]:
    """Everything a token can get to from `origins` (these included) without entering `without`."""
    waiting = [origin for origin in origins if origin not in without]
    seen = set(waiting)
    while waiting:
        for following in steps.get(waiting.pop(), ()):
            if following not in seen and following not in without:
                seen.add(following)
                waiting.append(following)
    return frozenset(seen)


class Graph:
    """The elements and flows directly inside one scope: the process (None) or one sub-process.

    A boundary event counts as a step from the activity it sits on. Flows that lead out of the scope or to nowhere are
    left out; the rule `dangling_reference` reports them.
    """

    def __init__(self, process: Process, scope: str | None) -> None:
        """Take the elements of `process` whose scope is `scope`."""
        self.process, self.scope = process, scope
        self.elements: dict[str, Element] = {element.id: element for element in process.inside(scope)}
        self.outgoing: dict[str, list[Flow]] = defaultdict(list)
        self.incoming: dict[str, list[Flow]] = defaultdict(list)
        for flow in process.flows:
            if flow.source in self.elements and flow.target in self.elements:
                self.outgoing[flow.source].append(flow)
                self.incoming[flow.target].append(flow)

    @cached_property
    def steps(self) -> Steps:
        """Where a token can go next, by element id."""
        return _steps(self.elements.values(), self.outgoing)

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """The ids of its start events."""
        return tuple(element.id for element in self.elements.values() if element.kind == "startEvent")

    def has_flow_out(self, element: Element) -> bool:
        """Whether a sequence flow leaves the element."""
        return bool(self.outgoing.get(element.id))

    def goes_round(self, element: Element) -> bool:
        """Whether a token that leaves the element can come back to it inside this scope."""
        return element.id in reach(self.steps, self.steps.get(element.id, ()))


class WholeProcess:
    """A process with its sub-processes unfolded: tokens go in at their starts and out at their ends."""

    def __init__(self, process: Process) -> None:
        """Unfold `process`."""
        self.process = process
        self._upstream: dict[str, frozenset[str]] = {}

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """The ids of the start events of the process itself."""
        return tuple(e.id for e in self.process.inside(None) if e.kind == "startEvent")

    @cached_property
    def ends(self) -> frozenset[str]:
        """The ids of the end events of the process itself."""
        return frozenset(e.id for e in self.process.inside(None) if e.kind == "endEvent")

    @cached_property
    def steps(self) -> Steps:
        """Where a token can go next, by element id, through the borders of sub-processes."""
        outgoing: dict[str, list[Flow]] = defaultdict(list)
        for flow in self.process.flows:
            outgoing[flow.source].append(flow)
        steps = {id_: list(following) for id_, following in _steps(self.process.elements, outgoing).items()}
        for sub_process in self.process.elements:
            if sub_process.kind in SUB_PROCESSES:
                self._unfold(sub_process, steps, [flow.target for flow in outgoing[sub_process.id]])
        return {id_: tuple(following) for id_, following in steps.items()}

    def upstream(self, element_id: str) -> frozenset[str]:
        """The ids of the elements from which a token can come to this one; itself only if it lies on a cycle."""
        if element_id not in self._upstream:
            self._upstream[element_id] = reach(self._steps_back, self._steps_back.get(element_id, ()))
        return self._upstream[element_id]

    def nearest_upstream(self, element_id: str, wanted: frozenset[str]) -> frozenset[str]:
        """Those of `wanted` that a walk against the flows meets first, on every way back from the element."""
        steps = {id_: () if id_ in wanted else before for id_, before in self._steps_back.items()}
        return reach(steps, self._steps_back.get(element_id, ())) & wanted

    @cached_property
    def _steps_back(self) -> Steps:
        back: dict[str, list[str]] = defaultdict(list)
        for id_, following in self.steps.items():
            for target in following:
                back[target].append(id_)
        return {id_: tuple(before) for id_, before in back.items()}

    def _unfold(self, sub_process: Element, steps: dict[str, list[str]], after: list[str]) -> None:
        inside = self.process.inside(sub_process.id)
        if not inside:
            return
        kept = [target for target in steps.get(sub_process.id, []) if target not in after]
        steps[sub_process.id] = kept + [e.id for e in inside if e.kind == "startEvent"]
        for element in inside:
            if element.kind == "endEvent":
                steps.setdefault(element.id, []).extend(after)


def _steps(elements: Iterable[Element], outgoing: Mapping[str, list[Flow]]) -> Steps:
    steps: dict[str, list[str]] = defaultdict(list)
    for element in elements:
        steps[element.id].extend(flow.target for flow in outgoing.get(element.id, ()))
        if element.attached_to:
            steps[element.attached_to].append(element.id)
    return {id_: tuple(following) for id_, following in steps.items()}
