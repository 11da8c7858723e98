"""A matter is merged into a running one with its township's consent (DC-3): what that writes, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import Rejected
from engine.run import NotOpen
from engine.store.tables import CaseRow
from engine.store.tables_jobs import IncidentRow
from processes.agenda import strike
from processes.assessment.gather import Span, gather_facts
from processes.forms import Invalid, as_formdata
from processes.installation import Installation
from processes.queries.merged import merged_with
from processes.tables import NoticeRow
from processes.tables_merging import MergedRow
from processes.work import complete
from tests.kit.actors import Actors, a_case, all_rows, at_once, open_task, pack_of
from tests.kit.sites import a_site, me, the_pack
from tests.processes.assessment.rows import the_rules

TRIAGER, FIRST, SECOND, THIRD = "triager@whistle_office", "360428109", "360428108", "360428100"
WITH_CONSENT, TOO_LATE = (the_pack().stories[name] for name in ("merged_with_consent", "merge_too_late"))
DISPATCHED, TRIAGED, BOTH_ASKED, ONE_MERGED, BOTH_MERGED = 5, 9, 17, 18, 20
"""How many steps of the story have been taken by then."""
NOW = datetime.fromisoformat("2026-09-07T15:50:00+08:00")


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = a_site(tmp_path, database_url)
    yield inst
    inst.db.close()


def played(inst: Installation, until: int | None = None) -> dict[str, str]:
    """The ids of the story's cases after so many of its steps."""
    actors = Actors(inst)
    actors.play(WITH_CONSENT, until=until)
    return actors.cases


def told(inst: Installation, kind: str) -> list[tuple[str, str]]:
    """Which units got this notice, and what it said."""
    with inst.db.read() as session:
        found = session.execute(select(NoticeRow.unit, NoticeRow.text).where(NoticeRow.kind == kind))
        return sorted((unit, text) for unit, text in found)


def merged(inst: Installation) -> set[tuple[str, str]]:
    with inst.db.read() as session:
        return {(each.case_id, each.into_id) for each in session.scalars(select(MergedRow))}


def ends(inst: Installation) -> dict[str, str | None]:
    with inst.db.read() as session:
        return {case_id: ended for case_id, ended in session.execute(select(CaseRow.id, CaseRow.ended_by))}


def incidents(inst: Installation) -> list[str]:
    with inst.db.read() as session:
        return list(session.scalars(select(IncidentRow.error)))


def agree(inst: Installation, case_id: str, township: str, now: datetime = NOW) -> None:
    task = open_task(inst, "agree_to_merge", f"vetter@{township}", case_id)
    form = the_pack().forms["agree_to_merge"]
    complete(inst, me(inst, f"vetter@{township}"), task.id, as_formdata(form, {}), now=now, outcome="agree")


def choose(inst: Installation, case_id: str, into: str) -> None:
    """The whistle office would merge a case."""
    task = open_task(inst, "triage", TRIAGER, case_id)
    answers = {"into": into, "merge_why": "同一条路、同一路段，一并检修。"}
    posted = as_formdata(the_pack().forms["triage"], answers)
    complete(inst, me(inst, TRIAGER), task.id, posted, now=NOW, outcome="merge")


def test_both_end_in_the_one_that_takes_them_in_and_hear_what_came_of_it(site: Installation) -> None:
    cases = played(site)
    assert ends(site) == {cases["甲"]: "closed", cases["乙"]: "merged", cases["丙"]: "merged"}
    assert merged(site) == {(cases["乙"], cases["甲"]), (cases["丙"], cases["甲"])}
    goes = "已并入 DC2026-0001“环城路东段路灯不亮”办理，本次吹哨就此结束，办完以后告知结果。编号"
    assert [text for _, text in told(site, "merged")] == [
        f"都昌镇的“环城路东段电缆裸露、路灯不亮”{goes} DC2026-0003。",
        f"大港镇的“环城路往大港方向路灯全黑”{goes} DC2026-0002。",
    ]
    assert [unit for unit, _ in told(site, "taken_in")] == [FIRST, FIRST, "urban_management", "urban_management"]
    assert "DC2026-0002“环城路往大港方向路灯全黑”并入这一件" in told(site, "taken_in")[0][1]
    assert [unit for unit, _ in told(site, "merged_solved")] == [THIRD, SECOND]
    assert incidents(site) == []


