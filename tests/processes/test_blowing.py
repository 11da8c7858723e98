"""Blowing the whistle: a case begins with its first step done, without a number, and keeps its title up to date."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from engine.store.tables import CaseRow, TaskRow
from processes.attachments import keep_paper
from processes.forms import Invalid, Posted
from processes.installation import Installation
from processes.people import NotYours
from processes.queries.tasks import drafted, find_draft
from processes.tables import ConcernRow, DraftRow, MatterRow, PaperRow, RatingRow
from processes.whistles import NoSuchStart, blow, draft_key, starts_of
from processes.work import complete, save_draft
from tests.kit.actors import a_case, all_rows, answers_to, open_task, pack_of
from tests.kit.papers import a_paper
from tests.kit.sites import a_person, me

COUNTY = "360428"
CLERK = "clerk@360428109"
NOW = datetime.fromisoformat("2026-09-07T09:20:00+08:00")


def test_a_new_matter_has_a_title_a_township_and_no_number_yet(site: Installation) -> None:
    clerk = me(site, CLERK)
    done = blow(site, clerk, "吹哨", answers_to("propose"), now=NOW)
    with site.db.read() as session:
        matter = session.get_one(MatterRow, (COUNTY, done.case_id))
        case = session.get_one(CaseRow, (COUNTY, done.case_id))
        concerned = session.scalars(select(ConcernRow.unit)).all()
        steps = session.execute(select(TaskRow.step, TaskRow.state).order_by(TaskRow.step)).all()
    assert (matter.number, matter.unit, matter.started_by, matter.started_at) == (None, "360428109", clerk.id, NOW)
    assert matter.title == answers_to("propose").get("subject")
    assert case.digest == pack_of(site).digest and case.ended_at is None
    assert (done.opened, concerned, steps) == (
        ("收集事项",), ["360428109"], [("collect", "open"), ("propose", "completed")],
    )  # fmt: skip


def test_the_number_comes_with_the_approval_and_stays_when_blown_again(site: Installation) -> None:
    case_id = a_case(site, 3, "blown_again")
    assert matter(site, case_id).number is None
    approved = a_case(site, 4, "blown_again")
    assert matter(site, approved).number == "DC2026-0001"
    again = a_case(site, 11, "blown_again")
    assert matter(site, again).number == "DC2026-0002"


def test_numbers_begin_anew_each_year_of_the_countys_calendar(site: Installation) -> None:
    before_midnight = a_case(site, 4, begins=datetime.fromisoformat("2026-12-31T08:00:00+08:00"))
    after = a_case(site, 4, begins=datetime(2026, 12, 31, 16, 30, tzinfo=UTC))  # 2027 here already
    assert (matter(site, before_midnight).number, matter(site, after).number) == ("DC2026-0001", "DC2027-0001")


def test_the_title_follows_an_amended_proposal(site: Installation) -> None:
    case_id = a_case(site, 3, "returned_at_collect")
    task = open_task(site, "propose", "clerk@360428106", case_id)
    amended = answers_to("propose", subject="改过的事项名称")
    complete(site, me(site, "clerk@360428106"), task.id, amended, now=NOW)
    assert matter(site, case_id).title == "改过的事项名称"


def test_a_draft_of_a_new_matter_is_kept_and_dropped_when_it_is_blown(site: Installation) -> None:
    clerk = me(site, CLERK)
    save_draft(site, clerk, draft_key("吹哨"), Posted({"subject": ("路灯",), "category": ("nonsense",)}), now=NOW)
    with site.db.read() as session:
        draft = find_draft(session, clerk, draft_key("吹哨"))
        assert draft is not None and drafted(draft).get("subject") == "路灯"
        assert find_draft(session, me(site, "clerk@360428100"), draft_key("吹哨")) is None
    blow(site, clerk, "吹哨", answers_to("propose"), now=NOW)
    with site.db.read() as session:
        assert list(session.scalars(select(DraftRow))) == []


def test_photos_of_a_new_matter_hang_on_its_case(site: Installation) -> None:
    clerk = me(site, CLERK)
    photo = keep_paper(site, clerk, io.BytesIO(a_paper("现场.jpg")), "现场.jpg", now=NOW)
    done = blow(site, clerk, "吹哨", answers_to("propose").having("photos", photo.id), now=NOW)
    with site.db.read() as session:
        row = session.get_one(PaperRow, (COUNTY, photo.id))
    assert row.case_id == done.case_id and row.task_id is not None
    assert row.view_sha256 and row.thumb_sha256 and row.view_sha256 != row.sha256


def test_a_refused_matter_leaves_nothing_behind(site: Installation) -> None:
    before = all_rows(site)
    with pytest.raises(Invalid) as refused:
        blow(site, me(site, CLERK), "吹哨", Posted({"subject": ("只有名称",)}), now=NOW)
    assert "description" in {error.path for error in refused.value.errors}
    assert all_rows(site) == before


def test_only_a_clerk_blows_and_only_for_a_unit_of_theirs(site: Installation) -> None:
    before = all_rows(site)
    for by in ("collector@360428109", "section_head@housing", "director@whistle_office"):
        assert "吹哨" not in starts_of(pack_of(site), me(site, by))
        with pytest.raises(NotYours):
            blow(site, me(site, by), "吹哨", answers_to("propose"), now=NOW)
    with pytest.raises(NotYours):
        blow(site, me(site, CLERK), "吹哨", answers_to("propose"), now=NOW, unit="360428100")
    with pytest.raises(NoSuchStart) as refused:
        blow(site, me(site, CLERK), "没有这个", answers_to("propose"), now=NOW)
    assert "没有这个" in refused.value.sentence
    assert all_rows(site) == before


def test_a_clerk_of_two_townships_blows_for_the_one_they_choose(site: Installation) -> None:
    both = a_person(site, "两头跑", "clerk@360428109", "clerk@360428100")
    done = blow(site, both, "吹哨", answers_to("propose"), now=NOW, unit="360428100")
    assert matter(site, done.case_id).unit == "360428100"


def test_a_very_long_name_of_a_matter_is_refused_or_kept_whole(site: Installation) -> None:
    try:
        done = blow(site, me(site, CLERK), "吹哨", answers_to("propose", subject="长" * 199), now=NOW)
    except Invalid as refused:
        assert [error.path for error in refused.errors] == ["subject"]
    else:
        assert matter(site, done.case_id).title == "长" * 199


def test_ratings_become_rows_one_for_each_unit_and_aspect(site: Installation) -> None:
    case_id = a_case(site, 99, "water_pipe")
    with site.db.read() as session:
        rows = session.scalars(select(RatingRow).where(RatingRow.case_id == case_id)).all()
    by_township = {(row.unit, row.aspect) for row in rows if row.rater == "360428100"}
    by_lead = {(row.unit, row.aspect) for row in rows if row.rater == "housing"}
    units, aspects = (
        ("housing", "water_company", "urban_management"),
        ("arrival", "handling", "satisfaction", "diligence"),
    )
    assert by_township == {(unit, aspect) for unit in units for aspect in aspects}
    assert by_lead == {(unit, "cooperation") for unit in units[1:]}


def matter(site: Installation, case_id: str) -> MatterRow:
    with site.db.read() as session:
        return session.get_one(MatterRow, (COUNTY, case_id))
