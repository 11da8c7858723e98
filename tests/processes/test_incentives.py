"""Incentives on a site (DC-15): a typical case published without personal data, and a year's commendation recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from engine.errors import Rejected
from engine.store.archive import archive
from engine.store.tables import TaskRow
from processes.forms import Invalid, as_formdata
from processes.installation import Installation
from processes.people import NotYours
from processes.queries.knowledge import (
    NoSuchTypicalCase,
    count_categories,
    find_typical_case,
    list_commended,
    list_typical_cases,
    list_withdrawn,
)
from processes.queries.tasks import get_task_page
from processes.tables import NoticeRow
from processes.tables_knowledge import CommendedRow, TypicalCaseRow
from processes.tables_supervision import ChainedRow
from processes.whistles import blow
from processes.work import complete
from tests.kit.actors import Actors, all_rows, open_task, pack_of
from tests.kit.assessments import DIRECTOR, DRAWN, LEADER, assess, at_work, publish
from tests.kit.sites import a_site, me, person_id, the_folder, the_pack

AUDITOR, TOWN, UNIT = "auditor@whistle_office", "clerk@360428109", "section_head@water"
AFTER = DRAWN + timedelta(days=5)
LATER = AFTER + timedelta(days=1)
YEAR = {"period": "year", "title": "2026 年度考核"}


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """The model county, where one case a year is enough to be ranked, and to be a candidate."""
    folder = the_folder()
    few = {
        "assessment.toml": folder["assessment.toml"].replace(b"at_least = 5", b"at_least = 1"),
        "commendation.toml": folder["commendation.toml"].replace(b"at_least = 5", b"at_least = 1"),
        "limits.toml": folder["limits.toml"].replace(b"value = 5\nsource", b"value = 2\nsource"),
    }
    inst = a_site(tmp_path, database_url, folder={**folder, **few})
    yield inst
    inst.db.close()


def played(inst: Installation, story: str, *, until: int | None = None) -> Actors:
    actors = Actors(inst)
    actors.play(the_pack().stories[story], until=until)
    return actors


def refused(act: Callable[[], object]) -> str:
    """Why a form was not accepted."""
    with pytest.raises(Invalid) as found:
        act()
    return "；".join(error.sentence for error in found.value.errors)


# Typical cases


def test_a_published_case_says_what_was_written_and_nothing_of_the_people(site: Installation) -> None:
    actors = played(site, "typical_published")
    with site.db.read() as session:
        (row,) = list_typical_cases(session, me(site, "clerk@360428100"))
    assert (row.title, row.category, row.item) == ("先修后分：环城路路灯复明", "城市管理", "D05")
    assert (row.unit, row.lead, row.former_id) == ("360428109", "urban_management", actors.cases[""])
    assert [label for label, _ in row.parts] == ["什么情况", "怎么办的", "有什么经验"]
    assert (row.published_by, row.number[:4]) == (person_id(site, DIRECTOR), "AL20")
    for personal in ("陈敏", "李强", "王磊", "13800000001"):
        assert personal not in row.text
    with site.db.read() as session:
        told = session.scalars(select(NoticeRow.text).where(NoticeRow.kind == "case_published"))
        assert sorted(text.partition("，")[2][:3] for text in told) == ["县城管", "蔡岭镇"]


@pytest.mark.parametrize("asked", ["路灯", "先修后分 研判", "城市管理", "蔡岭镇", ""])
def test_it_is_found_by_its_words(site: Installation, asked: str) -> None:
    played(site, "typical_published")
    with site.db.read() as session:
        anybody = me(site, "handler@health")
        assert len(list_typical_cases(session, anybody, asked)) == 1
        assert count_categories(session, anybody, asked) == {"城市管理": 1}
        assert list_typical_cases(session, anybody, asked, "住房建设") == []


@pytest.mark.parametrize("asked", ["火星", "路灯 火星", "%", "_"])
def test_other_words_and_signs_of_the_database_find_nothing(site: Installation, asked: str) -> None:
    played(site, "typical_published")
    with site.db.read() as session:
        assert list_typical_cases(session, me(site, TOWN), asked) == []


def edit(inst: Installation, case_id: str, **changes: str) -> None:
    task = open_task(inst, "edit_case", AUDITOR, case_id)
    told = the_pack().stories["typical_not_approved"].steps[-5]
    assert told.does == "edit_case"
    posted = as_formdata(the_pack().forms["edit_case"], {**told.answers, **changes})
    at = datetime.fromisoformat("2026-09-18T15:00:00+08:00")
    complete(inst, me(inst, AUDITOR), task.id, posted, now=at, outcome="submit")


def test_names_of_the_former_case_are_refused_and_nothing_is_written(site: Installation) -> None:
    steps = the_pack().stories["typical_not_approved"].steps
    nominated = next(number for number, each in enumerate(steps) if each.does == "nominate") + 1
    case_id = played(site, "typical_not_approved", until=nominated).cases["典型案例"]
    before = all_rows(site)
    for field, said, found in (
        ("description", "居民陈敏说路灯不亮两个月。", "陈敏（姓名）"),
        ("summary", "李强、王磊到场修复了全部路灯。", "李强（姓名）、王磊（姓名）"),
        ("lesson", "先修后分，联系 0792-5220000 即可。", "0792-5220000（电话）"),
        ("subject", "身份证360428199001011234", "360428199001011234（证件号或账号）"),
    ):
        with pytest.raises(Invalid) as refused:
            edit(site, case_id, **{field: said})
        (error,) = refused.value.errors
        assert error.path == field and found in error.message and "请删去，或者换个说法" in error.message
    assert all_rows(site) == before
    edit(site, case_id)


def test_names_are_found_in_a_former_case_that_was_packed_away(site: Installation) -> None:
    steps = the_pack().stories["typical_not_approved"].steps
    nominated = next(number for number, each in enumerate(steps) if each.does == "nominate") + 1
    cases = played(site, "typical_not_approved", until=nominated).cases
    with site.db.write() as session:
        archive(session, "360428", cases[""], LATER)
    assert "陈敏（姓名）" in refused(lambda: edit(site, cases["典型案例"], description="居民陈敏说路灯不亮两个月。"))


def test_the_editor_finds_what_was_nominated_in_the_form(site: Installation) -> None:
    steps = the_pack().stories["typical_published"].steps
    nominated = [number for number, each in enumerate(steps) if each.does == "nominate"][1] + 1
    case_id = played(site, "typical_published", until=nominated).cases["典型案例"]
    task = open_task(site, "edit_case", AUDITOR, case_id)
    with site.db.read() as session:
        page = get_task_page(session, site, me(site, AUDITOR), task.id, now=DRAWN)
    assert page.world.functions["latest"]("subject") == "三天修好一条路的灯"
    assert page.world.functions["latest"]("no_such_field") is None


def test_who_is_not_approved_is_told_why(site: Installation) -> None:
    played(site, "typical_not_approved")
    with site.db.read() as session:
        (told,) = session.scalars(select(NoticeRow.text).where(NoticeRow.kind == "case_declined"))
        assert session.scalars(select(TypicalCaseRow)).all() == []
    assert "没有作为典型案例公布：做法和去年公布的一篇相同" in told


def test_a_case_taken_down_is_kept_for_those_who_see_the_county(site: Installation) -> None:
    actors = played(site, "typical_taken_down")
    published = actors.cases["典型案例"]
    with site.db.read() as session:
        assert list_typical_cases(session, me(site, DIRECTOR)) == []
        (row,) = list_withdrawn(session, me(site, DIRECTOR))
        assert (row.case_id, row.withdrawn_by) == (published, person_id(site, AUDITOR))
        assert row.why_withdrawn == "村里只有一户，认得出是谁家。" and row.withdrawn_at is not None
        assert find_typical_case(session, me(site, LEADER), published).case_id == published
        assert list_withdrawn(session, me(site, TOWN)) == []
        for unknown in (published, "0" * 32, "none"):
            with pytest.raises(NoSuchTypicalCase):
                find_typical_case(session, me(site, TOWN), unknown)
        (told,) = session.scalars(select(NoticeRow).where(NoticeRow.kind == "case_taken_down"))
        assert told.unit == "urban_management"


def test_only_the_whistle_office_takes_down(site: Installation) -> None:
    steps = the_pack().stories["typical_taken_down"].steps
    published = played(site, "typical_taken_down", until=len(steps) - 1).cases["典型案例"]
    posted = as_formdata(the_pack().forms["take_down"], {"subject": "三天修好", "reason": "认得出是谁家。"})
    before = all_rows(site)
    with pytest.raises(NotYours):
        blow(site, me(site, TOWN), "撤下典型案例", posted, now=LATER, about=published)
    assert {**all_rows(site), "refusal": None} == {**before, "refusal": None}


# Commendation


@pytest.fixture
def assessed(site: Installation) -> str:
    """A published assessment of the year, of two matters' units."""
    at_work(site, "water_pipe", "single_unit")
    case_id = assess(site, **YEAR)
    publish(site, case_id, now=AFTER)
    return case_id


