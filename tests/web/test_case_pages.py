"""The list of cases and one case on one page: state in people's words, holders, times, what happened, the drawing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html
from werkzeug.test import TestResponse

from processes.agenda import strike
from processes.installation import Installation
from processes.work import claim
from tests.kit.actors import Browsers, a_case, open_task, said
from tests.kit.sites import a_person, a_site, an_app, me, the_pack

OFFICE, CLERK = "director@whistle_office", "clerk@360428100"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    inst = a_site(tmp_path_factory.mktemp("site"))
    yield inst
    inst.db.close()


@pytest.fixture(scope="module")
def browsers(site: Installation) -> Browsers:
    return Browsers(site, an_app(site))


@pytest.fixture(scope="module")
def dispatched(site: Installation) -> str:
    """Three departments were asked; one has reported in, one has planned too."""
    return a_case(site, 8, "water_pipe", begins=datetime.now(UTC) - timedelta(hours=40), subject="三家同办")


@pytest.fixture(scope="module")
def ended(site: Installation) -> str:
    return a_case(site, 99, "water_pipe", subject="办完的事")


# -- one case


@pytest.mark.parametrize(
    ("until", "story", "state"),
    [
        (1, "single_unit", "待蔡岭镇收集事项"),
        (3, "single_unit", "待蔡岭镇审批上报"),
        (4, "single_unit", "待县吹哨办分析研判"),
        (5, "single_unit", "待县城管局报到"),
        (5, "led_by_county_leader", "待县领导牵头部署"),
        (6, "returned_to_township", "签收退回意见"),
    ],
)
def test_a_case_says_in_peoples_words_whom_it_waits_for(
    site: Installation, browsers: Browsers, until: int, story: str, state: str
) -> None:
    case_id = a_case(site, until, story)
    assert state in said(browsers.of(OFFICE).get(f"/cases/{case_id}"))


def test_several_units_at_different_steps_are_all_named(browsers: Browsers, dispatched: str) -> None:
    words = part(browsers.of(OFFICE).get(f"/cases/{dispatched}"), "holders")
    for unit in ("县住建局", "县自来水公司", "县城管局"):
        assert unit in words
    assert "主办单位" in words and "协办单位" in words
    assert "报到" in words and ("制定解决方案" in words or "办理事项" in words)
    assert "到期" in words and "怎么算的" in words and "工作日" in words


def test_who_has_used_how_much_time_is_a_table_with_its_count(browsers: Browsers, dispatched: str, ended: str) -> None:
    words = part(browsers.of(OFFICE).get(f"/cases/{dispatched}"), "used")
    for told in ("都昌镇", "县吹哨办", "县住建局 主办单位 在办", "县自来水公司 协办单位", "合计", "怎么算的", "昼夜"):
        assert told in words
    closed = part(browsers.of(OFFICE).get(f"/cases/{ended}"), "used")
    assert "县住建局 主办单位" in closed and "在办" not in closed


def test_a_case_is_found_by_its_number_and_by_its_id(site: Installation, browsers: Browsers, ended: str) -> None:
    client = browsers.of(OFFICE)
    by_id = client.get(f"/cases/{ended}")
    number = html.document_fromstring(by_id.text).xpath("//main//header//*[@class='number']")[0].text_content()
    assert number.startswith("DC2026-")
    assert said(client.get(f"/cases/{number}")) == said(by_id)


def test_a_case_without_a_number_says_that_it_will_get_one(site: Installation, browsers: Browsers) -> None:
    assert "待编号" in said(browsers.of(OFFICE).get(f"/cases/{a_case(site, 1)}"))


def test_whoever_has_the_next_act_is_led_to_it_and_nobody_else(site: Installation, browsers: Browsers) -> None:
    case_id = a_case(site, 1, "water_pipe")
    task = open_task(site, "collect", "collector@360428100", case_id)
    collector = browsers.of("collector@360428100").get(f"/cases/{case_id}")
    assert "轮到您办" in said(collector) and f"/tasks/{task.id}" in collector.text
    for by in (CLERK, OFFICE):
        others = browsers.of(by).get(f"/cases/{case_id}")
        assert "轮到您办" not in said(others) and f"/tasks/{task.id}" not in others.text


def test_a_claimed_task_names_its_person(site: Installation, browsers: Browsers) -> None:
    case_id = a_case(site, 1, "water_pipe")
    collector = me(site, "collector@360428100")
    claim(site, collector, open_task(site, "collect", "collector@360428100", case_id).id, now=datetime.now(UTC))
    words = said(browsers.of(OFFICE).get(f"/cases/{case_id}"))
    assert f"{collector.name} 已签收" in words and "签收“收集事项”" in words


def test_what_happened_is_told_newest_first_with_who_did_it(site: Installation, browsers: Browsers, ended: str) -> None:
    words = part(browsers.of(OFFICE).get(f"/cases/{ended}"), "timeline")
    told = [
        "已办结",
        "一事一评",
        "审核办理结果",
        "汇总办理结果",
        "制定解决方案",
        "分析研判",
        "审批上报",
        "收集事项",
        "发起吹哨",
    ]
    places = [words.index(each) for each in told]
    assert places == sorted(places), list(zip(told, places, strict=True))
    assert me(site, "triager@whistle_office").name in words
    assert "None" not in words and "TaskCompleted" not in words


def test_late_work_is_red_in_the_state_and_in_what_happened(site: Installation, browsers: Browsers) -> None:
    case_id = a_case(site, 1, "water_pipe", begins=datetime.now(UTC) - timedelta(days=20))
    strike(site, datetime.now(UTC))
    words = said(browsers.of(OFFICE).get(f"/cases/{case_id}"))
    assert "超 " in words and "亮红灯：“收集事项”" in words and "提醒：“收集事项”" in words


def test_answers_are_shown_in_words_and_never_as_codes(browsers: Browsers, ended: str) -> None:
    words = said(browsers.of(OFFICE).get(f"/cases/{ended}"))
    for shown in ("126 户入住半年", "县住建局", "13800000001", "牵头制定接通方案", "同意上报"):
        assert shown in words
    for code in ("beyond_capacity", "water_power_gas", "not_repeated", "urban_management", "told_residents"):
        assert code not in words


def test_papers_are_listed_with_size_and_person(site: Installation, browsers: Browsers, ended: str) -> None:
    words = part(browsers.of(OFFICE).get(f"/cases/{ended}"), "papers")
    assert "党委会议纪要.pdf" in words and "小区现场.jpg" in words and "字节" in words
    assert me(site, "principal@360428100").name in words


def test_the_drawing_shows_where_the_case_stands_and_a_list_says_the_same(browsers: Browsers, dispatched: str) -> None:
    page = html.document_fromstring(browsers.of(OFFICE).get(f"/cases/{dispatched}").text)
    drawings = page.xpath("//*[@id='diagrams']//*[local-name()='svg'][.//*[local-name()='title']]")
    assert len(drawings) >= 4  # the whole, and one for each of three units
    section = " ".join(page.get_element_by_id("diagrams").text_content().split())
    for title in ("全流程", "县住建局（主办单位）", "县自来水公司（协办单位）", "县城管局（协办单位）"):
        assert title in section
    steps = page.xpath("//*[@id='diagrams']//ol[contains(@class, 'steps')]")[0]
    states = {item.xpath("./span")[0].text: item.get("class").split()[0] for item in steps.xpath("./li")}
    assert (states["提出事项"], states["分析研判"], states["部门报到"]) == ("step-done", "step-done", "step-now")
    assert states["一事一评"] == "step-todo"


def test_an_ended_case_says_how_it_ended_and_asks_nobody(browsers: Browsers, ended: str) -> None:
    page = browsers.of(OFFICE).get(f"/cases/{ended}")
    assert "已办结" in said(page) and "轮到您办" not in said(page) and "谁在办" not in said(page)
    words = part(page, "people")
    assert "县住建局" in words and "股室负责人" in words


def test_a_case_in_its_second_round_says_so(site: Installation, browsers: Browsers) -> None:
    steps = the_pack().stories["two_rounds_of_rework"].steps
    audited = next(number for number, step in enumerate(steps, 1) if step.outcome == "rework" and not step.then.refused)
    before, after = (a_case(site, until, "two_rounds_of_rework") for until in (audited - 1, audited))
    assert "第 2 轮" not in said(browsers.of(OFFICE).get(f"/cases/{before}"))
    words = said(browsers.of(OFFICE).get(f"/cases/{after}"))
    assert "第 2 轮" in words and "返工" in words


# -- the list of cases


def test_cases_are_found_by_number_title_and_township(site: Installation, browsers: Browsers, ended: str) -> None:
    a_case(site, 4, "single_unit", subject="找得到的路灯")
    client = browsers.of(OFFICE)
    for asked, found in (("找得到", True), ("蔡岭", True), ("DC2026-", True), ("芗溪", False), ("不会有的字", False)):
        words = said(client.get("/cases/", query_string={"q": asked, "only": "all"}))
        assert ("找得到的路灯" in words.partition("共")[2]) == found, asked
        assert asked in words


def test_what_is_not_found_says_so_and_shows_a_way_back(browsers: Browsers) -> None:
    answer = browsers.of(OFFICE).get("/cases/?q=不会有的字")
    assert "没有找到符合的" in said(answer) and 'href="/cases/"' in answer.text


def test_each_filter_shows_as_many_as_it_counts(site: Installation, browsers: Browsers, ended: str) -> None:
    client = browsers.of(OFFICE)
    chips = html.document_fromstring(client.get("/cases/").text).xpath("//nav[@aria-label='筛选']/a")
    counts = {chip.get("href"): int(chip.text_content().split()[-1].replace(",", "")) for chip in chips}
    assert len(counts) == 5
    for url, count in counts.items():
        assert f"共 {count} 件" in said(client.get(url)), url
    by_name = {url.partition("only=")[2]: count for url, count in counts.items()}
    assert by_name["all"] == by_name["open"] + by_name["ended"] and by_name["ended"] >= 1 and by_name["mine"] == 0


def test_a_township_lists_only_its_own_and_counts_only_its_own(site: Installation, browsers: Browsers) -> None:
    a_case(site, 1, "approval_needs_minutes", subject="和合乡的事")
    words = said(browsers.of("clerk@360428200").get("/cases/?only=all"))
    assert "和合乡的事" in words and "办完的事" not in words and "共 1 件" in words
    assert "和合乡的事" not in said(browsers.of("clerk@360428201").get("/cases/?only=all&q=和合乡"))


def test_a_long_list_has_pages_that_show_every_case_once(site: Installation, browsers: Browsers) -> None:
    for number in range(23):
        a_case(site, 1, "approval_needs_minutes", subject=f"第{number:02}件")
    client, titles = browsers.of("clerk@360428200"), []
    for page in (1, 2):
        found = html.document_fromstring(client.get(f"/cases/?only=open&page={page}&q=件").text)
        titles += [each.text_content() for each in found.xpath("//tr//td[1]//a")]
    assert sorted(titles) == [f"第{number:02}件" for number in range(23)]
    assert "没有找到" in said(client.get("/cases/?only=open&page=9&q=件"))


# -- one task


def test_a_task_page_has_the_matter_earlier_answers_and_fitting_duties(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "triage", "triager@whistle_office", a_case(site, 4, "water_pipe"))
    words = said(browsers.of("triager@whistle_office").get(f"/tasks/{task.id}"))
    assert "分析研判" in words and "126 户入住半年" in words
    assert "前面各步填写" in words and "情况属实" in words and "党委会议纪要.pdf" in words
    assert "可能对应的职责事项" in words and "D01" in words and "事项中提到" in words


def test_the_duty_list_is_shown_only_where_it_is_asked_for(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "collect", "collector@360428100", a_case(site, 1, "water_pipe"))
    assert "可能对应的职责事项" not in said(browsers.of("collector@360428100").get(f"/tasks/{task.id}"))


def test_a_shared_task_can_be_claimed_and_given_back_on_its_page(site: Installation, browsers: Browsers) -> None:
    case_id = a_case(site, 5, "single_unit")
    task = open_task(site, "accept", "section_head@urban_management", case_id)
    first, second = browsers.of("section_head@urban_management"), browsers.of("deputy_head@urban_management")
    assert "人都能办" in said(first.get(f"/tasks/{task.id}"))
    assert "已签收" in first.post(f"/tasks/{task.id}/claim", follow_redirects=True).text
    held = second.get(f"/tasks/{task.id}")
    assert me(site, "section_head@urban_management").name in said(held) and "不能提交" in said(held)
    assert second.post(f"/tasks/{task.id}", data={"visitor": "李强"}).status_code in (409, 422)
    first.post(f"/tasks/{task.id}/release")
    assert "人都能办" in said(second.get(f"/tasks/{task.id}"))


def test_whoever_did_an_earlier_step_is_told_before_filling_anything_in(site: Installation, browsers: Browsers) -> None:
    chen = a_person(site, "小陈", "clerk@360428203", "collector@360428203")
    task = open_task(site, "collect", "collector@360428203", a_case(site, 1, "four_different_people"))
    client = browsers.app.test_client()
    client.post("/login/demo", data={"person": chen.id})
    answer = client.get(f"/tasks/{task.id}")
    assert answer.status_code == 403 and "另一个人办理" in said(answer) and "提出事项" in said(answer)


def part(answer: TestResponse, name: str) -> str:
    """What one part of a page says."""
    return " ".join(html.document_fromstring(answer.text).get_element_by_id(name).text_content().split())
