"""问题又出现: the button on a closed matter's page, its form filled in, its approval, and what triage is told of it."""

from __future__ import annotations

from datetime import timedelta

from lxml import html
from sqlalchemy import select

from processes.installation import Installation
from processes.tables import MatterRow
from tests.kit.actors import Browsers, a_case, open_task, said
from tests.kit.reopening import APPROVED, CAME_BACK, a_closed_matter, since

CLERK, TRIAGER, OFFICE = "clerk@360428109", "triager@whistle_office", "director@whistle_office"


def link(page: str) -> str:
    found = html.document_fromstring(page).xpath("//a[contains(., '问题又出现，重新吹哨')]/@href")
    return str(found[0]) if found else ""


def filled(browsers: Browsers, *, ago: int = 0) -> dict[str, list[object]]:
    """The story's answers; it is so many days ago that the matter came back."""
    return browsers.posted(browsers.pack.forms["reopen"], CAME_BACK.answers, None) | {"since": [since(ago)]}


def test_the_clerk_blows_again_from_the_closed_matter_and_triage_is_told_of_it(
    site: Installation, browsers: Browsers
) -> None:
    former = a_closed_matter(site)
    address = link(browsers.of(CLERK).get(f"/cases/{former}").text)
    page = browsers.of(CLERK).get(address)
    fields = html.document_fromstring(page.text)
    assert fields.get_element_by_id("f-subject").get("value") == "环城路路灯不亮"
    assert fields.get_element_by_id("f-place").get("value") == "环城路东段"
    assert "针对 DC" in said(page) and "说明问题又出现" not in said(browsers.of(CLERK).get("/"))
    sent = browsers.of(CLERK).post(address, data=filled(browsers), content_type="multipart/form-data")
    assert sent.status_code == 302, said(sent)
    case = sent.headers["Location"]
    shown = said(browsers.of(CLERK).get(case))
    assert "重开" in shown and "接续自" in shown and "待蔡岭镇审批重新吹哨" in shown
    browsers.do(APPROVED, case.rpartition("/")[2])
    task = open_task(site, "triage", TRIAGER, case.rpartition("/")[2])
    told = said(browsers.of(TRIAGER).get(f"/tasks/{task.id}"))
    assert "原主办单位县城管局" in told.replace(" ", "") and "各单位均已办理完毕，事项已经解决。" in told
    with site.db.read() as session:
        number = session.scalars(select(MatterRow.number).where(MatterRow.start == "重开")).one()
    assert number is not None and number.startswith("CK")


def test_others_have_no_button(site: Installation, browsers: Browsers) -> None:
    former = a_closed_matter(site)
    for by in ("vetter@360428109", OFFICE, "section_head@urban_management"):
        assert link(browsers.of(by).get(f"/cases/{former}").text) == ""
    running = a_case(site, 4)
    assert link(browsers.of(CLERK).get(f"/cases/{running}").text) == ""


def test_after_the_limit_it_is_told_to_blow_a_new_whistle(site: Installation, browsers: Browsers) -> None:
    former = a_closed_matter(site, ago=timedelta(days=60))
    assert link(browsers.of(CLERK).get(f"/cases/{former}").text) == ""
    address = f"/cases/new/重开?about={former}"
    refused = browsers.of(CLERK).get(address)
    assert refused.status_code == 409 and "最晚在" in said(refused) and "请另行发起" in said(refused)
    late = browsers.of(CLERK).post(address, data=filled(browsers), content_type="multipart/form-data")
    assert late.status_code == 409 and "最晚在" in said(late) and "环城路路灯又不亮" in late.text
    with site.db.read() as session:
        assert session.scalars(select(MatterRow).where(MatterRow.start == "重开")).all() == []


def test_what_was_there_before_the_end_is_another_matter(site: Installation, browsers: Browsers) -> None:
    former = a_closed_matter(site)
    address = f"/cases/new/重开?about={former}"
    early = filled(browsers, ago=20)
    answer = browsers.of(CLERK).post(address, data=early, content_type="multipart/form-data")
    assert answer.status_code == 422 and "办结以前就有的问题，请另外吹哨" in said(answer)
