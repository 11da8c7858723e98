"""The diagrams of a case: the main one, and one for each unit's own branch, with what is done, now, late or mine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from engine.store.tables import TaskRow
from processes.pack import Pack
from processes.queries.cases import WholeCase, case_trail
from web import words
from web.drawing import ElementState, draw, steps_as_text
from web.frame import now
from web.guard import visit

_AUTOMATIC = ("startEvent", "endEvent", "serviceTask", "businessRuleTask")


def drawings(case: WholeCase, pack: Pack) -> list[dict[str, Any]]:
    """Main diagram first, then the branches in the order they were called."""
    main = [task for task in case.tasks if not task.branch]
    branches: dict[str, list[TaskRow]] = {}
    for task in case.tasks:
        if task.branch:
            branches.setdefault(task.branch, []).append(task)
    calls = _calls(case, pack)
    shown = [_drawing(pack, case.case.process, "全流程", main, case, calls)]
    shown += [
        _drawing(pack, tasks[0].process, _title(tasks, case, pack), tasks, case, {}) for tasks in branches.values()
    ]
    return shown


def _drawing(
    pack: Pack, process: str, title: str, tasks: list[TaskRow], case: WholeCase, calls: dict[str, ElementState]
) -> dict[str, Any]:
    xml = pack.files[pack.definition.file_of(process)]
    states, taken = {**calls, **_states(tasks, case, pack)}, frozenset[str]()
    if process == case.case.process:
        passed = case_trail(pack, case.case, now())
        states = {**_by_itself(pack, process, passed), **states}
        taken = frozenset(
            flow.id for flow in pack.program.process(process).flows if (flow.source, flow.target) in passed
        )
    return {
        "title": title,
        "svg": Markup(draw(xml, states=states, title=title, flows_taken=taken)),  # noqa: S704  # draw escapes every text
        "current": any(task.state == "open" for task in tasks),
        "opens": process == case.case.process or any(_is_mine(task, case) for task in tasks),
        "text_steps": steps_as_text(xml, states),
    }


def _by_itself(pack: Pack, process: str, passed: frozenset[tuple[str, str]]) -> dict[str, ElementState]:
    """Events, service and rule tasks that the case has passed: done without anybody."""
    reached = {target for _, target in passed}
    elements = pack.program.process(process).elements
    return {each.id: ElementState("done") for each in elements if each.id in reached and each.kind in _AUTOMATIC}


def _states(tasks: Iterable[TaskRow], case: WholeCase, pack: Pack) -> dict[str, ElementState]:
    by_step: dict[str, list[TaskRow]] = {}
    for task in tasks:
        by_step.setdefault(task.step, []).append(task)
    return {
        step: _state(each, case, pack)
        for step, each in by_step.items()
        if any(t.state in ("open", "completed") for t in each)
    }


def _state(tasks: list[TaskRow], case: WholeCase, pack: Pack) -> ElementState:
    waiting = [task for task in tasks if task.state == "open"]
    done = [task for task in tasks if task.state == "completed"]
    if not waiting:
        last = done[-1]
        at = words.moment(last.closed_at.astimezone(pack.calendar.zone), now()) if last.closed_at else ""
        return ElementState("done", len(done), f"{case.people.get(last.closed_by or '', '')} {at}".strip())
    task = waiting[0]
    light = words.due(task.due_at, task.warn_at, now())
    units = "、".join(dict.fromkeys(pack.unit_name(group.unit) for each in waiting for group in each.held_by))
    state = "late" if light.state == "red" else "mine" if any(_is_mine(each, case) for each in waiting) else "now"
    return ElementState(state, len(waiting), f"{units}，{light.words}")


def _is_mine(task: TaskRow, case: WholeCase) -> bool:
    me = visit().me
    return task.state == "open" and any(me.holds(group.post, group.unit) for group in task.held_by)


def _calls(case: WholeCase, pack: Pack) -> dict[str, ElementState]:
    """The call activities of the main diagram, told from the tasks of the processes they call."""
    process = pack.program.process(case.case.process)
    found: dict[str, ElementState] = {}
    for element in process.elements:
        called = [task for task in case.tasks if task.branch and task.process == element.called_element]
        if element.kind != "callActivity" or not called:
            continue
        waiting = [task for task in called if task.state == "open"]
        branches = {task.branch for task in waiting or called}
        if not waiting:
            found[element.id] = ElementState("done", len(branches), "")
            continue
        late = any(task.due_at and task.due_at < now() for task in waiting)
        units = dict.fromkeys(pack.unit_name(group.unit) for task in waiting for group in task.held_by)
        found[element.id] = ElementState("late" if late else "now", len(branches), f"{'、'.join(units)}办理中")
    return found


def _title(tasks: list[TaskRow], case: WholeCase, pack: Pack) -> str:
    first = tasks[0]
    unit = str(first.process_values.get("unit") or first.held_by[0].unit)
    number = int(first.process_values.get("round") or 1)
    role = pack.word("roles", str(first.process_values.get("role") or ""))
    extra = "，".join(part for part in (role, f"第 {number} 轮" if number > 1 else "") if part)
    return f"{pack.unit_name(unit)}{f'（{extra}）' if extra else ''}"
