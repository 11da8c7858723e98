"""A case begun about an ended one: by whom, about which, until when, what it is told, and that both are tied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.store.archive import archive
from engine.store.tables import TaskRow
from processes.formers import BegunAlready, EndedOtherwise, NotAbout, NotEnded, TooLate
from processes.forms import Posted
from processes.installation import Installation
from processes.people import NotYours
from processes.queries.formers import find_former, tied_to
from processes.tables import MatterRow
from processes.whistles import blow, starts_of
from processes.work import complete
from tests.kit.actors import a_case, all_rows, at_once, open_task, pack_of
from tests.kit.follow_ups import ENTRY, a_county
from tests.kit.sites import a_site, me

COUNTY, CLERK, VETTER, OTHER = "360428", "clerk@360428109", "vetter@360428109", "clerk@360428100"
WITHDRAWN = datetime.fromisoformat("2026-09-07T09:40:00+08:00")
NEXT_DAY = datetime.fromisoformat("2026-09-08T09:00:00+08:00")
TOLD = Posted({"subject": ("又坑洼了",), "place": ("环城路东段",)})


@pytest.fixture(params=[False, True], ids=["plain", "message"])
def looking_back(tmp_path: Path, database_url: str, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """A county in which a withdrawn whistle may be looked at again."""
    inst = a_site(tmp_path, database_url, folder=a_county(by_message=request.param))
    yield inst
    inst.db.close()


def ended(site: Installation) -> str:
    return a_case(site, 5, "withdrawn_at_triage")


def look_back(site: Installation, about: str | None, by: str = CLERK, now: datetime = NEXT_DAY) -> str:
    return blow(site, me(site, by), "回看", TOLD, now=now, about=about).case_id


def say(site: Installation, case: str, outcome: str) -> None:
    task = open_task(site, "say", VETTER, case)
    complete(site, me(site, VETTER), task.id, Posted({}), now=NEXT_DAY, outcome=outcome)


def test_it_begins_from_the_ended_case_and_is_told_of_it(looking_back: Installation) -> None:
    former = ended(looking_back)
    case = look_back(looking_back, "DC2026-0001")  # the number names it as well as the id
    with looking_back.db.read() as session:
        task = session.scalars(select(TaskRow).filter_by(case_id=case, step="say")).one()
        matter = session.get_one(MatterRow, (COUNTY, case))
    assert (matter.unit, matter.title, matter.start) == ("360428109", "又坑洼了", "回看")
    assert task.process_values["former"] == {
        "case": former,
        "number": "DC2026-0001",
        "title": "路面坑洼",
        "unit": "360428109",
        "ended": "withdrawn_early",
        "closed_on": WITHDRAWN.date(),
        "opinion": None,  # nobody wrote one
        "old_round": "360428109",  # what the step saw, as its form asks for nothing of this name
    }


def test_both_cases_tell_of_each_other(looking_back: Installation) -> None:
    former = ended(looking_back)
    case = look_back(looking_back, former)
    with looking_back.db.read() as session:
        (back,) = tied_to(session, me(looking_back, CLERK), case)
        (forth,) = tied_to(session, me(looking_back, CLERK), former)
        (unseen,) = tied_to(session, me(looking_back, OTHER), former)
    assert (back.case_id, back.number, back.is_former, back.is_seen) == (former, "DC2026-0001", True, True)
    assert (forth.case_id, forth.start, forth.is_former, forth.ended) == (case, "回看", False, None)
    assert not unseen.is_seen


def test_it_is_offered_on_that_page_only_and_not_among_what_one_begins_out_of_hand(looking_back: Installation) -> None:
    assert starts_of(pack_of(looking_back), me(looking_back, CLERK)) == ["吹哨"]
    before = all_rows(looking_back)
    with pytest.raises(NotAbout) as refused:
        look_back(looking_back, None)
    assert "“回看”要针对一件吹哨发起" in refused.value.sentence
    assert all_rows(looking_back) == before


def test_only_about_what_has_ended_and_so(looking_back: Installation) -> None:
    running, back = a_case(looking_back, 4), a_case(looking_back, 99, "returned_to_township")
    for case, error, said in (
        (running, NotEnded, "DC2026-0001还没有结束，不能“再看一眼”"),
        (back, EndedOtherwise, "DC2026-0002的结果是“乡镇自办”，不能“再看一眼”"),
    ):
        with looking_back.db.read() as session:
            by = f"clerk@{session.get_one(MatterRow, (COUNTY, case)).unit}"
        before = all_rows(looking_back)
        with pytest.raises(error) as refused:
            look_back(looking_back, case, by)
        assert said in refused.value.sentence and all_rows(looking_back) == before


def test_a_township_begins_it_only_about_its_own(looking_back: Installation) -> None:
    former = ended(looking_back)
    before = all_rows(looking_back)
    for by in (OTHER, VETTER, "handler@urban_management", "director@whistle_office"):
        with pytest.raises(NotYours):
            look_back(looking_back, former, by)
    assert all_rows(looking_back) == before


def test_those_of_another_kind_of_unit_may_about_what_they_may_see(tmp_path: Path) -> None:
    entry = ENTRY.replace('by = "clerk"', 'by = "triager"')
    site = a_site(tmp_path, folder=a_county(entry))
    case = look_back(site, ended(site), "triager@whistle_office")
    with site.db.read() as session:
        assert session.get_one(MatterRow, (COUNTY, case)).unit == "whistle_office"
    site.db.close()


def test_after_the_limit_the_last_day_is_named(looking_back: Installation) -> None:
    former = ended(looking_back)
    last = datetime.fromisoformat("2026-09-09T17:30:00+08:00")
    with pytest.raises(TooLate) as refused:
        look_back(looking_back, former, now=last + timedelta(minutes=1))
    assert "DC2026-0001最晚在9月9日（周三）17:30可以“再看一眼”" in refused.value.sentence
    assert look_back(looking_back, former, now=last)


def test_once_is_enough_unless_it_came_to_nothing(looking_back: Installation) -> None:
    former = ended(looking_back)
    first = look_back(looking_back, former)
    with pytest.raises(BegunAlready) as refused:
        look_back(looking_back, former)
    assert "DC2026-0001已经有人“再看一眼”" in refused.value.sentence
    say(looking_back, first, "drop")
    second = look_back(looking_back, former)
    say(looking_back, second, "keep")
    with pytest.raises(BegunAlready):
        look_back(looking_back, former)


def test_of_two_at_the_same_moment_one_is_refused(looking_back: Installation) -> None:
    former = ended(looking_back)
    got = at_once(*[lambda: look_back(looking_back, former)] * 2)
    assert sorted(type(each).__name__ for each in got) == ["BegunAlready", "str"]


def test_what_is_not_there_or_not_to_be_seen_is_not_looked_for(looking_back: Installation) -> None:
    pack, start = pack_of(looking_back), pack_of(looking_back).starts["吹哨"]
    with looking_back.db.read() as session:
        assert find_former(session, me(looking_back, CLERK), pack, start, "DC2026-0001", now=NEXT_DAY) is None


def test_a_former_case_that_was_packed_away_is_read_all_the_same(looking_back: Installation) -> None:
    former = ended(looking_back)
    with looking_back.db.write() as session:
        archive(session, COUNTY, former, NEXT_DAY)
    case = look_back(looking_back, former)
    with looking_back.db.read() as session:
        task = session.scalars(select(TaskRow).filter_by(case_id=case, step="say")).one()
    assert task.process_values["former"]["old_round"] == "360428109"
