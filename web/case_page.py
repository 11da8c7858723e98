"""One case as its page says it: the state in people's words, holders, timeline, diagrams, papers, people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.step import Group
from engine.store.journal import Line
from engine.store.tables import CaseRow, TaskRow
from processes.pack import Pack
from processes.queries.cases import WholeCase
from processes.queries.time_used import role_of
from processes.tables import PaperRow
from web import incident_words, lines, message_words, words
from web.case_drawing import drawings
from web.case_time import used
from web.frame import now
from web.guard import visit

_NOTICES = {"warning": "reminded", "late": "late"}
_SILENT = {"TaskOpened", "VerbAsked", "TaskWithdrawn", "EventCaught"}


def whole(case: WholeCase, pack: Pack) -> dict[str, Any]:
    """The context of case.html."""
    ask = _ask(case, pack)
    return {
        "case": _head(case, pack),
        "ask": ask,
        "optional": _optional(case),
        "diagrams": drawings(case, pack),
        "holders": [_holder(task, case, pack) for task in case.open_tasks],
        "used": used(case, pack),
        "timeline": list(reversed(_timeline(case, pack))),
        "papers": [_paper(paper, case, pack) for paper in case.papers],
        "matter": lines.matter(pack, case.matter, sorted(case.answers.values(), key=lambda answer: answer.at)),
        "people": _people(case, pack),
    }


def _paper(paper: PaperRow, case: WholeCase, pack: Pack) -> dict[str, Any]:
    """A paper with the step and the unit it came from: several units hand in files of the same name."""
    task = next((task for task in case.tasks if task.id == paper.task_id), None)
    by = case.people.get(paper.by, "")
    shown = lines.paper(paper, case.people, pack.calendar.zone)
    return shown | ({"by": f"{_unit_of(task, case, pack)} {by} · {task.name}"} if task else {})


def standing_words(pack: Pack, case: CaseRow, tasks: list[TaskRow]) -> tuple[str, str]:
    """(待住建局、水务局报到, who holds it), said from the open tasks."""
    if case.ended_by is not None:
        return pack.word("ends", case.ended_by, default="已结束"), ""
    if not tasks:
        return "等待中", ""
    by_step: dict[str, list[str]] = {}
    for task in tasks:
        units = dict.fromkeys(pack.unit_name(group.unit) for group in task.held_by)
        by_step.setdefault(task.name, []).extend(unit for unit in units if unit not in by_step.get(task.name, []))
    state = "；".join(f"待{_some(units)}{step}" for step, units in by_step.items())
    return state, lines.holders(pack, tasks[0].held_by)


def _some(units: list[str]) -> str:
    return "、".join(units[:3]) + (f"等 {len(units)} 家" if len(units) > 3 else "")


def _head(case: WholeCase, pack: Pack) -> dict[str, Any]:
    matter, waiting = case.matter, case.open_tasks
    zone = pack.calendar.zone
    urgent = waiting[0] if waiting else None
    state, _ = standing_words(pack, case.case, waiting)
    return {
        "id": case.case.id,
        "ref": matter.number or case.case.id,
        "number": matter.number or "待编号",
        "title": matter.title,
        "state_words": state,
        "light": words.due(urgent.due_at, urgent.warn_at, now()) if urgent else words.Light("grey", "已结束"),
        "holder_words": _holding(urgent, case, pack) if urgent else "",
        "opened_at": f"{words.moment(case.case.started_at.astimezone(zone), now())} 提出",
        "township": pack.unit_name(matter.unit),
        "started_by": case.people.get(matter.started_by, ""),
        "ended": case.case.ended_at is not None,
        "end_words": f"{state} · {words.moment(case.case.ended_at.astimezone(zone), now())}"
        if case.case.ended_at
        else "",
    }


def _holding(task: TaskRow, case: WholeCase, pack: Pack) -> str:
    zone = pack.calendar.zone
    holder = lines.holders(pack, task.held_by)
    person = case.people.get(task.claimed_by or "", "")
    until = f"，{words.moment(task.due_at.astimezone(zone), now())} 到期" if task.due_at else ""
    since = words.moment(task.opened_at.astimezone(zone), now())
    return f"{holder}{f'（{person} 已签收）' if person else ''}，{since} 起办理“{task.name}”{until}"


def _optional(case: WholeCase) -> list[dict[str, str]]:
    """What I may do and nobody need do, in an order that stays when one of it is done."""
    mine = [task for task in case.tasks if task.state == "optional" and _mine(task, case)]
    return [{"task_id": task.id, "name": task.name} for task in sorted(mine, key=lambda task: task.step)]


def _mine(task: TaskRow, case: WholeCase) -> bool:
    me = visit().me
    held = any(me.holds(group.post, group.unit) for group in task.held_by)
    did = {each.step for each in case.tasks if each.closed_by == me.id}
    return held and task.claimed_by in (None, me.id) and not did & set(task.other_than)


def _ask(case: WholeCase, pack: Pack) -> dict[str, Any] | None:
    for task in case.open_tasks:
        if _mine(task, case):
            outcomes = [outcome.label for outcome in pack.forms[task.form].outcomes]
            return {"task_id": task.id, "step_name": task.name, "outcomes": outcomes if len(outcomes) > 1 else []}
    return None


def _holder(task: TaskRow, case: WholeCase, pack: Pack) -> dict[str, Any]:
    zone = pack.calendar.zone
    groups = task.held_by
    person = case.people.get(task.claimed_by or "", "")
    posts = "或".join(dict.fromkeys(pack.post_name(group.post) for group in groups))
    return {
        "unit_name": "、".join(dict.fromkeys(pack.unit_name(group.unit) for group in groups)),
        "role": role_of(task, pack),
        "step_name": task.name,
        "person": f"{person}（{posts}）" if person else posts,
        "since_words": f"{words.moment(task.opened_at.astimezone(zone), now())} 起",
        "until_words": f"{words.moment(task.due_at.astimezone(zone), now())} 到期" if task.due_at else "不限时",
        "light": words.due(task.due_at, task.warn_at, now()),
        "explanation": task.due_explained,
    }


def _timeline(case: WholeCase, pack: Pack) -> list[dict[str, Any]]:
    tasks = {task.id: task for task in case.tasks}
    events = [_event(line, tasks, case, pack) for line in case.journal if line.fact not in _SILENT]
    events += [
        _line(notice.at, "系统", pack.unit_name(notice.unit), notice.text, "noted", pack)
        for notice in case.notices
        if notice.kind not in _NOTICES
    ]
    return sorted(events, key=lambda event: event["sort"])


def _event(line: Line, tasks: Mapping[str, TaskRow], case: WholeCase, pack: Pack) -> dict[str, Any]:
    task = tasks.get(line.facts.get("task", ""))
    who = case.people.get(line.by or "", "系统")
    unit = _unit_of(task, case, pack) if task is not None else pack.unit_name(case.matter.unit)
    what, kind = _said(line, task, case, pack)
    event = _line(line.at, who, unit, what, kind, pack, order=(line.revision, line.line))
    answer = case.answers.get(task.id) if task is not None and line.fact == "TaskCompleted" else None
    if answer is not None:
        event["detail"] = lines.answered(pack, answer)
        event["papers"] = [
            lines.paper(paper, case.people, pack.calendar.zone)
            for paper in case.papers
            if paper.task_id == answer.task_id
        ]
    return event


def _said(line: Line, task: TaskRow | None, case: WholeCase, pack: Pack) -> tuple[str, str]:
    name = str(line.facts.get("name") or (task.name if task else ""))
    match line.fact:
        case "CaseStarted":
            return f"发起{case.matter.start}", "started"
        case "TaskCompleted":
            form = pack.forms.get(task.form) if task else None
            outcome = form.find_outcome(str(line.facts.get("outcome"))) if form else None
            label = f"：{outcome.label}" if form and outcome and len(form.outcomes) > 1 else ""
            back = outcome is not None and outcome.look != "primary"
            return f"{name}{label}", "returned" if back else "completed"
        case "TaskClaimed":
            return f"签收“{name}”", "claimed"
        case "TaskReleased":
            return f"放回“{name}”", "noted"
        case "TaskNearlyDue":
            return f"提醒：“{name}”即将到期{_due(line, pack)}", "reminded"
        case "TaskTurnedRed":
            return f"亮红灯：“{name}”已超期{_due(line, pack)}", "late"
        case "CaseEnded":
            return pack.word("ends", str(line.facts.get("element")), default=name or "结束"), "ended"
    return incident_words.told(line, pack) or message_words.told(line, pack) or line.fact, "noted"


def _due(line: Line, pack: Pack) -> str:
    """When it was, or will be, due: after downtime the red light is noted later than it should have been."""
    due = line.facts.get("task_due_at")
    if not due:
        return ""
    return f"（{words.moment(datetime.fromisoformat(due).astimezone(pack.calendar.zone), now())} 到期）"


def _line(
    at: datetime, who: str, unit: str, what: str, kind: str, pack: Pack, *, order: tuple[int, int] = (1 << 30, 0)
) -> dict[str, Any]:
    local = at.astimezone(pack.calendar.zone)
    return {
        "at_words": words.moment(local, now()),
        "at_exact": words.exact(local),
        "who": who,
        "unit": unit,
        "what": what,
        "detail": [],
        "kind": kind,
        "papers": [],
        "sort": (at, order),
    }


def _unit_of(task: TaskRow, case: WholeCase, pack: Pack) -> str:
    units: Iterable[str] = dict.fromkeys(pack.unit_name(group.unit) for group in task.held_by)
    return "、".join(units)


def _people(case: WholeCase, pack: Pack) -> list[dict[str, str]]:
    did: dict[str, list[TaskRow]] = {}
    for task in case.tasks:
        if task.closed_by:
            did.setdefault(task.closed_by, []).append(task)
    return [
        {
            "name": case.people.get(person, ""),
            "post_name": "、".join(dict.fromkeys(pack.post_name(group.post) for group in _as(person, tasks[-1], case))),
            "unit_name": _unit_of(tasks[-1], case, pack),
            "did_words": "、".join(dict.fromkeys(task.name for task in tasks)),
        }
        for person, tasks in did.items()
    ]


def _as(person: str, task: TaskRow, case: WholeCase) -> list[Group]:
    """The posts by which a person did a task; all that might, when they have moved on since."""
    offered = task.held_by
    return [group for group in offered if group in case.held.get(person, [])] or offered