def commend(inst: Installation, about: str, *, period: str = "year", now: datetime = LATER) -> str:
    form = pack_of(inst).forms["open_commendation"]
    posted = as_formdata(form, {"title": "2026 年度评先评优", "period": period})
    return blow(inst, me(inst, DIRECTOR), "评先评优", posted, now=now, about=about).case_id


def candidates(inst: Installation, case_id: str) -> tuple[TaskRow, list[dict[str, object]], list[dict[str, object]]]:
    task = open_task(inst, "put_forward", AUDITOR, case_id)
    return task, task.process_values["unit_candidates"], task.process_values["person_candidates"]


def put_forward(inst: Installation, case_id: str, **answers: object) -> None:
    task, units, persons = candidates(inst, case_id)
    as_suggested = {
        "units": [{**row, "chosen": row["suggested"]} for row in units],
        "persons": [{**row, "chosen": row["suggested"]} for row in persons],
    }
    posted = as_formdata(the_pack().forms["put_forward"], {"checked": True, **as_suggested, **answers})
    complete(inst, me(inst, AUDITOR), task.id, posted, now=LATER, outcome="submit")


def decide(inst: Installation, case_id: str) -> None:
    task = open_task(inst, "decide_commendation", LEADER, case_id)
    posted = as_formdata(the_pack().forms["decide_commendation"], {"agreed": True})
    complete(inst, me(inst, LEADER), task.id, posted, now=LATER + timedelta(hours=1), outcome="sign")


