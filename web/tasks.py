"""One step to do: its form, claim and release, drafts, and the act itself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from processes.forms import FieldError, Form, Posted
from processes.people import NotYours
from processes.queries.precedents import precedents_of_items
from processes.queries.tasks import TaskPage, drafted, find_form, fitting_duties, get_task_page
from processes.work import AlreadyDone, Done, NoLongerNeeded, SamePerson, claim, complete, release, save_draft
from web import assessment_sheet, formers, lines, similar, words
from web.errors import put_on_record
from web.filling import FormPage, fill, typed
from web.frame import asking, installation, now
from web.guard import SIGNED_IN, permits, visit
from web.links import url_for

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")


@blueprint.get("/<task_id>")
@permits(SIGNED_IN)
def show(task_id: str) -> str | tuple[str, int]:
    """The page of a task: its form when it is mine to do, else who has done it."""
    page = _page(task_id)
    if page.task.state not in ("open", "optional"):
        return _stale(page, None), 200
    _refuse_strangers(page)
    _refuse_same_person(page)
    if page.draft is None:
        return _form_page(page).render(page.before)
    saved_at = page.draft.saved_at.astimezone(page.pack.calendar.zone)
    return _form_page(page).render(drafted(page.draft), saved=f"草稿存于 {words.moment(saved_at, now())}")


@blueprint.post("/<task_id>", endpoint="complete")
@permits(SIGNED_IN)
def do(task_id: str) -> Response | str | tuple[str, int]:
    """Complete the task, save a draft of it, or edit its rows."""
    try:
        sent = fill(
            lambda: _form(task_id),
            task_id,
            lambda: _form_page(_page(task_id)),
            lambda *given: _complete(task_id, *given),
        )
    except (AlreadyDone, NoLongerNeeded) as error:
        put_on_record(error)
        return _stale(_page(task_id), Posted.of(request.form)), 409
    if sent.page is not None:
        return sent.page
    if sent.done is None:
        flash("草稿已保存，只有您自己看得到。", "success")
        return redirect(url_for("tasks.show", task_id=task_id))
    flash(said(sent.done), "success")
    return redirect(url_for("inbox.show"))


@blueprint.post("/<task_id>/claim", endpoint="claim")
@permits(SIGNED_IN)
def take(task_id: str) -> Response:
    """签收: take the task as one's own."""
    claim(installation(), visit().me, task_id, now=g.now)
    flash("已签收，由您办理。", "success")
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/<task_id>/release", endpoint="release")
@permits(SIGNED_IN)
def give_back(task_id: str) -> Response:
    """Put a claimed task back."""
    release(installation(), visit().me, task_id, now=g.now)
    flash("已放回，同岗位的人都可以办理。", "success")
    return redirect(url_for("inbox.show"))


@blueprint.post("/<task_id>/draft", endpoint="draft")
@permits(SIGNED_IN)
def keep_draft(task_id: str) -> tuple[dict[str, str], int]:
    """Autosave, asked for by the page's script."""
    _form(task_id)
    save_draft(installation(), visit().me, task_id, typed(Posted.of(request.form)), now=g.now)
    return {"saved_at": g.now.isoformat(), "words": f"草稿已自动保存 {now():%H:%M}"}, 200


def said(done: Done) -> str:
    """What to tell the person who has just done a step."""
    if done.ended:
        return f"“{done.step}”已提交，这件事已办结。"
    following = "、".join(dict.fromkeys(done.opened))
    next_words = f"下一步：{following}。" if following else "" if done.led_to else "等待其他单位办理。"
    return f"“{done.step}”已提交{'：' if done.led_to else ''}{'、'.join(done.led_to)}。{next_words}"


def _form(task_id: str) -> Form:
    return find_form(asking(), installation(), visit().me, task_id)


def _page(task_id: str) -> TaskPage:
    return get_task_page(asking(), installation(), visit().me, task_id, now=g.now)


def _refuse_strangers(page: TaskPage) -> None:
    """The form is for those who may do the step; others read the case page."""
    if not any(visit().me.holds(group.post, group.unit) for group in page.groups):
        raise NotYours


