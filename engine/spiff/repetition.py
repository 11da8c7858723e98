"""One activity several times: once for each item of a list, at once or in turn, or again while a condition holds.

What instances leave in their output item is collected in a list (BPMN 2.0, 13.3.7). Nothing is kept for that: the
tokens of instances that have ended stay until all is done, and hold it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.model.variables import written_by_instance
from engine.spiff.expressions import DiagramFault, evaluate, name_of
from engine.spiff.node import Node
from engine.values import differ, plain

MOST_INSTANCES = 1_000

_STANDS = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_ENDED, _LEFT, _INDEX = "merged", "remaining", "key_or_index"


class Repeated(Node):
    """The activity as drawn; its instances are child tasks of `inner`. Nothing leaks back but named outputs."""

    def __init__(self, wf_spec: Any, name: str, inner: Node, **given: Any) -> None:
        """Take care of the instances of `inner`."""
        super().__init__(wf_spec, name, **given)
        self.inner = inner
        inner.inputs = [self]
        # connected here, not at run time: a case may be restored in a process that never started one
        inner.completed_event.connect(self._note_ended)

    def _begin(self, my_task: Any, index: int, own: dict[str, object]) -> None:
        """Start one instance with variables of its own."""
        child = my_task._add_child(self.inner, TaskState.FUTURE)
        child.triggered = True
        child.internal_data[_INDEX] = index
        child.data = own
        self.inner._update(child)

    def _note_ended(self, workflow: Any, child: Any) -> None:
        parent = child.parent
        if parent.has_state(TaskState.FINISHED_MASK):
            return
        parent.data = self._taken_back(parent, child)
        parent.internal_data[_ENDED].append(str(child.id))
        self._go_on(parent)

    def _taken_back(self, my_task: Any, child: Any) -> dict[str, object]:
        """The variables after an instance ended."""
        raise NotImplementedError

    def _go_on(self, my_task: Any) -> None:
        """An instance ended or was withdrawn: begin another, or be done."""
        raise NotImplementedError

    def _says(self, condition: str, values: dict[str, object], my_task: Any, what: str) -> bool:
        value = evaluate(condition, values, world=my_task.workflow.top_workflow.world, where=name_of(my_task))
        if not isinstance(value, bool):
            raise DiagramFault(where=name_of(my_task), why=f"{what}“{condition}”的结果不是“是”或“否”")
        return value


class Again(Repeated):
    """A standard loop: again while its condition holds, at most as often as its maximum says."""

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        my_task.internal_data[_ENDED] = []
        if self.element.loop.test_before and not self._goes_on(my_task):  # type: ignore[union-attr]  # it is drawn as a loop
            return True
        my_task._set_state(TaskState.STARTED)
        self._begin(my_task, 0, {})
        return False

    def _taken_back(self, my_task: Any, child: Any) -> dict[str, object]:
        """All it left: one instance follows the other."""
        return dict(child.data)

    def _go_on(self, my_task: Any) -> None:
        if self._goes_on(my_task):
            self._begin(my_task, len(my_task.internal_data[_ENDED]), {})
        else:
            my_task._set_state(TaskState.READY)

    def _goes_on(self, my_task: Any) -> bool:
        loop, times = self.element.loop, len(my_task.internal_data[_ENDED])
        if loop is None or (loop.maximum and times >= int(loop.maximum)):
            return False
        return not loop.condition or self._says(
            loop.condition, {**my_task.data, "loopCounter": times}, my_task, "循环条件"
        )


class _OncePerItem(Repeated):
    """Multi-instance over a FEEL collection: each instance gets its item as a variable of its own."""

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        items = list(enumerate(self._items(my_task)))
        my_task.internal_data[_ENDED] = []
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        self._begin_items(my_task, items)
        return False

    def _begin_items(self, my_task: Any, items: list[tuple[int, object]]) -> None:
        raise NotImplementedError

    def _items(self, my_task: Any) -> list[object]:
        """The items; anything but a list is a fault, and so is an item that is null."""
        text = self._several.collection
        items = my_task.workflow.script_engine.evaluate(my_task, text)
        if not isinstance(items, list) or None in items:
            raise DiagramFault(where=name_of(my_task), why=f"“{text}”不是列表，或有空项，无法逐个办理")
        if len(items) > MOST_INSTANCES:
            raise DiagramFault(where=name_of(my_task), why=f"“{text}”超过 {MOST_INSTANCES} 项")
        return items

    def _taken_back(self, my_task: Any, child: Any) -> dict[str, object]:
        """Only what is named: instances may run at the same time, and their items are their own.

        An instance that ends without what is to be collected of it is a fault.
        """
        item = self._several.output_element
        if self._several.output_collection and item not in child.carried:
            raise DiagramFault(where=name_of(my_task), why=f"每一份办完时要收集“{item}”，这一份没有写入")
        return my_task.carried | {name: value for name, value in child.carried.items() if name in self._named}

    @cached_property
    def _named(self) -> frozenset[str]:
        collected = {self._several.output_collection, self._several.output_element}
        return frozenset(written_by_instance(self.element)) - collected

    def _begin_item(self, my_task: Any, index: int, item: object) -> None:
        self._begin(my_task, index, {self._several.element_variable: item})

    # -- one more, one less

    def add(self, my_task: Any, item: object) -> None:
        """One more instance while it runs."""
        raise NotImplementedError

    def withdraw(self, my_task: Any, item: object) -> bool:
        """Cancel the newest running instance of this item; False when there is none."""
        for child in reversed(self._running(my_task)):
            if not differ(child.data.get(self._several.element_variable), item):
                child.cancel()
                self._go_on(my_task)
                return True
        return False

    def holds(self, my_task: Any, item: object) -> bool:
        """Whether an instance of this item runs, or is still to come."""
        running = (child.data.get(self._several.element_variable) for child in self._running(my_task))
        return any(not differ(each, item) for each in running)

    def told(self, my_task: Any) -> list[dict[str, object]]:
        """The variables of every instance begun and not withdrawn; looks only, nothing is touched."""
        return [self._told(child) for child in self._instances(my_task)]

    def _told(self, child: Any) -> dict[str, object]:
        """Its item, and what its newest token sees; of one that ended what it left in its output item."""
        name, left = self._several.element_variable, child.carried.get(self._several.output_element)
        ended = child.has_state(TaskState.FINISHED_MASK)
        seen = (left if isinstance(left, dict) else {}) if ended else _seen_within(child)
        return {**seen, name: child.carried.get(name)}

    def _running(self, my_task: Any) -> list[Any]:
        return [child for child in self._instances(my_task) if not child.has_state(TaskState.FINISHED_MASK)]

    def _instances(self, my_task: Any) -> list[Any]:
        """Every instance begun and not withdrawn."""
        children = my_task.children
        return [c for c in children if c.task_spec is self.inner and not c.has_state(TaskState.CANCELLED)]

    def _next_index(self, my_task: Any) -> int:
        begun = (child.internal_data[_INDEX] for child in my_task.children if child.task_spec is self.inner)
        left = (index for index, _ in my_task.internal_data.get(_LEFT, ()))
        return 1 + max((*begun, *left), default=-1)

    # -- when it is done

    def _on_complete_hook(self, my_task: Any) -> None:
        if self._several.output_collection:
            my_task.data[self._several.output_collection] = self._collected(my_task)
        super()._on_complete_hook(my_task)

    def _collected(self, my_task: Any) -> list[object]:
        """What the instances that ended have left, in the order of the list, those added while it ran last."""
        ended = set(my_task.internal_data[_ENDED])
        done = [child for child in my_task.children if str(child.id) in ended]
        in_order = sorted(done, key=lambda child: child.notes[_INDEX])
        return [child.carried[self._several.output_element] for child in in_order]

    def _is_enough(self, my_task: Any) -> bool:
        """Whether the completion condition holds, as the last instance to end sees it."""
        condition, ended = self._several.completion_condition, my_task.internal_data[_ENDED]
        if not condition or not ended:
            return False
        last = next(child for child in my_task.children if str(child.id) == ended[-1])
        return self._says(condition, {**last.data, **self._counters(my_task, last)}, my_task, "完成条件")

    def _counters(self, my_task: Any, last: Any) -> dict[str, object]:
        """BPMN's own counters of a multi-instance activity."""
        begun, done = self._instances(my_task), len(my_task.internal_data[_ENDED])
        return {
            "nrOfInstances": len(begun) + len(my_task.internal_data.get(_LEFT, ())),
            "nrOfActiveInstances": len(begun) - done,
            "nrOfCompletedInstances": done,
            "loopCounter": last.internal_data[_INDEX],
        }

    @property
    def _several(self) -> Any:
        return self.element.multi_instance