def test_units_stand_by_their_score_and_persons_by_what_they_did(site: Installation, assessed: str) -> None:
    _, units, persons = candidates(site, commend(site, assessed))
    assert [row["suggested"] for row in units] == [True, True, False]
    assert all("分" in str(row["score"]) and "建议" in str(row["name"]) for row in units[:2])
    assert {row["unit"] for row in persons} <= {row["unit"] for row in units}
    assert persons and all(row["called"] and "按时" in str(row["name"]) for row in persons)


def test_what_was_decided_is_recorded_and_everybody_reads_it(site: Installation, assessed: str) -> None:
    case_id = commend(site, assessed)
    _, units, _ = candidates(site, case_id)
    put_forward(site, case_id)
    decide(site, case_id)
    with site.db.read() as session:
        rows = list_commended(session, me(site, "clerk@360428100"))
        told = set(session.scalars(select(NoticeRow.unit).where(NoticeRow.kind == "commended")))
    assert [row.unit for row in rows if row.kind == "unit"] == [row["unit"] for row in units[:2]]
    assert [row.name for row in rows if row.kind == "person"] and rows[0].title == "2026 年度评先评优"
    assert {row.by for row in rows} == {person_id(site, LEADER)} and told == {row.unit for row in rows}


def test_a_suggested_unit_is_struck_and_another_added_with_a_reason(site: Installation, assessed: str) -> None:
    case_id = commend(site, assessed)
    _, units, _ = candidates(site, case_id)
    struck = [{**row, "chosen": row["suggested"] and row is not units[0]} for row in units]
    assert "去掉建议的或者选上备选的，请写明理由" in refused(lambda: put_forward(site, case_id, units=struck))
    struck[0]["reason"] = "年底有一件失实的材料。"
    twice = [{"unit": units[1]["unit"], "reason": "全年没有返工。"}]
    assert "已经在上面的人选里" in refused(lambda: put_forward(site, case_id, units=struck, more_units=twice))
    put_forward(site, case_id, units=struck, more_units=[{"unit": "health", "reason": "疫情期间随叫随到。"}])
    decide(site, case_id)
    with site.db.read() as session:
        rows = [row for row in list_commended(session, me(site, TOWN)) if row.kind == "unit"]
    assert [(row.unit, row.score != "") for row in rows] == [(units[1]["unit"], True), ("health", False)]
    assert rows[1].reason == "疫情期间随叫随到。"


