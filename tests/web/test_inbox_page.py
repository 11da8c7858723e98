"""待办 and 已办: most urgent first, counts that are true, and what an empty page says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html
from sqlalchemy import insert, select, update

from engine.store.tables import FOREVER, OfferRow, TaskRow
from processes.installation import Installation
from processes.tables import MatterRow
from processes.work import claim, complete
from tests.kit.actors import Browsers, a_case, answers_to, open_task, said
from tests.kit.offers import offers_of
from tests.kit.sites import a_person, a_site, an_app, me

VETTER = "vetter@360428109"
HOUR = timedelta(hours=1)
NOON = datetime(2026, 9, 7, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Five matters wait for the vetter of 蔡岭镇: late, very late, soon, far off, and one without a limit."""
    inst, now = a_site(tmp_path_factory.mktemp("site")), datetime.now(UTC)
    a_person(inst, "周小梅", VETTER)
    for subject, due in (
        ("还早的事", now + 90 * HOUR),
        ("很晚的事", now - 30 * HOUR),
        ("不限时的事", None),
        ("快到期的事", now + 3 * HOUR),
        ("刚超期的事", now - 1 * HOUR),
    ):
        case_id = a_case(inst, 2, subject=subject)
        with inst.db.write() as session:
            where = (TaskRow.case_id == case_id, TaskRow.step == "vet")
            session.execute(update(TaskRow).where(*where).values(due_at=due, warn_at=now - HOUR if due else None))
            session.execute(update(OfferRow).where(OfferRow.case_id == case_id).values(until=due or FOREVER))
    claim(inst, me(inst, VETTER), open_task(inst, "vet", VETTER, case_of(inst, "还早的事")).id, now=now)
    yield inst
    inst.db.close()


@pytest.fixture(scope="module")
def browsers(site: Installation) -> Browsers:
    return Browsers(site, an_app(site))


def test_the_most_urgent_stands_first_and_what_has_no_limit_last(browsers: Browsers) -> None:
    words = said(browsers.of(VETTER).get("/"))
    order = ["很晚的事", "刚超期的事", "快到期的事", "还早的事", "不限时的事"]
    assert [words.index(title) for title in order] == sorted(words.index(title) for title in order)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("late", {"很晚的事", "刚超期的事"}),
        ("soon", {"快到期的事"}),
        ("mine", {"还早的事"}),
        ("pool", {"很晚的事", "刚超期的事", "快到期的事", "不限时的事"}),
        ("nonsense", {"很晚的事", "刚超期的事", "快到期的事", "不限时的事", "还早的事"}),
    ],
)
def test_a_filter_shows_what_it_says_and_as_many_as_it_counts(browsers: Browsers, chosen: str, shown: set[str]) -> None:
    page = browsers.of(VETTER).get(f"/?only={chosen}")
    titles = {
        each.text_content()
        for each in html.document_fromstring(page.text).xpath("//tr//a[starts-with(@href, '/tasks/')]")
    }
    assert titles - {"办理", "查看"} == shown
    assert counted(page.text).get(chosen, 5) == len(shown)


def test_the_hundred_and_first_task_stands_on_the_second_page(site: Installation) -> None:
    by = "vetter@360428103"
    with site.db.write() as session:
        model = session.scalars(select(TaskRow).where(TaskRow.state == "open", TaskRow.step == "vet")).first()
        row = {column.name: getattr(model, column.name) for column in TaskRow.__table__.columns} | {"claimed_by": None}
        row |= {"groups": [["vetter", "360428103"]]}
        tasks = [{**row, "id": f"{n:032}", "name": f"第{n}件", "due_at": NOON + n * HOUR} for n in range(101)]
        session.execute(insert(TaskRow), tasks)
        session.execute(insert(OfferRow), offers_of(tasks))
    client = Browsers(site, an_app(site)).of(by)
    first, second, beyond = (said(client.get(path)) for path in ("/", "/?page=2", "/?page=3"))
    assert "第0件" in first and "第99件" in first and "第100件" not in first and "第 1 页，共 2 页" in first
    assert "第100件" in second and "第99件" not in second
    assert "第100件" not in beyond