def _refuse_same_person(page: TaskPage) -> None:
    """Said before anything is filled in (DC-3); the command asks again."""
    barring = (each for each in page.answers if each.by == visit().me.id and each.step in page.task.other_than)
    for answer in barring:
        raise SamePerson(step=page.task.name, done=lines.step_name(page.pack, answer.step))


def _complete(task_id: str, posted: Posted, refused: tuple[FieldError, ...]) -> Done:
    return complete(installation(), visit().me, task_id, posted, now=g.now, refused=refused)


def _form_page(page: TaskPage) -> FormPage:
    return FormPage(
        form=page.form,
        world=page.world,
        action=url_for("tasks.complete", task_id=page.task.id),
        draft_url=url_for("tasks.draft", task_id=page.task.id),
        show=lambda html: render_template("task.html", **_around(page), form_html=html),
    )


def _around(page: TaskPage) -> dict[str, Any]:
    return {"task": _head(page), "aside": _aside(page), "sheet_url": assessment_sheet.address(page.pack, page.matter)}


def _head(page: TaskPage) -> dict[str, Any]:
    task, matter, me = page.task, page.matter, visit().me
    zone = page.pack.calendar.zone
    element = page.pack.program.process(task.process).by_id[task.step]
    return {
        "id": task.id,
        "step_name": task.name,
        "case_ref": matter.number or matter.case_id,
        "case_number": matter.number or "待编号",
        "title": matter.title,
        "light": words.due(task.due_at, task.warn_at, now()) if task.state == "open" else None,
        "since": f"{words.moment(task.opened_at.astimezone(zone), now())} 起" if task.state == "open" else "可办可不办",
        "holder": lines.holders(page.pack, page.groups),
        "explanation": task.due_explained,
        "help": lines.help_of(element.documentation),
        "mine": task.claimed_by == me.id,
        "claimed_by": page.people.get(task.claimed_by or "", "") if task.claimed_by != me.id else "",
        "may_claim": page.shared_with > 1 and task.claimed_by is None and task.state == "open",
        "shared_with": page.shared_with,
    }


def _aside(page: TaskPage) -> dict[str, Any]:
    zone, matter_lines = page.pack.calendar.zone, lines.matter(page.pack, page.matter, page.answers)
    asks_duty = any(field.source.startswith("duties") for field in page.form.inputs.values())
    duties = fitting_duties(page.pack, lines.texts(matter_lines)) if asks_duty else []
    raised_by = page.pack.starts[page.matter.start].step
    return {
        "matter": matter_lines,
        "duties": [
            {
                "code": duty.code,
                "item": duty.item,
                "lead": "乡镇（属乡镇职责）" if duty.is_townships_own else page.pack.unit_name(duty.lead),
                "legal_basis": duty.legal_basis,
                "why": f"事项中提到：{'、'.join(hits)}",
            }
            for duty, hits in duties
        ],
        "precedents": [
            lines.precedent(page.pack, each)
            for each in precedents_of_items(asking(), visit().me, [duty.code for duty, _ in duties])
        ],
        "answers": [
            {
                "step_name": lines.step_name(page.pack, answer.step),
                "who": page.people.get(answer.by, ""),
                "at_words": words.moment(answer.at.astimezone(zone), now()),
                "lines": lines.answered(page.pack, answer),
            }
            for answer in reversed(page.answers)
            if answer.step != raised_by
        ],
        "similar": similar.at_task(page) if asks_duty else None,
        "former": formers.at_task(page),
        "papers": [lines.paper(paper, page.people, zone) for paper in page.papers],
    }


def _stale(page: TaskPage, posted: Posted | None) -> str:
    task = page.task
    closed_at = task.closed_at.astimezone(page.pack.calendar.zone) if task.closed_at else None
    outcome = page.form.find_outcome(task.outcome or "")
    shown = lines.typed(page.form, posted) if posted else []
    stale = {
        "done_by": page.people.get(task.closed_by or "", "流程") if task.state == "completed" else "流程",
        "at_words": words.moment(closed_at, now()) if closed_at else "",
        "case_ref": page.matter.number or page.matter.case_id,
        "case_number": page.matter.number or "待编号",
        "title": page.matter.title,
        "step_name": task.name,
        "outcome_words": outcome.label if outcome else "不再需要办理",
        "next_words": "请打开事项查看最新进度。",
        "typed": shown,
    }
    return render_template("stale.html", stale=stale)
