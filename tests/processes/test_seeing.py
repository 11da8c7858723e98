"""Who sees what: one filter for every list and every check, tried for every person against every case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from engine.errors import Rejected
from engine.store.cases import NoSuchCase
from engine.store.tables import CaseRow, TaskRow
from processes.attachments import NoSuchPaper, get_paper
from processes.installation import Installation
from processes.people import Me, NotYours, find_person, may_see
from processes.queries.cases import count_cases, find_case_id, list_cases
from processes.queries.inbox import count_inbox, list_inbox
from processes.queries.tasks import find_form, get_task_page
from processes.staff import note_change
from processes.tables import MatterRow, PaperRow, PersonRow, PostingRow
from processes.work import NoSuchTask
from tests.kit.actors import a_case, pack_of
from tests.kit.sites import a_person, a_site, me

NOW = datetime.fromisoformat("2026-09-09T10:00:00+08:00")
UNITS = (
    "360428100",
    "360428109",
    "360428200",
    "housing",
    "urban_management",
    "water",
    "whistle_office",
    "county_leaders",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Four cases: one of 都昌镇 with three departments at work, two of 蔡岭镇, one of them ended, one just proposed."""
    inst = a_site(tmp_path_factory.mktemp("site"))
    a_case(inst, 99, "single_unit", subject="已经办结")  # first: meanwhile the others would be supervised
    a_case(inst, 5, "water_pipe", subject="三家同办")
    a_case(inst, 3, "single_unit", subject="等着审批")
    a_case(inst, 1, "approval_needs_minutes", subject="刚刚提出")
    a_person(inst, "没有岗位")
    yield inst
    inst.db.close()


SEEN = {
    "clerk@360428100": {"三家同办"},
    "vetter@360428109": {"等着审批", "已经办结"},
    "clerk@360428200": {"刚刚提出"},
    "clerk@360428101": set(),
    "section_head@housing": {"三家同办"},
    "handler@water_company": {"三家同办"},
    "principal_head@urban_management": {"三家同办", "已经办结"},
    "section_head@water": set(),
    "triager@whistle_office": {"三家同办", "等着审批", "已经办结", "刚刚提出"},
    "director@whistle_office": {"三家同办", "等着审批", "已经办结", "刚刚提出"},
    "county_leader@county_leaders": {"三家同办", "等着审批", "已经办结", "刚刚提出"},
}


@pytest.mark.parametrize("by", SEEN)
def test_a_unit_sees_the_cases_that_concern_it_and_the_county_sees_all(site: Installation, by: str) -> None:
    with site.db.read() as session:
        found, total = list_cases(session, me(site, by), pack_of(site), now=NOW, chosen="all", words="", page=1)
        counted = count_cases(session, me(site, by), pack_of(site), now=NOW, words="")
    assert {each.matter.title for each in found} == SEEN[by]
    assert total == counted["all"] == len(SEEN[by])


def test_whoever_holds_no_post_sees_nothing(site: Installation) -> None:
    nobody = a_person(site, "没有岗位")
    with site.db.read() as session:
        assert list_cases(session, nobody, pack_of(site), now=NOW, chosen="all", words="", page=1) == ([], 0)
        assert list_inbox(session, nobody, now=NOW, soon=NOW) == []
        assert count_inbox(session, nobody, now=NOW, soon=NOW).inbox == 0


def test_for_everybody_a_list_shows_exactly_what_a_link_opens(site: Installation) -> None:
    people = everybody(site)
    assert len(people) > 25
    with site.db.read() as session:
        cases = session.execute(select(MatterRow.case_id, MatterRow.number)).all()
        for person in people:
            found, _ = list_cases(session, person, pack_of(site), now=NOW, chosen="all", words="", page=1)
            listed = {each.case.id for each in found}
            for case_id, number in cases:
                names = [case_id, number] if number else [case_id]
                opened = [opens(find_case_id, session, person, name) for name in names]
                assert set(opened) == {case_id in listed}, (person.name, person.postings, case_id)


def test_for_everybody_a_task_or_a_paper_opens_exactly_with_its_case(site: Installation) -> None:
    with site.db.read() as session:
        tasks = session.execute(select(TaskRow.id, TaskRow.case_id)).all()
        papers = session.execute(select(PaperRow.id, PaperRow.case_id)).all()
        assert len(tasks) > 20 and len(papers) > 5
        for person in everybody(site):
            seen = set(session.scalars(select(CaseRow.id).where(may_see(person))))
            for task_id, case_id in tasks:
                assert opens(partial(get_task_page, now=NOW), session, site, person, task_id) == (case_id in seen)
            for paper_id, case_id in papers:
                assert opens(get_paper, session, person, paper_id) == (case_id in seen)


def test_for_everybody_the_inbox_holds_only_what_may_be_opened_and_done(site: Installation) -> None:
    with site.db.read() as session:
        for person in everybody(site):
            seen = set(session.scalars(select(CaseRow.id).where(may_see(person))))
            items = list_inbox(session, person, now=NOW, soon=NOW)
            assert {item.case_id for item in items} <= seen
            assert all(opens(find_form, session, site, person, item.task_id) for item in items)
            assert count_inbox(session, person, now=NOW, soon=NOW).inbox == len(items)


def test_the_inbox_counts_what_it_shows_when_a_rule_bars_a_person(site: Installation) -> None:
    """The clerk who proposed also collects: the collecting is not theirs to do, so it is neither shown nor counted."""
    clerk = next(
        each for each in everybody(site) if any(p.post == "clerk" and p.unit == "360428200" for p in each.postings)
    )
    with site.db.write() as session:
        session.add(PostingRow(county="360428", person=clerk.id, post="collector", unit="360428200"))
        note_change(session, "360428")
    with site.db.read() as session:
        both = find_person(session, pack_of(site), clerk.id)
        assert both is not None
        items = list_inbox(session, both, now=NOW, soon=NOW)
        counted = count_inbox(session, both, now=NOW, soon=NOW + timedelta(hours=24))
    assert [item.title for item in items] == []
    assert counted.inbox == len(items)


def test_what_is_not_there_is_unknown_to_everybody(site: Installation) -> None:
    leader = me(site, "county_leader@county_leaders")
    with site.db.read() as session:
        with pytest.raises(NoSuchCase):
            find_case_id(session, leader, "DC2026-9999")
        with pytest.raises(NoSuchTask):
            get_task_page(session, site, leader, "0" * 32, now=NOW)
        with pytest.raises(NoSuchTask):
            find_form(session, site, leader, "0" * 32)
        with pytest.raises(NoSuchPaper):
            get_paper(session, leader, "0" * 32)


def everybody(site: Installation) -> list[Me]:
    """All people of several units, and one without a post."""
    with site.db.read() as session:
        ids = session.scalars(select(PostingRow.person).where(PostingRow.unit.in_(UNITS)).distinct()).all()
        without = session.scalars(select(PersonRow.id).where(PersonRow.name == "没有岗位")).all()
        people = [find_person(session, pack_of(site), each) for each in [*ids, *without]]
    return [person for person in people if person is not None]


def opens(ask: Callable[..., object], *about: object) -> bool:
    """Whether it opens; every other refusal than `NotYours` is a fault."""
    try:
        ask(*about)
    except NotYours:
        return False
    except Rejected as error:
        raise AssertionError(error.sentence) from error
    return True
