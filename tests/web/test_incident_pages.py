"""What the service could not do by itself stands on a page for those who look after it, and only for them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from engine.store.tables_jobs import IncidentRow, JobRow
from processes.installation import Installation
from tests.kit.actors import Browsers, a_case, all_rows, said
from tests.kit.incidents import an_incident
from tests.kit.journals import journal_lines
from tests.kit.sites import an_app, me

DIRECTOR, CLERK = "director@whistle_office", "clerk@360428109"


@pytest.fixture
def broken(site: Installation) -> str:
    """A case at work in one department, whose red light could not be turned on."""
    return an_incident(site, a_case(site, 5), datetime.now(UTC))


def row_of(site: Installation, incident: str) -> IncidentRow:
    with site.db.read() as session:
        return session.scalars(select(IncidentRow).where(IncidentRow.id == incident)).one()


def test_without_incidents_the_page_says_what_it_is_for(browsers: Browsers) -> None:
    page = browsers.of(DIRECTOR).get("/incidents/")
    assert page.status_code == 200 and "现在没有故障" in said(page)


def test_an_incident_says_what_which_matter_which_step_since_when_and_how_often(
    browsers: Browsers, broken: str
) -> None:
    words = said(browsers.of(DIRECTOR).get(f"/incidents/{broken}"))
    for told in ("提醒或红灯没有发出", "DC2026-0001", "报到", "今天", "试了 8 次", "died without a word"):
        assert told in words
    assert "提醒或红灯没有发出" in said(browsers.of(DIRECTOR).get("/incidents/"))


def test_the_navigation_counts_them_for_those_who_look_after_them_only(browsers: Browsers, broken: str) -> None:
    assert '1<span class="visually-hidden"> 件等人处理' in browsers.of(DIRECTOR).get("/").text
    assert "故障" not in browsers.of(CLERK).get("/").text


def test_the_matter_says_that_something_is_wrong_to_those_who_look_after_it_only(
    browsers: Browsers, broken: str
) -> None:
    link = f"/incidents/{broken}"
    page = browsers.of(DIRECTOR).get("/cases/DC2026-0001")
    assert "这件事有一个故障待处理" in said(page) and link in page.text
    assert link not in browsers.of(CLERK).get("/cases/DC2026-0001").text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/{0}"), ("POST", "/{0}/retry"), ("POST", "/{0}/skip")]
)
def test_others_are_refused(site: Installation, browsers: Browsers, broken: str, method: str, path: str) -> None:
    sent = {"reason": "不需要", "sure": "yes"} if method == "POST" else None
    answer = browsers.of(CLERK).open("/incidents" + path.format(broken), method=method, data=sent)
    assert answer.status_code == 403
    assert row_of(site, broken).closed_at is None


def test_tried_again_it_is_done_and_gone(site: Installation, browsers: Browsers, broken: str) -> None:
    page = browsers.of(DIRECTOR).post(f"/incidents/{broken}/retry", follow_redirects=True)
    assert "已安排重试" in said(page) and "现在没有故障" in said(page)
    row = row_of(site, broken)
    assert (row.how, row.closed_by) == ("retried", me(site, DIRECTOR).id)
    with site.db.read() as session:
        job = session.scalars(select(JobRow).where(JobRow.id == row.job_id)).one()
    assert (job.state, job.attempts) == ("ready", 0)


def test_skipped_with_a_reason_it_is_on_record(site: Installation, browsers: Browsers, broken: str) -> None:
    sent = {"reason": "已电话通知住建局", "sure": "yes"}
    page = browsers.of(DIRECTOR).post(f"/incidents/{broken}/skip", data=sent, follow_redirects=True)
    assert "已跳过" in said(page) and "现在没有故障" in said(page)
    with site.db.read() as session:
        assert session.scalars(select(JobRow).where(JobRow.id == row_of(site, broken).job_id)).first() is None
    (told,) = journal_lines(site.db, fact="IncidentSkipped")
    assert (told.by, told.facts["reason"]) == (me(site, DIRECTOR).id, "已电话通知住建局")
    assert "已电话通知住建局" in said(browsers.of(DIRECTOR).get("/cases/DC2026-0001"))


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({"sure": "yes"}, "须写明理由"),
        ({"reason": "   ", "sure": "yes"}, "须写明理由"),
        ({"reason": "已电话通知"}, "请勾选确认"),
    ],
)
def test_no_skip_without_a_reason_and_a_second_yes(
    site: Installation, browsers: Browsers, broken: str, sent: dict[str, str], complaint: str
) -> None:
    browser = browsers.of(DIRECTOR)
    before = all_rows(site)
    answer = browser.post(f"/incidents/{broken}/skip", data=sent)
    assert answer.status_code == 422 and complaint in said(answer)
    assert all_rows(site) == before
    assert sent.get("reason", "").strip() in answer.text


def test_a_timer_cannot_be_skipped(site: Installation, browsers: Browsers) -> None:
    timer = an_incident(site, a_case(site, 5), datetime.now(UTC), kind="tick")
    browser = browsers.of(DIRECTOR)
    assert "这里不能跳过" in said(browser.get(f"/incidents/{timer}"))
    answer = browser.post(f"/incidents/{timer}/skip", data={"reason": "算了", "sure": "yes"})
    assert answer.status_code == 422 and "不能跳过" in said(answer)
    assert row_of(site, timer).closed_at is None


def test_what_somebody_else_has_settled_is_no_longer_there(browsers: Browsers, broken: str) -> None:
    browser = browsers.of(DIRECTOR)
    browser.post(f"/incidents/{broken}/retry")
    for answer in (browser.get(f"/incidents/{broken}"), browser.post(f"/incidents/{broken}/retry")):
        assert answer.status_code == 404 and "已有人处理" in said(answer)


def test_an_act_needs_the_forms_token(site: Installation, broken: str) -> None:
    browsers = Browsers(site, an_app(site))
    browser = browsers.of(DIRECTOR)
    browsers.app.config["WTF_CSRF_ENABLED"] = True
    assert browser.post(f"/incidents/{broken}/retry").status_code == 400
    assert row_of(site, broken).closed_at is None
