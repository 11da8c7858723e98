"""A message or a signal begins a case of the process whose start event waits for it: once, of the current folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.store.tables import CaseRow, JournalRow
from engine.store.tables_jobs import IncidentRow
from processes.installation import Installation
from processes.messages import Message, Receipt, broadcast, send
from processes.queries.cases import get_case, list_cases
from processes.sealing import seal_unchecked
from processes.tables import MatterRow
from tests.kit.actors import at_once
from tests.kit.diagrams import a_diagram, a_folder, about, begun, catch, exclusive, service, throw
from tests.kit.errands import (
    CLERK,
    COUNTY,
    NOW,
    an_errand_site,
    begins_by_itself,
    cases_of,
    do,
    ended,
    later,
    open_steps,
    run_errand,
    task_of,
    user,
)
from tests.kit.journals import journal_lines
from tests.kit.sites import me, the_folder

UNIT = "360428109"
ERRAND = ("start -> ask -> read -> done", user("read"))


COMPLAINT = a_diagram(
    "begun -> look -> listened -> done",
    begun("begun", about("message", "complaint"), outputs={"place": "place"}),
    user("look"),
    catch("listened", about("message", "complaint"), key="place"),
    id="complaint",
)
FLOOD = a_diagram("begun -> guard -> done", begun("begun", about("signal", "flood")), user("guard"), id="flood")
SANDBAGS = a_diagram("begun -> carry -> done", begun("begun", about("signal", "flood")), user("carry"), id="sandbags")


STARTS = (
    begins_by_itself("complaint", "message", "complaint", "投诉")
    + begins_by_itself("flood", "signal", "flood", "防汛")
    + begins_by_itself("sandbags", "signal", "flood", "沙袋")
)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    more = a_folder(COMPLAINT, FLOOD, SANDBAGS)
    inst = an_errand_site(tmp_path, database_url, *ERRAND, more=more, starts=STARTS)
    yield inst
    inst.db.close()


def complaint(id: str = "m1", key: str = "", **payload: object) -> Message:
    return Message(id, "complaint", key, {"place": "东街", "subject": "路灯不亮", "secret": 1, **payload})


def matter(inst: Installation, case_id: str) -> MatterRow:
    with inst.db.read() as session:
        return session.get_one(MatterRow, (COUNTY, case_id))


def test_a_message_begins_a_case_and_only_what_is_named_enters_it(site: Installation) -> None:
    got = send(site, COUNTY, complaint(), now=NOW)
    assert got == Receipt("delivered", cases_of(site, "complaint")[0])
    assert task_of(site, got.case_id or "", "look").process_values == {
        "township": UNIT,
        "number": None,
        "former": None,
        "place": "东街",
    }


def test_the_case_has_a_matter_that_nobody_raised(site: Installation) -> None:
    case = send(site, COUNTY, complaint(), now=NOW).case_id or ""
    raised = matter(site, case)
    assert (raised.start, raised.title, raised.unit, raised.started_by) == ("投诉", "路灯不亮", UNIT, None)
    lines = journal_lines(site.db, JournalRow.case_id == case)
    assert [line.fact for line in lines] == ["CaseStarted", "TaskOpened"]
    with site.db.read() as session:
        digest = session.get_one(CaseRow, (COUNTY, case)).digest
    assert (lines[0].facts, lines[0].by) == ({"digest": digest, "message": "complaint", "id": "m1"}, None)


def test_the_people_of_its_unit_see_it(site: Installation) -> None:
    case = send(site, COUNTY, complaint(), now=NOW).case_id or ""
    clerk = me(site, CLERK)
    with site.db.read() as session:
        pack = site.current_pack(session, COUNTY)
        found, _ = list_cases(session, clerk, pack, now=NOW, chosen="open", words="", page=1)
        assert [each.case.id for each in found] == [case]
        assert get_case(session, clerk, case).matter.title == "路灯不亮"


@pytest.mark.parametrize("subject", [None, 7, "", "  ", ["路灯"]])
def test_what_is_not_called_anything_is_called_what_its_kind_is(site: Installation, subject: object) -> None:
    case = send(site, COUNTY, complaint(subject=subject), now=NOW).case_id or ""
    assert matter(site, case).title == "投诉"


def test_the_same_message_never_begins_two_cases(site: Installation) -> None:
    first = send(site, COUNTY, complaint(), now=NOW)
    assert send(site, COUNTY, complaint(), now=NOW + timedelta(days=2)) == first
    later(site, NOW + timedelta(days=3))
    assert cases_of(site, "complaint") == [first.case_id]
    assert send(site, COUNTY, complaint("m2"), now=NOW).case_id != first.case_id


def test_the_same_message_at_the_same_moment_begins_one_case(site: Installation) -> None:
    got = at_once(*[lambda: send(site, COUNTY, complaint(), now=NOW)] * 4)
    later(site, NOW + timedelta(hours=1))
    assert len(cases_of(site, "complaint")) == 1
    assert not [each for each in got if not isinstance(each, Receipt)]


def test_a_case_that_waits_for_the_message_receives_it_and_none_begins(site: Installation) -> None:
    first = send(site, COUNTY, complaint(), now=NOW).case_id or ""
    do(site, first, "look")
    assert send(site, COUNTY, complaint("m2", key="东街"), now=NOW) == Receipt("delivered", first)
    assert (ended(site, first), cases_of(site, "complaint")) == ("done", [first])
    assert send(site, COUNTY, complaint("m3", key="东街"), now=NOW).case_id != first, "now nobody waits"


def test_a_message_without_what_the_start_event_names_begins_nothing_and_somebody_learns_of_it(
    site: Installation,
) -> None:
    assert send(site, COUNTY, Message("m1", "complaint", "", {"subject": "路灯"}), now=NOW) == Receipt("kept", None)
    for hours in range(1, 12):
        later(site, NOW + timedelta(hours=hours))
    assert cases_of(site, "complaint") == []
    with site.db.read() as session:
        assert "place" in session.scalars(select(IncidentRow.error)).one()


def test_many_that_begin_nothing_do_not_hold_up_what_comes_after_them(site: Installation) -> None:
    for number in range(60):
        send(site, COUNTY, Message(f"m{number}", "complaint", "", {}), now=NOW)
    a_minute_later = NOW + timedelta(minutes=1)
    broadcast(site, COUNTY, "s1", "flood", {}, now=a_minute_later)
    later(site, a_minute_later)
    assert len(cases_of(site, "flood")) == 1


def test_a_new_case_is_of_the_folder_that_is_current_when_it_begins(site: Installation) -> None:
    old = send(site, COUNTY, complaint(), now=NOW).case_id
    with site.db.read() as session:
        files = dict(site.current_pack(session, COUNTY).files)
    files["complaint.bpmn"] = COMPLAINT.replace("look", "visit").encode()
    digest = seal_unchecked(site.db, files, now=NOW)
    new = send(site, COUNTY, complaint("m2"), now=NOW).case_id
    assert [open_steps(site, case or "") for case in (old, new)] == [["look"], ["visit"]]
    with site.db.read() as session:
        assert session.get_one(CaseRow, (COUNTY, new)).digest == digest


def test_a_message_that_came_before_its_process_was_published_begins_it_later(
    tmp_path: Path, database_url: str
) -> None:
    waits = catch("heard", about("message", "complaint"), key="subject")
    site = an_errand_site(tmp_path, database_url, "start -> ask -> heard -> done", waits)
    assert send(site, COUNTY, complaint(), now=NOW) == Receipt("kept", None)
    files = {**the_folder(), **a_folder(COMPLAINT)}
    files["county.toml"] += begins_by_itself("complaint", "message", "complaint", "投诉").encode()
    with site.db.read() as session:
        files["forms/errand.form"] = site.current_pack(session, COUNTY).files["forms/errand.form"]
    seal_unchecked(site.db, files, now=NOW)
    later(site, NOW + timedelta(hours=1))
    assert len(cases_of(site, "complaint")) == 1
    site.db.close()


def test_a_signal_begins_a_case_for_every_start_event_of_its_name(site: Installation) -> None:
    broadcast(site, COUNTY, "s1", "flood", {"subject": "水位超警"}, now=NOW)
    later(site, NOW)
    (flood,), (bags,) = cases_of(site, "flood"), cases_of(site, "sandbags")
    assert (open_steps(site, flood), open_steps(site, bags)) == (["guard"], ["carry"])
    assert {matter(site, flood).title, matter(site, bags).title} == {"水位超警"}


def test_the_same_signal_begins_them_once_however_late_it_comes_again(site: Installation) -> None:
    for days in range(3):
        broadcast(site, COUNTY, "s1", "flood", {}, now=NOW + timedelta(days=days))
        later(site, NOW + timedelta(days=days))
    assert len(cases_of(site, "flood")) == 1
    broadcast(site, COUNTY, "s2", "flood", {}, now=NOW + timedelta(days=3))
    later(site, NOW + timedelta(days=3))
    assert len(cases_of(site, "flood")) == 2


def test_a_case_that_throws_a_signal_begins_others(tmp_path: Path, database_url: str) -> None:
    throws = throw("warn", about("signal", "flood"), subject="subject")
    more = a_folder(FLOOD, SANDBAGS)
    entries = STARTS.partition('[[starts]]\nprocess = "flood"')
    site = an_errand_site(
        tmp_path, database_url, "start -> ask -> warn -> done", throws, more=more, starts="".join(entries[1:])
    )
    case = run_errand(site, "东河涨水")
    later(site, NOW)
    assert ended(site, case) == "done"
    assert [len(cases_of(site, each)) for each in ("errand", "flood", "sandbags")] == [1, 1, 1]
    assert matter(site, cases_of(site, "flood")[0]).title == "东河涨水"
    site.db.close()


def test_what_begins_by_itself_has_its_verbs_done_by_the_clock(tmp_path: Path, database_url: str) -> None:
    process = a_diagram(
        "begun -> number_it -> look -> done",
        begun("begun", about("message", "complaint")),
        service("number_it", "assign_number"),
        user("look"),
        id="complaint",
    )
    site = an_errand_site(
        tmp_path,
        database_url,
        *ERRAND,
        more=a_folder(process),
        starts=begins_by_itself("complaint", "message", "complaint", "投诉"),
    )
    case = send(site, COUNTY, complaint(), now=NOW).case_id or ""
    later(site, NOW)
    assert (matter(site, case).number, open_steps(site, case)) == ("T2026-0001", ["look"])
    site.db.close()


def test_the_case_that_throws_a_signal_gets_it_once(tmp_path: Path, database_url: str) -> None:
    """It rings, and then waits for the next ring: its own must not come back to it."""
    site = an_errand_site(
        tmp_path,
        database_url,
        "start -> ask -> which; which -> ring -> heard -> read -> over;"
        'which -> hear -> listen -> done if how = "other"',
        exclusive("which", "ring"),
        throw("ring", about("signal", "bell")),
        *(catch(name, about("signal", "bell")) for name in ("heard", "hear")),
        *map(user, ("listen", "read")),
    )
    other, ringing = run_errand(site, "听", outcome="other"), run_errand(site, "敲")
    later(site, NOW)
    assert (open_steps(site, ringing), open_steps(site, other)) == ([], ["listen"])
    again = run_errand(site, "再敲")
    later(site, NOW)
    assert (open_steps(site, ringing), open_steps(site, again)) == (["read"], [])
    site.db.close()
