"""A verb that fails never costs a person their step: it is tried again by its rule, then it is an incident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.incidents import CannotSkip, NoSuchIncident, ReasonMissing
from engine.store.tables_jobs import IncidentRow, JobRow
from processes.incidents import retry, skip
from processes.installation import Installation
from processes.people import NotYours
from processes.tables import NoticeRow
from tests.kit.diagrams import about, boundary, service
from tests.kit.errands import CLERK, COUNTY, NOW, an_errand_site, do, ended, later, open_steps, run_errand, user
from tests.kit.journals import what_is_told
from tests.kit.sites import me

FIVE = timedelta(minutes=5)
FLOW = "start -> ask -> tell -> read -> done"


def telling(units: str = '["water"]', **more: object) -> tuple[object, ...]:
    return (service("tell", "notify_units", units=units, text='"dispatched"', **more), user("read"))  # type: ignore[arg-type]  # passed on


@pytest.fixture
def broken(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """Its service task is given a text that words.toml does not have."""
    nodes = service("tell", "notify_units", units='["water"]', text='"no such text"', retry="R3/PT5M"), user("read")
    inst = an_errand_site(tmp_path, database_url, FLOW, *nodes)
    yield inst
    inst.db.close()


def jobs(inst: Installation) -> list[tuple[str, int, str, timedelta]]:
    with inst.db.read() as session:
        rows = session.scalars(select(JobRow).where(JobRow.kind == "verb"))
        return [(row.kind, row.attempts, row.state, row.due_at - NOW) for row in rows]


def incidents(inst: Installation) -> list[IncidentRow]:
    with inst.db.read() as session:
        return list(session.scalars(select(IncidentRow).order_by(IncidentRow.opened_at)))


def facts(inst: Installation, name: str) -> list[Mapping[str, object]]:
    return what_is_told(inst.db, name)


def test_the_step_of_the_person_is_kept_and_the_verb_is_tried_again_by_its_rule(broken: Installation) -> None:
    case = run_errand(broken)
    assert open_steps(broken, case) == []  # the token stands at the service task
    assert jobs(broken) == [("verb", 1, "ready", FIVE)]
    later(broken, NOW + FIVE)
    assert jobs(broken) == [("verb", 2, "ready", 2 * FIVE)]


def test_after_the_last_attempt_it_is_an_incident(broken: Installation) -> None:
    case = run_errand(broken)
    for attempt in (1, 2, 3):
        later(broken, NOW + attempt * FIVE)
    assert [(kind, attempts, state) for kind, attempts, state, _ in jobs(broken)] == [("verb", 4, "dead")]
    (incident,) = incidents(broken)
    assert (incident.case_id, incident.place, incident.kind) == (case, "tell", "verb")
    assert "words.toml" in incident.error
    later(broken, NOW + timedelta(days=9))
    assert len(incidents(broken)) == 1


def dead(inst: Installation) -> IncidentRow:
    run_errand(inst)
    for attempt in (1, 2, 3):
        later(inst, NOW + attempt * FIVE)
    return incidents(inst)[0]


def test_an_incident_is_skipped_with_a_reason_and_the_case_goes_on(broken: Installation) -> None:
    incident = dead(broken)
    with pytest.raises(ReasonMissing):
        skip(broken, COUNTY, incident.id, reason=" ", me=None, now=NOW)
    skip(broken, COUNTY, incident.id, reason="已电话通知", me=None, now=NOW)
    assert open_steps(broken, incident.case_id or "") == ["read"]
    assert [told["reason"] for told in facts(broken, "VerbSkipped")] == ["已电话通知"]
    assert jobs(broken) == []
    with pytest.raises(NoSuchIncident):
        skip(broken, COUNTY, incident.id, reason="再来一次", me=None, now=NOW)


def test_an_incident_is_retried_and_fails_again(broken: Installation) -> None:
    incident = dead(broken)
    retry(broken, COUNTY, incident.id, me=None, now=NOW + timedelta(days=1))
    later(broken, NOW + timedelta(days=1))
    assert [attempts for _, attempts, _, _ in jobs(broken)] == [1]
    assert [(each.how, each.closed_by) for each in incidents(broken)] == [("retried", None)]
    assert len(facts(broken, "IncidentRetried")) == 1


def test_only_those_who_look_after_incidents_may_touch_them(broken: Installation) -> None:
    incident = dead(broken)
    with pytest.raises(NotYours):
        retry(broken, COUNTY, incident.id, me=me(broken, CLERK), now=NOW)
    with pytest.raises(NotYours):
        skip(broken, COUNTY, incident.id, reason="没有必要", me=me(broken, CLERK), now=NOW)
    assert incidents(broken)[0].closed_at is None


def test_a_verb_that_works_is_done_with_the_step(tmp_path: Path, database_url: str) -> None:
    site = an_errand_site(tmp_path, database_url, FLOW, *telling())  # type: ignore[arg-type]  # nodes
    case = run_errand(site)
    assert (open_steps(site, case), jobs(site)) == (["read"], [])
    with site.db.read() as session:
        assert list(session.scalars(select(NoticeRow.unit))) == ["water"]
    site.db.close()


def test_a_business_error_takes_the_error_boundary(tmp_path: Path, database_url: str) -> None:
    site = an_errand_site(
        tmp_path,
        database_url,
        FLOW + "; nobody -> mend -> mended",
        *telling('["no such unit"]'),  # type: ignore[arg-type]  # nodes
        boundary("nobody", "tell", about("error", "unknown_unit")),
        user("mend"),
    )
    case = run_errand(site)
    assert (open_steps(site, case), jobs(site)) == (["mend"], [])
    do(site, case, "mend")
    assert ended(site, case) == "mended"
    site.db.close()


def test_a_business_error_that_no_boundary_catches_is_tried_again_and_then_an_incident(
    tmp_path: Path, database_url: str
) -> None:
    site = an_errand_site(tmp_path, database_url, FLOW, *telling('["no such unit"]', retry="R1/PT5M"))  # type: ignore[arg-type]  # nodes
    case = run_errand(site)
    later(site, NOW + FIVE)
    assert open_steps(site, case) == []
    (incident,) = incidents(site)
    assert "unknown_unit" in incident.error
    site.db.close()


def test_a_case_that_moved_on_without_the_verb_needs_it_no_more(tmp_path: Path, database_url: str) -> None:
    from tests.kit.diagrams import after  # noqa: PLC0415

    site = an_errand_site(
        tmp_path,
        database_url,
        FLOW + "; late -> mend -> mended",
        *telling('["no such unit"]', retry="R1/PT5M"),  # type: ignore[arg-type]  # nodes
        boundary("late", "tell", after("P1D")),
        user("mend"),
    )
    case = run_errand(site)
    later(site, NOW + FIVE)
    later(site, NOW + timedelta(days=1))
    assert (open_steps(site, case), jobs(site)) == (["mend"], [])
    site.db.close()


# -- what leaves the house


@dataclass
class Gateway:
    """An SMS gateway that fails now and then, and counts what it got by key."""

    fails: int = 0
    got: dict[str, int] = field(default_factory=dict)

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("no answer")
        self.got[key] = self.got.get(key, 0) + 1


def texting(tmp_path: Path, url: str, gateway: Gateway) -> Installation:
    tell = service("tell", "send_text", units='["water", "housing"]', text='"dispatched"')
    return an_errand_site(tmp_path, url, FLOW, tell, user("read"), sms=gateway)


def test_a_text_leaves_after_the_commit_once_for_each_unit(tmp_path: Path, database_url: str) -> None:
    gateway = Gateway()
    site = texting(tmp_path, database_url, gateway)
    case = run_errand(site)
    assert (gateway.got, open_steps(site, case)) == ({}, ["read"])
    later(site, NOW)
    assert list(gateway.got.values()) == [1, 1]
    assert len(facts(site, "EffectSent")) == 2
    site.db.close()


def test_a_gateway_that_does_not_answer_is_asked_again_under_the_same_key(tmp_path: Path, database_url: str) -> None:
    gateway = Gateway(fails=3)
    site = texting(tmp_path, database_url, gateway)
    run_errand(site)
    for hours in range(4):
        later(site, NOW + timedelta(hours=hours))
    assert list(gateway.got.values()) == [1, 1]
    site.db.close()


def test_a_timer_that_fails_cannot_be_skipped(broken: Installation) -> None:
    with broken.db.write() as session:
        row = {"county": COUNTY, "id": "i", "kind": "tick", "place": "定时", "error": "boom", "opened_at": NOW}
        session.add(IncidentRow(**row))
    with pytest.raises(CannotSkip):
        skip(broken, COUNTY, "i", reason="不要了", me=None, now=NOW)
