"""Sending a form: what is refused says why, nothing typed is lost, and a draft is its owner's alone."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.store.tables import CaseRow, TaskRow
from processes.answers import answers_of
from processes.installation import Installation
from processes.tables import DraftRow, MatterRow, PaperRow
from tests.kit.actors import Browsers, a_case, all_rows, answers_to, open_task, said
from tests.kit.papers import a_paper
from tests.kit.sites import a_person, me

CLERK, COLLECTOR, PRINCIPAL = "clerk@360428109", "collector@360428109", "principal@360428109"
NEW = "/cases/new/吹哨"


def test_missing_answers_are_named_and_what_was_typed_stays(site: Installation, browsers: Browsers) -> None:
    before = all_rows(site)
    answer = browsers.of(CLERK).post(NEW, data=proposal(description=[""], village=[""]))
    assert answer.status_code == 422
    page = html.document_fromstring(answer.text)
    assert {name for name, *_ in errors(answer)} >= {"description", "village"}
    assert page.get_element_by_id("f-subject").get("value") == answers_to("propose").get("subject")
    assert page.get_element_by_id("f-efforts").text_content().strip() == answers_to("propose").get("efforts")
    assert all_rows(site) == before | visits_of(site)


def test_every_error_of_the_summary_leads_to_a_field_that_is_there(browsers: Browsers) -> None:
    answer = browsers.of(CLERK).post(NEW, data={})
    page = html.document_fromstring(answer.text)
    led_to = [name for name, *_ in errors(answer)]
    assert len(led_to) > 5
    assert all(page.xpath("//*[@id=$id]", id=f"f-{name}") for name in led_to)
    assert all(words for _, words in errors(answer))


def test_an_error_stands_beside_its_field_as_well(browsers: Browsers) -> None:
    page = html.document_fromstring(browsers.of(CLERK).post(NEW, data={}).text)
    field = page.get_element_by_id("f-subject")
    assert field.get("aria-invalid") == "true"
    assert page.xpath("//*[@id=$id]", id="f-subject-error")
    assert "f-subject-error" in field.get("aria-describedby")


def test_what_the_form_does_not_ask_is_refused_and_said(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    data = collected() | {"round": "99", "__class__": "x"}
    answer = browsers.of(COLLECTOR).post(f"/tasks/{task.id}", data=data)
    assert answer.status_code == 422 and "round" in said(answer)
    with site.db.read() as session:
        assert session.get_one(TaskRow, ("360428", task.id)).state == "open"


@pytest.mark.parametrize("outcome", ["approve", "no such", "", "FORWARD"])
def test_an_outcome_the_form_does_not_have_is_refused(site: Installation, browsers: Browsers, outcome: str) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    answer = browsers.of(COLLECTOR).post(f"/tasks/{task.id}", data=collected() | {"outcome": outcome})
    assert answer.status_code == 422
    assert open_task(site, "collect", COLLECTOR, task.case_id).id == task.id


def test_a_sent_form_leads_on_and_says_what_comes_next(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    answer = browsers.of(COLLECTOR).post(f"/tasks/{task.id}", data=collected(), follow_redirects=True)
    assert answer.status_code == 200 and answer.request.path == "/"
    assert "收集事项" in answer.text and "下一步：审核把关" in answer.text


def test_a_new_matter_leads_to_its_own_page(site: Installation, browsers: Browsers) -> None:
    answer = browsers.of(CLERK).post(NEW, data=proposal(), follow_redirects=True)
    with site.db.read() as session:
        case_id = session.scalars(select(CaseRow.id)).one()
    assert answer.request.path == f"/cases/{case_id}"
    assert str(answers_to("propose").get("subject")) in said(answer)


def test_the_same_form_sent_twice_is_done_once_and_what_was_typed_is_shown(
    site: Installation, browsers: Browsers
) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    client = browsers.of(COLLECTOR)
    assert client.post(f"/tasks/{task.id}", data=collected()).status_code == 302
    answer = client.post(f"/tasks/{task.id}", data=collected() | {"note": "第二次填写的备注"})
    assert answer.status_code == 409
    words = said(answer)
    assert "没有提交" in words and "第二次填写的备注" in words and "转审核把关" in words
    with site.db.read() as session:
        given = [
            answer.answers for answer in answers_of(session, task.county, task.case_id) if answer.step == "collect"
        ]
    assert len(given) == 1 and "第二次填写的备注" not in str(given)


def test_a_done_tasks_page_says_by_whom_and_with_what_result(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    client = browsers.of(COLLECTOR)
    client.post(f"/tasks/{task.id}", data=collected())
    page = client.get(f"/tasks/{task.id}")
    assert page.status_code == 200
    assert f"已由{me(site, COLLECTOR).name}于" in said(page) and "转审核把关" in said(page)


# -- uploads


def test_a_wrong_upload_is_named_and_the_good_ones_stay(site: Installation, browsers: Browsers) -> None:
    client = browsers.of(CLERK)
    files = [upload("现场.jpg"), (io.BytesIO(b"MZ\x90\x00 program"), "病毒.exe"), (io.BytesIO(b"plain"), "假照片.jpg")]
    answer = send(client, NEW, proposal() | {"photos": files})
    assert answer.status_code == 422
    words = " ".join(text for _, text in errors(answer))
    assert "病毒.exe" in words and "假照片.jpg" in words and "没有保存" in words and "现场.jpg" not in words
    page = html.document_fromstring(answer.text)
    kept = page.xpath("//input[@name='photos' and @type='checkbox']/@value")
    assert len(kept) == 1 and "现场.jpg" in said(answer)
    assert page.get_element_by_id("f-subject").get("value") == answers_to("propose").get("subject")
    again = send(client, NEW, proposal() | {"photos": kept})
    assert again.status_code == 302
    with site.db.read() as session:
        paper = session.scalars(select(PaperRow)).one()
        assert (paper.id, paper.name, paper.case_id is not None) == (kept[0], "现场.jpg", True)


def test_a_kind_this_field_does_not_take_is_refused_though_papers_take_it(
    site: Installation, browsers: Browsers
) -> None:
    answer = send(browsers.of(CLERK), NEW, proposal() | {"photos": [upload("名册.xlsx")]})
    assert answer.status_code == 422 and any("photos" in name for name, _ in errors(answer))
    with site.db.read() as session:
        assert not session.scalars(select(CaseRow.id)).all()


def test_too_large_a_file_is_refused_by_name_and_limit(browsers: Browsers) -> None:
    big = (io.BytesIO(b"%PDF-1.4\n" + b"0" * (20 * 1024 * 1024)), "太大的附件.pdf")
    answer = send(browsers.of(CLERK), NEW, proposal() | {"documents": [big, upload("名册.pdf")]})
    assert answer.status_code == 422
    words = " ".join(text for _, text in errors(answer))
    assert "太大的附件.pdf" in words and "20" in words
    assert "名册.pdf" in said(answer)


def test_a_request_larger_than_everything_together_may_be_says_so_on_a_page(site: Installation, app: Flask) -> None:
    client = Browsers(site, app).of(CLERK)
    app.config["MAX_CONTENT_LENGTH"] = 50_000
    answer = send(client, NEW, proposal() | {"documents": [(io.BytesIO(b"0" * 60_000), "大.pdf")]})
    assert answer.status_code == 413
    assert "提交的内容太大" in said(answer) and "没有保存任何内容" in said(answer)


def test_an_upload_nobody_asked_for_is_not_kept(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    with site.db.read() as session:
        before = len(session.scalars(select(PaperRow.id)).all())
    answer = send(browsers.of(COLLECTOR), f"/tasks/{task.id}", collected() | {"surprise": [upload("意外.pdf")]})
    assert answer.status_code == 422 and "没有保存" in said(answer)
    with site.db.read() as session:
        assert len(session.scalars(select(PaperRow.id)).all()) == before


def test_only_a_holder_can_upload_into_a_task(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "approve", PRINCIPAL, a_case(site, 3))
    before = all_rows(site)
    stranger = browsers.of("principal@360428100")
    answer = send(stranger, f"/tasks/{task.id}", {"outcome": "approve", "minutes": [upload("纪要.pdf")]})
    assert answer.status_code == 403
    assert all_rows(site)["paper"] == before["paper"]


# -- drafts


def test_a_draft_is_saved_by_its_button_and_shown_again(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    client = browsers.of(COLLECTOR)
    answer = client.post(f"/tasks/{task.id}", data={"note": "先记一笔", "_save_draft": "1"}, follow_redirects=True)
    assert "草稿已保存" in answer.text
    page = client.get(f"/tasks/{task.id}")
    assert "先记一笔" in page.text and "草稿存于" in said(page)


def test_a_draft_saves_itself_and_says_when(site: Installation, browsers: Browsers) -> None:
    client = browsers.of(CLERK)
    answer = client.post(f"{NEW}/draft", data={"subject": "半句话", "csrf_token": "t", "outcome": "submit"})
    assert answer.status_code == 200 and "草稿已自动保存" in answer.get_json()["words"]
    assert "半句话" in client.get(NEW).text
    with site.db.read() as session:
        assert [name for name, _ in session.scalars(select(DraftRow)).one().fields] == ["subject"]


def test_a_draft_is_its_owners_alone(site: Installation, app: Flask, browsers: Browsers) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    other = app.test_client()
    other.post("/login/demo", data={"person": a_person(site, "周小梅", COLLECTOR).id})
    browsers.of(COLLECTOR).post(f"/tasks/{task.id}/draft", data={"note": "不给别人看的话"})
    assert "不给别人看的话" not in other.get(f"/tasks/{task.id}").text
    other.post(f"/tasks/{task.id}/draft", data={"note": "另一个人的话"})
    assert "不给别人看的话" in browsers.of(COLLECTOR).get(f"/tasks/{task.id}").text


def test_an_upload_within_a_draft_is_kept_for_its_owner(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "approve", PRINCIPAL, a_case(site, 3))
    client = browsers.of(PRINCIPAL)
    send(client, f"/tasks/{task.id}", {"_save_draft": "1", "minutes": [upload("会议纪要.pdf")]})
    page = client.get(f"/tasks/{task.id}")
    kept = html.document_fromstring(page.text).xpath("//input[@name='minutes' and @type='checkbox']/@value")
    assert len(kept) == 1 and "会议纪要.pdf" in said(page)
    with client.get(f"/papers/{kept[0]}/download") as download:
        assert download.status_code == 200
    assert browsers.of("director@whistle_office").get(f"/papers/{kept[0]}/download").status_code == 403


def test_a_returned_matter_shows_what_was_filled_in_before_and_its_title_follows(
    site: Installation, browsers: Browsers
) -> None:
    case_id = a_case(site, 3, "returned_at_collect")
    task = open_task(site, "propose", "clerk@360428106", case_id)
    client = browsers.of("clerk@360428106")
    before = str(answers_to("propose", "returned_at_collect").get("subject"))
    page = html.document_fromstring(client.get(f"/tasks/{task.id}").text)
    assert page.get_element_by_id("f-subject").get("value") == before
    data = {name: list(texts) for name, texts in answers_to("propose", "returned_at_collect").texts.items()}
    assert client.post(f"/tasks/{task.id}", data=data | {"subject": "改过的事项名称"}).status_code == 302
    with site.db.read() as session:
        assert session.get_one(MatterRow, ("360428", case_id)).title == "改过的事项名称"


def proposal(**changes: Any) -> dict[str, Any]:
    return {name: list(texts) for name, texts in answers_to("propose").texts.items()} | changes


def collected() -> dict[str, Any]:
    return {name: list(texts) for name, texts in answers_to("collect").texts.items()} | {"outcome": "forward"}


def upload(name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(a_paper(name)), name


def send(client: FlaskClient, path: str, data: dict[str, Any]) -> TestResponse:
    answer = client.post(path, data=data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a large body lies in a file
    return answer


def errors(answer: TestResponse) -> list[tuple[str, str]]:
    """The summary of errors: which field each leads to, and its words."""
    summary = html.document_fromstring(answer.text).get_element_by_id("form-errors")
    items = summary.xpath(".//li")
    return [("".join(each.xpath("./a/@href")).removeprefix("#f-"), each.text_content()) for each in items]


def visits_of(site: Installation) -> dict[str, Any]:
    """Signing in wrote a visit; that is no part of what a form does."""
    return {"visit": all_rows(site)["visit"]}
