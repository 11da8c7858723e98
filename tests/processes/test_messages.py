"""Messages between cases and from outside: one receiver by name and key, kept when early, once for each id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.store.tables_jobs import IncidentRow
from engine.store.tables_messages import MessageRow, WaitRow
from processes.deliveries import AmbiguousReceiver
from processes.installation import Installation
from processes.messages import Message, Receipt, UnknownMessage, broadcast, send
from tests.kit.actors import at_once, listening
from tests.kit.diagrams import about, catch, exclusive, parallel
from tests.kit.diagrams import send as sends
from tests.kit.errands import COUNTY, NOW, an_errand_site, do, ended, later, open_steps, run_errand, user

WAITING = (
    "start -> ask -> answered -> read -> done",
    catch("answered", about("message", "reply"), key="subject", outputs={"text": "text"}),
    user("read"),
)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = an_errand_site(tmp_path, database_url, *WAITING)
    yield inst
    inst.db.close()


def reply(key: str, id: str = "m1") -> Message:
    return Message(id, "reply", key, {"text": "收到"})


def kept(inst: Installation) -> list[tuple[str, str | None]]:
    with inst.db.read() as session:
        return [(row.state, row.case_id) for row in session.scalars(select(MessageRow).order_by(MessageRow.id))]


def test_a_message_finds_the_one_case_that_waits_with_its_key(site: Installation) -> None:
    cases = {subject: run_errand(site, subject) for subject in ("东街", "西街", "北街")}
    assert send(site, COUNTY, reply("西街"), now=NOW) == Receipt("delivered", cases["西街"])
    assert {subject: open_steps(site, case) for subject, case in cases.items()} == {
        "东街": [],
        "西街": ["read"],
        "北街": [],
    }


def test_a_message_that_comes_early_is_kept_and_delivered_when_a_case_waits(site: Installation) -> None:
    assert send(site, COUNTY, reply("东街"), now=NOW) == Receipt("kept", None)
    case = run_errand(site, "东街", now=NOW + ONE_DAY)
    later(site, NOW + ONE_DAY)
    assert open_steps(site, case) == ["read"]
    assert kept(site) == [("delivered", case)]


def test_a_message_is_kept_only_for_its_time_and_then_somebody_learns_of_it(site: Installation) -> None:
    send(site, COUNTY, reply("东街"), now=NOW, keep_for=ONE_DAY)
    later(site, NOW + ONE_DAY)
    case = run_errand(site, "东街", now=NOW + ONE_DAY)
    later(site, NOW + 2 * ONE_DAY)
    assert (open_steps(site, case), kept(site)) == ([], [("expired", None)])
    with site.db.read() as session:
        assert "reply" in session.scalars(select(IncidentRow.place)).one()


def test_the_same_message_twice_is_one_message(site: Installation) -> None:
    case = run_errand(site, "东街")
    first = send(site, COUNTY, reply("东街"), now=NOW)
    again = run_errand(site, "东街")  # another case waits with the same key by now
    assert send(site, COUNTY, reply("东街"), now=NOW) == first == Receipt("delivered", case)
    assert open_steps(site, again) == []


def test_the_same_message_twice_at_once_is_one_message(site: Installation) -> None:
    run_errand(site, "东街")
    got = at_once(*[lambda: send(site, COUNTY, reply("东街"), now=NOW)] * 4)
    later(site, NOW + ONE_DAY)
    assert kept(site)[0][0] == "delivered"
    assert not [each for each in got if not isinstance(each, Receipt)]


def test_two_cases_that_wait_with_one_key_are_a_clear_error(site: Installation) -> None:
    run_errand(site, "东街")
    run_errand(site, "东街")
    with pytest.raises(AmbiguousReceiver, match="有 2 件事同时在等消息“reply”（东街）"):
        send(site, COUNTY, reply("东街"), now=NOW)
    assert kept(site) == []


def test_a_message_that_no_diagram_knows_is_refused(site: Installation) -> None:
    with pytest.raises(UnknownMessage, match="没有名为“reples”的消息"):
        send(site, COUNTY, Message("m1", "reples", "东街"), now=NOW)
    assert kept(site) == []


def test_a_case_that_moved_on_waits_no_more(site: Installation) -> None:
    case = run_errand(site, "东街")
    send(site, COUNTY, reply("东街"), now=NOW)
    do(site, case, "read")
    assert ended(site, case) == "done"
    assert send(site, COUNTY, reply("东街", "m2"), now=NOW) == Receipt("kept", None)
    with site.db.read() as session:
        assert list(session.scalars(select(WaitRow))) == []


def test_a_case_writes_to_another_case(tmp_path: Path, database_url: str) -> None:
    site = an_errand_site(
        tmp_path,
        database_url,
        'start -> ask -> which; which -> answered if how = "submit"; which -> tell; answered -> read -> done;'
        "tell -> told",
        *WAITING[1:],
        exclusive("which", "tell"),
        sends("tell", "reply", key="subject", text='"收到"'),
    )
    waiting = run_errand(site, "东街")
    writing = run_errand(site, "东街", outcome="other")
    later(site, NOW)
    assert open_steps(site, waiting) == ["read"]
    assert ended(site, writing) == "told"
    site.db.close()


KEYLESS = catch("answered", about("message", "reply"))


def test_who_asks_for_no_key_is_written_to_by_the_id_of_the_case(tmp_path: Path, database_url: str) -> None:
    site = an_errand_site(tmp_path, database_url, "start -> ask -> answered -> read -> done", KEYLESS, user("read"))
    case, other = run_errand(site), run_errand(site)
    assert send(site, COUNTY, reply(case), now=NOW) == Receipt("delivered", case)
    assert (open_steps(site, case), open_steps(site, other)) == (["read"], [])
    site.db.close()


def test_a_message_thrown_without_a_key_stays_in_its_case(tmp_path: Path, database_url: str) -> None:
    site = an_errand_site(
        tmp_path,
        database_url,
        "start -> ask -> split; split -> answered -> read -> done; split -> tell -> told",
        *parallel("split"),
        KEYLESS,
        sends("tell", "reply"),
        user("read"),
    )
    case = run_errand(site)
    later(site, NOW)
    assert open_steps(site, case) == ["read"]
    site.db.close()


def test_a_signal_reaches_every_case_that_waits(tmp_path: Path, database_url: str) -> None:
    catching = catch("all_clear", about("signal", "flood_over"))
    site = an_errand_site(tmp_path, database_url, "start -> ask -> all_clear -> read -> done", catching, user("read"))
    cases = [run_errand(site, subject) for subject in ("东街", "西街", "北街")]
    broadcast(site, COUNTY, "s1", "flood_over", {}, now=NOW)
    broadcast(site, COUNTY, "s1", "flood_over", {}, now=NOW)
    later(site, NOW)
    assert [open_steps(site, case) for case in cases] == [["read"]] * 3
    late = run_errand(site, "南街")
    later(site, NOW + ONE_DAY)
    assert open_steps(site, late) == []  # a signal is not kept
    site.db.close()


def test_finding_the_receiver_costs_the_same_however_many_wait(site: Installation) -> None:
    costs = []
    for round_ in range(2):
        for number in range(1 + 30 * round_):
            run_errand(site, f"{round_}街{number}")
        with listening(site) as heard:
            assert send(site, COUNTY, reply(f"{round_}街0", f"m{round_}"), now=NOW).state == "delivered"
        costs.append(len(heard))
    assert costs[0] == costs[1]