def test_more_than_there_are_places_is_refused(site: Installation, assessed: str) -> None:
    case_id = commend(site, assessed)
    before = all_rows(site)
    more = [{"unit": "health", "reason": "疫情期间随叫随到。"}]
    assert "先进单位超过了 2 个的名额" in refused(lambda: put_forward(site, case_id, more_units=more))
    assert all_rows(site) == before


def test_a_unit_that_was_listed_that_year_cannot_be_chosen_nor_its_people(site: Installation, assessed: str) -> None:
    order = {"order_id": "1" * 32, "matter_id": "2" * 32, "ground": "overdue", "rung": "list"}
    at = datetime.fromisoformat("2026-10-10T09:00:00+08:00")
    with site.db.write() as session:
        session.execute(insert(ChainedRow).values(county="360428", unit="urban_management", at=at, **order))
    case_id = commend(site, assessed)
    _, units, persons = candidates(site, case_id)
    barred = [row for row in (*units, *persons) if row["unit"] == "urban_management"]
    assert len(barred) > 1 and {row["barred"] for row in barred} == {"其间被挂牌督办"}
    chosen = [{**row, "chosen": True, "reason": "仍想评。"} for row in units if row["barred"]]
    others = [{**row, "chosen": row["suggested"]} for row in units if not row["barred"]]
    ordered = sorted([*chosen, *others], key=lambda row: [each["unit"] for each in units].index(row["unit"]))
    assert "被挂牌督办或者约谈的不能评" in refused(lambda: put_forward(site, case_id, units=ordered))


def test_an_order_of_another_year_bars_nobody(site: Installation, assessed: str) -> None:
    order = {"order_id": "1" * 32, "matter_id": "2" * 32, "ground": "overdue", "rung": "list"}
    at = datetime.fromisoformat("2025-10-10T09:00:00+08:00")
    with site.db.write() as session:
        session.execute(insert(ChainedRow).values(county="360428", unit="urban_management", at=at, **order))
    _, units, _ = candidates(site, commend(site, assessed))
    assert {row["barred"] for row in units} == {""}


def test_half_a_year_is_refused_with_a_sentence(site: Installation) -> None:
    at_work(site, "single_unit")
    case_id = assess(site)
    publish(site, case_id, now=AFTER)
    before = all_rows(site)
    assert "评先评优用全年考核的结果" in refused(lambda: commend(site, case_id, period="half_year"))
    assert all_rows(site) == before


def test_half_a_year_called_a_whole_one_ends_without_candidates_and_says_so(site: Installation) -> None:
    at_work(site, "single_unit")
    case_id = assess(site)
    publish(site, case_id, now=AFTER)
    commend(site, case_id)
    with site.db.read() as session:
        (told,) = session.scalars(select(NoticeRow.text).where(NoticeRow.kind == "no_assessment"))
        assert session.scalars(select(CommendedRow)).all() == []
    assert "没有公布的年度考核作依据" in told


def test_an_assessment_that_is_not_published_cannot_be_used(site: Installation) -> None:
    at_work(site, "single_unit")
    case_id = assess(site, **YEAR)
    before = all_rows(site)
    with pytest.raises(Rejected) as refused:
        commend(site, case_id)
    assert refused.value.code == "not_ended" and {**all_rows(site), "refusal": 0} == {**before, "refusal": 0}


def test_commended_once_a_year(site: Installation, assessed: str) -> None:
    commend(site, assessed)
    with pytest.raises(Rejected) as refused:
        commend(site, assessed)
    assert refused.value.code == "begun_already"