def _seen_within(instance: Any) -> dict[str, object]:
    """The variables as the newest token sees them that stands in a running instance."""
    tree = instance.workflow.top_workflow.subprocesses.get(instance.id)
    standing = [token for token in tree.tasks.values() if token._state & _STANDS] if tree is not None else []
    return dict(max(standing, key=lambda token: token.last_state_change, default=instance).carried)


class EachAtOnce(_OncePerItem):
    """All instances at the same time."""

    def add(self, my_task: Any, item: object) -> None:
        """One more, beside the others."""
        self._begin_item(my_task, self._next_index(my_task), item)

    def _begin_items(self, my_task: Any, items: list[tuple[int, object]]) -> None:
        for index, item in items:
            self._begin_item(my_task, index, item)

    def _go_on(self, my_task: Any) -> None:
        if self._is_enough(my_task):
            for instance in self._running(my_task):
                instance.cancel()
        if not self._running(my_task):
            my_task._set_state(TaskState.READY)


class EachInTurn(_OncePerItem):
    """One instance after the other."""

    def add(self, my_task: Any, item: object) -> None:
        """One more, after the last."""
        my_task.internal_data[_LEFT] = [*self._left(my_task), [self._next_index(my_task), plain(item)]]

    def withdraw(self, my_task: Any, item: object) -> bool:
        """One less: the running one, or the last of those to come."""
        left = self._left(my_task)
        for number in reversed(range(len(left))):
            if not differ(left[number][1], item):
                my_task.internal_data[_LEFT] = left[:number] + left[number + 1 :]
                return True
        return super().withdraw(my_task, item)

    def holds(self, my_task: Any, item: object) -> bool:
        """Also those that wait for their turn."""
        return super().holds(my_task, item) or any(not differ(left, item) for _, left in self._left(my_task))

    def _begin_items(self, my_task: Any, items: list[tuple[int, object]]) -> None:
        my_task.internal_data[_LEFT] = [[index, plain(item)] for index, item in items[1:]]
        self._begin_item(my_task, *items[0])

    def _go_on(self, my_task: Any) -> None:
        left = self._left(my_task)
        if not left or self._is_enough(my_task):
            my_task._set_state(TaskState.READY)
        else:
            my_task.internal_data[_LEFT] = left[1:]
            self._begin_item(my_task, *left[0])

    def _left(self, my_task: Any) -> list[Any]:
        left: list[Any] = my_task.internal_data[_LEFT]
        return left