def test_the_lights_say_late_near_and_in_time_in_words(browsers: Browsers) -> None:
    words = said(browsers.of(VETTER).get("/"))
    assert "超 1 天 6 小时" in words and "超 1 小时" in words
    assert "还剩 2 小时 59 分" in words and "还剩 3 天" in words and "不限时" in words


def test_a_colleague_does_not_see_what_another_has_claimed(site: Installation, browsers: Browsers) -> None:
    colleague = browsers.app.test_client()
    colleague.post("/login/demo", data={"person": a_person(site, "周小梅", VETTER).id})
    words = said(colleague.get("/"))
    assert "还早的事" not in words and "很晚的事" in words
    assert "我已签收" in said(browsers.of(VETTER).get("/"))


def test_an_empty_inbox_teaches_and_a_clerk_is_offered_to_begin(browsers: Browsers) -> None:
    words = said(browsers.of("clerk@360428101").get("/"))
    assert "今天没有待办" in words and "新建吹哨" in words
    assert "新建吹哨" not in said(browsers.of("section_head@tax").get("/"))
    assert "这一类没有待办" in said(browsers.of("section_head@tax").get("/?only=late"))


def test_whoever_holds_no_post_has_an_empty_inbox(site: Installation, browsers: Browsers) -> None:
    client = browsers.app.test_client()
    client.post("/login/demo", data={"person": a_person(site, "没有岗位").id})
    for path in ("/", "/done", "/cases/?only=all"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not {"很晚的事", "还早的事", "办过的事1"} & set(said(answer).split())
        assert not html.document_fromstring(answer.text).xpath("//main//tbody/tr")


def test_done_work_is_listed_newest_first_with_what_was_decided(site: Installation, browsers: Browsers) -> None:
    by, day = "collector@360428208", datetime(2026, 9, 7, 2, tzinfo=UTC)
    for number, outcome in ((1, "forward"), (2, "back")):
        case_id = a_case(site, 1, subject=f"办过的事{number}")
        moved_to(site, case_id, "360428208")
        task = open_task(site, "collect", by, case_id)
        reason = {"reason": "材料不齐，请补充现场照片。"} if outcome == "back" else {}
        posted = (
            answers_to("collect", **reason)
            if outcome == "forward"
            else answers_to("collect").having("reason", *reason.values())
        )
        complete(site, me(site, by), task.id, posted, now=day + number * HOUR, outcome=outcome)
    words = said(browsers.of(by).get("/done"))
    assert words.index("办过的事2") < words.index("办过的事1") and "共 2 件" in words
    assert "退回补正" in words and "办理中" in words and "09:00" not in words.split("共 2 件")[0]


def test_nothing_done_yet_says_so(browsers: Browsers) -> None:
    assert "您还没有办过" in said(browsers.of("section_head@tax").get("/done"))


def test_an_ended_matter_says_how_it_ended_among_what_was_done(site: Installation, browsers: Browsers) -> None:
    a_case(site, 99, "returned_to_township", subject="自己办的事")
    assert "乡镇自办" in said(browsers.of("clerk@360428205").get("/done"))


def counted(page: str) -> dict[str, int]:
    """The count of each filter, from its chip."""
    found = {}
    for chip in html.document_fromstring(page).xpath("//nav[@aria-label='筛选待办']/a"):
        name = chip.get("href").partition("only=")[2] or "all"
        found[name] = int("".join(filter(str.isdigit, chip.text_content().split()[-1])))
    return found


def case_of(site: Installation, title: str) -> str:
    with site.db.read() as session:
        return session.scalars(select(MatterRow.case_id).where(MatterRow.title == title)).one()


def moved_to(site: Installation, case_id: str, unit: str) -> None:
    """Let another township hold the open task of a case."""
    task = open_task(site, "collect", "collector@360428109", case_id)
    with site.db.write() as session:
        session.execute(update(OfferRow).where(OfferRow.task_id == task.id).values(unit=unit))
        session.get_one(TaskRow, (task.county, task.id)).groups = [["collector", unit]]
