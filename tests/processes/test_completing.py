"""Completing a task: what is kept of it, what opens next, and the refusals that write nothing."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine.store.rows import NotAnId
from engine.store.tables import OfferRow, TaskRow
from processes.agenda import strike
from processes.answers import answers_of
from processes.attachments import keep_paper
from processes.forms import Invalid, Posted
from processes.installation import Installation
from processes.people import NotYours
from processes.queries.tasks import drafted, find_draft, get_task_page
from processes.tables import DraftRow, PaperRow
from processes.work import AlreadyDone, NoLongerNeeded, NoSuchTask, SamePerson, claim, complete, save_draft
from tests.kit.actors import a_case, all_rows, answers_to, open_task
from tests.kit.papers import a_paper
from tests.kit.sites import a_person, a_site, me, the_folder

COUNTY = "360428"
COLLECTOR, VETTER, PRINCIPAL = "collector@360428109", "vetter@360428109", "principal@360428109"
NOW = datetime.fromisoformat("2026-09-07T10:00:00+08:00")


def test_what_was_filled_in_and_decided_is_kept(site: Installation) -> None:
    case_id, collector = a_case(site, 1), me(site, COLLECTOR)
    task = open_task(site, "collect", COLLECTOR, case_id)
    done = complete(site, collector, task.id, answers_to("collect"), now=NOW, outcome="forward")
    assert (done.case_id, done.opened, done.ended) == (case_id, ("审核把关",), None)
    with site.db.read() as session:
        answer = answers_of(session, COUNTY, case_id)[-1]
        closed = session.get_one(TaskRow, (COUNTY, task.id))
    assert (answer.task_id, answer.case_id, answer.step, answer.outcome, answer.by, answer.at) == (
        task.id, case_id, "collect", "forward", collector.id, NOW,
    )  # fmt: skip
    assert answer.answers["checked"] == ["facts", "place", "evidence", "not_repeated"]
    assert (closed.state, closed.closed_by, closed.closed_at, closed.outcome) == (
        "completed", collector.id, NOW, "forward",
    )  # fmt: skip


def test_the_next_task_is_offered_to_the_next_post_of_the_same_township(site: Installation) -> None:
    case_id = a_case(site, 2)
    task = open_task(site, "vet", VETTER, case_id)
    assert task.groups == [["vetter", "360428109"]]
    with site.db.read() as session:
        held_by = session.execute(select(OfferRow.post, OfferRow.unit).where(OfferRow.task_id == task.id))
        assert held_by.all() == [("vetter", "360428109")]
    assert (task.opened_at, task.due_at) == (
        datetime.fromisoformat("2026-09-07T10:30:00+08:00"),
        datetime.fromisoformat("2026-09-08T17:30:00+08:00"),
    )
    assert any("1个工作日" in line or "1 个工作日" in line for line in task.due_explained), task.due_explained


def test_papers_named_in_a_form_hang_on_the_case_and_on_the_step(site: Installation) -> None:
    case_id, principal = a_case(site, 3), me(site, PRINCIPAL)
    task = open_task(site, "approve", PRINCIPAL, case_id)
    paper = keep_paper(site, principal, io.BytesIO(a_paper("会议纪要.pdf")), "会议纪要.pdf", now=NOW)
    with site.db.read() as session:
        assert session.get_one(PaperRow, (COUNTY, paper.id)).case_id is None
    complete(
        site,
        principal,
        task.id,
        Posted({"minutes": (paper.id,), "opinion": ("同意上报。",)}),
        now=NOW,
        outcome="approve",
    )
    with site.db.read() as session:
        row = session.get_one(PaperRow, (COUNTY, paper.id))
    assert (row.case_id, row.task_id, row.name) == (case_id, task.id, "会议纪要.pdf")


def test_a_paper_that_somebody_else_uploaded_cannot_be_handed_in(site: Installation) -> None:
    principal = me(site, PRINCIPAL)
    task = open_task(site, "approve", PRINCIPAL, a_case(site, 3))
    stranger = me(site, "principal@360428100")
    paper = keep_paper(site, stranger, io.BytesIO(a_paper("别人的.pdf")), "别人的.pdf", now=NOW)
    before = all_rows(site)
    posted = Posted({"minutes": (paper.id,), "opinion": ("同意上报。",)})
    with pytest.raises(Invalid):
        complete(site, principal, task.id, posted, now=NOW, outcome="approve")
    assert all_rows(site) == before


def test_a_draft_is_shown_again_and_is_dropped_when_the_task_is_done(site: Installation) -> None:
    collector, other = me(site, COLLECTOR), a_person(site, "周小梅", COLLECTOR)
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    save_draft(site, collector, task.id, Posted({"note": ("先记一笔",), "checked": ("facts", "place")}), now=NOW)
    save_draft(site, collector, task.id, Posted({"note": ("再改一次",), "checked": ("facts", "place")}), now=NOW)
    with site.db.read() as session:
        page = get_task_page(session, site, collector, task.id, now=NOW)
        assert page.draft is not None
        assert drafted(page.draft).texts == {"note": ("再改一次",), "checked": ("facts", "place")}
        assert find_draft(session, other, task.id) is None
    complete(site, collector, task.id, answers_to("collect"), now=NOW, outcome="forward")
    with site.db.read() as session:
        assert list(session.scalars(select(DraftRow))) == []


def test_a_draft_may_hold_what_is_not_right_yet(site: Installation) -> None:
    collector = me(site, COLLECTOR)
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    half = Posted({"note": ("字" * 900,), "checked": ("no such choice",)})
    save_draft(site, collector, task.id, half, now=NOW)
    with site.db.read() as session:
        draft = find_draft(session, collector, task.id)
    assert draft is not None and drafted(draft) == half


def test_what_is_missing_is_refused_field_by_field_and_nothing_is_written(site: Installation) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    before = all_rows(site)
    with pytest.raises(Invalid) as refused:
        complete(site, me(site, COLLECTOR), task.id, Posted({}), now=NOW, outcome="back")
    assert [error.path for error in refused.value.errors] == ["reason"]
    assert all_rows(site) == before


def test_a_task_done_already_says_by_whom_and_when_in_the_countys_time(site: Installation) -> None:
    case_id, first = a_case(site, 1), me(site, COLLECTOR)
    task = open_task(site, "collect", COLLECTOR, case_id)
    complete(site, first, task.id, answers_to("collect"), now=NOW, outcome="forward")
    before = all_rows(site)
    with pytest.raises(AlreadyDone) as refused:
        second = a_person(site, "周小梅", COLLECTOR)
        before = all_rows(site)
        complete(site, second, task.id, answers_to("collect"), now=NOW + timedelta(hours=1), outcome="forward")
    assert first.name in refused.value.sentence
    assert "9月7日（周一）10:00" in refused.value.sentence
    assert all_rows(site) == before


def test_a_task_the_diagram_moved_on_without_is_no_longer_needed(tmp_path: object) -> None:
    site = a_site_where_being_overdue_ends_the_wait(tmp_path)
    case_id = a_case(site, 5)
    task = open_task(site, "accept", "section_head@urban_management", case_id)
    strike(site, datetime.fromisoformat("2026-09-12T09:00:00+08:00"))
    before = all_rows(site)
    for act in (
        lambda who: claim(site, who, task.id, now=NOW),
        lambda who: complete(site, who, task.id, answers_to("accept"), now=NOW),
    ):
        with pytest.raises(NoLongerNeeded) as refused:
            act(me(site, "section_head@urban_management"))
        assert "报到" in refused.value.sentence
    assert all_rows(site) == before
    site.db.close()


def test_the_four_steps_are_four_peoples(site: Installation) -> None:
    chen = a_person(site, "小陈", "clerk@360428203", "collector@360428203", "vetter@360428203", "principal@360428203")
    case_id = a_case(site, 1, "four_different_people")
    for step, done in ("collect", 2), ("vet", 3), ("approve", 4):
        task = open_task(site, step, f"{step}@360428203", case_id)
        before = all_rows(site)
        with pytest.raises(SamePerson) as refused:
            complete(site, chen, task.id, answers_to(step), now=NOW, outcome="forward")
        assert "提出事项" in refused.value.sentence
        assert all_rows(site) == before
        if step != "approve":
            other = a_person(site, f"别人{done}", f"{task_post(site, task)}@360428203")
            complete(site, other, task.id, answers_to(step), now=NOW, outcome="forward")


def test_strangers_may_not_and_unknown_tasks_are_unknown(site: Installation) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    before = all_rows(site)
    for by in ("collector@360428100", "clerk@360428109", "vetter@360428109", "director@whistle_office"):
        with pytest.raises(NotYours):
            complete(site, me(site, by), task.id, answers_to("collect"), now=NOW, outcome="forward")
    for unknown, refusal in (("0" * 32, NoSuchTask), ("no such task", NotAnId), ("", NotAnId)):
        with pytest.raises(refusal):
            complete(site, me(site, COLLECTOR), unknown, answers_to("collect"), now=NOW, outcome="forward")
    assert all_rows(site) == before


def task_post(site: Installation, task: TaskRow) -> str:
    with site.db.read() as session:
        (group,) = session.get_one(TaskRow, (task.county, task.id)).held_by
    return group.post


def a_site_where_being_overdue_ends_the_wait(root: object) -> Installation:
    drawn = the_folder()["report_in.bpmn"].decode()
    changed = drawn.replace(
        'attachedToRef="accept" cancelActivity="false"', 'attachedToRef="accept" cancelActivity="true"'
    )
    assert changed != drawn
    return a_site(root, folder={**the_folder(), "report_in.bpmn": changed.encode()})  # type: ignore[arg-type]