def test_a_merged_matter_is_not_counted_as_solved(site: Installation) -> None:
    cases = played(site)
    span = Span(NOW.date() - timedelta(days=60), NOW.date() + timedelta(days=60))
    with site.db.read() as session:
        facts = gather_facts(session, pack_of(site), the_rules(), span)
    assert {each.case_id for each in facts.steps} == {each.case_id for each in facts.ratings} == {cases["甲"]}


def test_two_that_agree_at_the_same_moment_are_both_taken_in(site: Installation) -> None:
    cases = played(site, BOTH_ASKED)
    at_once(lambda: agree(site, cases["乙"], SECOND), lambda: agree(site, cases["丙"], THIRD))
    for _ in range(3):
        strike(site, NOW)
    assert len(merged(site)) == 2 and len(told(site, "taken_in")) == 4
    rest = WITH_CONSENT.steps[BOTH_MERGED:]
    actors = Actors(site)
    actors.cases, actors.start = cases, WITH_CONSENT.start
    for each in rest:
        actors.now = each.at
        strike(site, each.at)
        actors.act(each)
    strike(site, rest[-1].at)
    assert [unit for unit, _ in told(site, "merged_solved")] == [THIRD, SECOND]


def test_what_took_another_in_cannot_be_withdrawn_from_the_moment_of_consent(site: Installation) -> None:
    cases = played(site, BOTH_ASKED)
    agree(site, cases["乙"], SECOND)  # the message is still on its way
    task = open_task(site, "withdraw", f"clerk@{FIRST}", cases["甲"])
    posted = as_formdata(the_pack().forms["withdraw"], {"reason": "路灯自己亮了，先撤回。"})
    with pytest.raises(Invalid) as refused:
        complete(site, me(site, f"clerk@{FIRST}"), task.id, posted, now=NOW)
    assert "已有别的事项并入这一件，不能撤回" in refused.value.errors[0].message


def test_it_goes_back_to_triage_when_the_other_has_gone_on(site: Installation) -> None:
    actors = Actors(site)
    actors.play(TOO_LATE)
    assert merged(site) == set() and incidents(site) == []
    assert [unit for unit, _ in told(site, "merge_gone")] == [SECOND, "whistle_office"]
    assert open_task(site, "accept", "section_head@urban_management", actors.cases["乙"])


WRONG = ("itself", "one that waits for consent", "one at triage", "closed", "a meeting", "nobody", "no id", "nothing")


@pytest.mark.parametrize("what", WRONG)
def test_a_matter_cannot_be_merged_into(site: Installation, what: str) -> None:
    cases = played(site, BOTH_ASKED - 1)  # 乙 has been asked, 丙 is at triage
    into: Any = {
        "itself": cases["丙"],
        "one that waits for consent": cases["乙"],
        "nobody": "0" * 32,
        "no id": "甲",
        "nothing": None,
    }.get(what)
    if what == "one at triage":
        into = a_case(site, 4)
    if what == "closed":
        into = a_case(site, 99)
    if what == "a meeting":
        actors = Actors(site)
        actors.play(the_pack().stories["conference_resolves"])
        into = actors.cases["会议"]
    before = all_rows(site)
    with pytest.raises(Invalid) as refused:
        choose(site, cases["丙"], into)
    assert [error.label for error in refused.value.errors] == ["并入哪一件"]
    assert all_rows(site) == before


def test_a_circle_cannot_come_about(site: Installation) -> None:
    """While 乙 is asked whether it goes into 甲, 甲 is dispatched, and never chooses again."""
    cases = played(site, TRIAGED + 2)
    with pytest.raises(NotOpen):
        choose(site, cases["甲"], cases["乙"])


def test_who_has_been_merged_is_not_merged_again(site: Installation) -> None:
    cases = played(site, ONE_MERGED)
    before = all_rows(site)
    with pytest.raises(Rejected):
        agree(site, cases["乙"], SECOND)
    with pytest.raises(Rejected):
        choose(site, cases["乙"], cases["甲"])
    assert all_rows(site) == before


def test_each_side_knows_the_other_as_far_as_it_may_be_seen(site: Installation) -> None:
    cases = played(site, BOTH_MERGED)
    with site.db.read() as session:
        office = merged_with(session, me(site, TRIAGER), cases["甲"])
        own = merged_with(session, me(site, f"clerk@{SECOND}"), cases["乙"])
        none = merged_with(session, me(site, TRIAGER), a_case(site, 1))
    assert [(each.case_id, each.took_in, each.is_seen) for each in office] == [
        (cases["乙"], False, True),
        (cases["丙"], False, True),
    ]
    assert [(each.case_id, each.took_in, each.is_seen) for each in own] == [(cases["甲"], True, False)]
    assert none == []
