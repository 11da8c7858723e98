"""Gateways as BPMN says: tokens wait on the flows into a join until it fires; conditions are true, false or a fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.expressions import DiagramFault, decide, name_of
from engine.spiff.node import Node
from engine.values import differ

FIRED = "fired"  # which joins of a tree have: kept with it, and only for those that must know

_ACTIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class Choice(Node):
    """A gateway whose flows have conditions; a flow without one is the default."""

    def __init__(self, wf_spec: Any, name: str, **given: Any) -> None:
        """No flows yet."""
        super().__init__(wf_spec, name, **given)
        self.ways: list[tuple[str, Any]] = []
        self.default: Any = None

    def lead(self, condition: str | None, target: Any) -> None:
        """Connect one outgoing flow, in the order of the file."""
        self.connect(target)
        if condition is None:
            self.default = target
        else:
            self.ways.append((condition, target))

    def _true_ways(self, my_task: Any) -> Iterator[Any]:
        return (target for condition, target in self.ways if decide(condition, my_task))

    def _or_default(self, chosen: list[Any], my_task: Any) -> list[Any]:
        if not chosen and self.default is None:
            raise DiagramFault(where=name_of(my_task), why="没有一个条件成立，也没有默认连线")
        return chosen or [self.default]


class ExclusiveGateway(Choice):
    """Takes the first flow, in the order of the file, whose condition is true; else the default."""

    def _next(self, my_task: Any) -> list[Any]:
        first = next(self._true_ways(my_task), None)
        return self._or_default([first] if first else [], my_task)


class Join(Node):
    """A gateway at which tokens wait, each on the flow it came by; firing takes one from every flow that has any.

    The library counts completed inputs of the whole tree instead, and so fires too early from the second round of a
    rework loop on (spiffworkflow.md §2.1). A token that waits and is taken needs no rounds to be told apart.
    """

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        my_task._set_state(TaskState.WAITING)
        waiting = [task for task in my_task.workflow.tasks.values() if task.task_spec is self and _waits(task)]
        taken = self._taken(waiting) if self._may_fire(my_task, waiting) else []
        if my_task not in taken:
            return False
        my_task.data = joined(taken)
        for task in taken:
            if task is not my_task:
                task.cancel()
        return True

    def _taken(self, waiting: list[Any]) -> list[Any]:
        """The oldest tokens, as many from each node as it has flows into this gateway."""
        left, taken = Counter[str](self._inputs), list[Any]()
        for task in waiting:
            if left[task.parent.task_spec.name]:
                left[task.parent.task_spec.name] -= 1
                taken.append(task)
        return taken

    def _may_fire(self, my_task: Any, waiting: list[Any]) -> bool:
        raise NotImplementedError


class ParallelGateway(Join):
    """Fires when a token waits on every incoming flow.

    A flow by which a token could only come from this gateway itself is not waited for before it has fired, and one that
    it cannot feed is not waited for afterwards: BPMN would wait for ever. The linter refuses such drawings
    (`starving_join`); folders sealed before it did must go on.
    """

    def _may_fire(self, my_task: Any, waiting: list[Any]) -> bool:
        needed = self.awaits(my_task.workflow)
        return not Counter(name for name in self._inputs if name in needed) - _by_input(waiting)

    def awaits(self, tree: Any) -> frozenset[str]:
        """The nodes from each of which a token must come before it fires next in this tree."""
        return self._fed_by_itself if self.name in tree.data.get(FIRED, ()) else self._fed_from_start

    def _next(self, my_task: Any) -> list[Any]:
        if self._fed_from_start != self._fed_by_itself:
            my_task.workflow.data.setdefault(FIRED, {})[self.name] = True
        return super()._next(my_task)

    @cached_property
    def _fed_from_start(self) -> frozenset[str]:
        return self._fed(self._wf_spec.start.name)

    @cached_property
    def _fed_by_itself(self) -> frozenset[str]:
        """All of them when it lies on no loop."""
        return self._fed(self.name) or self._fed_from_start

    def _fed(self, origin: str) -> frozenset[str]:
        ahead = paths(self._wf_spec.task_specs, origin, without={self.name} if origin != self.name else frozenset())
        return frozenset(name for name in self._inputs if name in ahead)


class InclusiveGateway(Choice, Join):
    """Takes every flow whose condition is true, else the default. Fires when no other token can still come.

    BPMN 2.0, 13.4.3: it waits for a token elsewhere from which a path leads to an empty incoming flow, unless a path
    leads from it to one that has a token; paths go along sequence flows and not through this gateway.
    """

    def __init__(self, wf_spec: Any, name: str, **given: Any) -> None:
        """No flows yet, no paths looked up yet."""
        super().__init__(wf_spec, name, **given)
        self._paths: dict[str, frozenset[str]] = {}

    def _next(self, my_task: Any) -> list[Any]:
        return self._or_default(list(self._true_ways(my_task)), my_task)

    def _may_fire(self, my_task: Any, waiting: list[Any]) -> bool:
        full = set(_by_input(waiting))
        empty = set(self._inputs) - full
        return not empty or not any(self._must_wait_for(task, empty, full) for task in my_task.workflow.tasks.values())

    def _must_wait_for(self, task: Any, empty: set[str], full: set[str]) -> bool:
        if not _is_token(task):
            return False
        if task.task_spec is self:
            return not _waits(task)  # it has fired and not yet sent on what it took, or is about to arrive
        ahead = self._ahead(task.task_spec.name)
        return not empty.isdisjoint(ahead) and full.isdisjoint(ahead)

    def _ahead(self, name: str) -> frozenset[str]:
        """The nodes on the paths from a node, itself included, this gateway and boundary events left out."""
        if name not in self._paths:
            specs = self._wf_spec.task_specs
            borders = {name for name, spec in specs.items() if is_boundary(spec)}
            self._paths[name] = paths(specs, name, without=borders | {self.name})
        return self._paths[name]


class EndJoin(Node):
    """Where every end of a scope leads: the scope is done when no other token is left in it."""

    def _update_hook(self, my_task: Any) -> bool:
        tasks = my_task.workflow.tasks.values()
        ends = [task for task in tasks if task.task_spec is self]
        for task in ends:
            if task is not my_task and _waits(task):
                task.cancel()
        if any(task.has_state(TaskState.NOT_FINISHED_MASK) for task in tasks if task.task_spec is not self):
            my_task._set_state(TaskState.WAITING)
            return False
        my_task.data = joined(ends)
        return True


def paths(specs: Mapping[str, Any], origin: str, *, without: Collection[str]) -> frozenset[str]:
    """The nodes a token can get to from `origin`, itself included, not entering those `without`."""
    seen, todo = {origin}, [origin]
    while todo:
        for following in specs[todo.pop()]._outputs:
            if following not in seen and following not in without:
                seen.add(following)
                todo.append(following)
    return frozenset(seen)


def is_boundary(spec: Any) -> bool:
    """Whether the node sits on the border of an activity: no sequence flow leads to it."""
    return hasattr(spec, "interrupting")


def joined(arrivals: Iterable[Any]) -> dict[str, object]:
    """The data of tokens that come together: what a branch changed since it parted wins over others' stale copies."""
    result: dict[str, object] = {}
    seen: set[Any] = set()
    for arrival in arrivals:
        line = list(_line(arrival.parent))
        base: dict[str, object] = next((task.carried for task in line if task in seen), {})
        branch = line[0].carried
        result |= {key: value for key, value in branch.items() if key not in base or differ(base[key], value)}
        seen.update(line)
    return result


def _line(task: Any) -> Iterator[Any]:
    while task is not None:
        yield task
        task = task.parent


def _by_input(waiting: list[Any]) -> Counter[str]:
    return Counter(task.parent.task_spec.name for task in waiting)


def _waits(task: Any) -> bool:
    return bool(task._state == TaskState.WAITING)


def _is_token(task: Any) -> bool:
    """Whether a token is at the task, or just on its way to it; an armed boundary event has none."""
    if is_boundary(task.task_spec) and _waits(task):
        return False
    coming = task._state == TaskState.FUTURE and task.parent.has_state(TaskState.COMPLETED)
    return bool(task._state & _ACTIVE) or coming
