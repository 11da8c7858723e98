"""The hourly sweep: what nobody needs any more goes, what somebody still needs stays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from engine.store.tables_jobs import JobRow
from engine.store.tables_messages import MessageRow
from processes import sweep as sweeping
from processes.agenda import strike
from processes.installation import Installation
from processes.recurring import begin_recurring
from processes.tables import DraftRow, VisitRow
from tests.kit.errands import CLERK, COUNTY, NOW, an_errand_site, do, run_errand, task_of, user
from tests.kit.sites import person_id

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """Where nothing but the sweep recurs."""
    inst = an_errand_site(tmp_path, database_url, "start -> ask -> read -> done", user("read"))
    with inst.db.write() as session:
        begin_recurring(session, COUNTY, NOW)
        session.execute(update(JobRow).where(JobRow.kind != "sweep").values(state="dead"))
    yield inst
    inst.db.close()


def a_draft(inst: Installation, key: str, *, saved_at: datetime = NOW) -> None:
    with inst.db.write() as session:
        person = person_id(inst, CLERK)
        session.execute(
            insert(DraftRow).values(
                county=COUNTY, person=person, key=key, fields=[["subject", "草"]], saved_at=saved_at
            )
        )


def drafts(inst: Installation) -> list[str]:
    with inst.db.read() as session:
        return sorted(session.scalars(select(DraftRow.key)))


def test_it_comes_every_hour_and_is_on_the_agenda_once(site: Installation) -> None:
    with site.db.write() as session:
        begin_recurring(session, COUNTY, NOW)
    assert [strike(site, NOW + HOUR * hours) for hours in (0.9, 1, 1.9, 2)] == [0, 1, 0, 1]
    assert strike(site, NOW + 9 * DAY) == 1, "hours that were missed are not made up for"
    with site.db.read() as session:
        due = session.scalars(select(JobRow.due_at).where(JobRow.kind == "sweep")).all()
    assert due == [NOW + 9 * DAY + HOUR]


def test_a_draft_goes_a_day_after_its_task_was_closed(site: Installation) -> None:
    case = run_errand(site)
    key = task_of(site, case, "read").id
    do(site, case, "read")
    a_draft(site, key)  # of a second tab that was still open
    a_draft(site, "start:跑腿")
    strike(site, NOW + DAY - HOUR)
    assert drafts(site) == sorted([key, "start:跑腿"])
    strike(site, NOW + DAY + HOUR)
    assert drafts(site) == ["start:跑腿"]


def test_a_draft_of_an_open_task_stays_for_ninety_days(site: Installation) -> None:
    key = task_of(site, run_errand(site), "read").id
    a_draft(site, key)
    strike(site, NOW + 90 * DAY - HOUR)
    assert drafts(site) == [key]
    strike(site, NOW + 90 * DAY + HOUR)
    assert drafts(site) == []


def test_a_visit_goes_when_it_has_ended(site: Installation) -> None:
    with site.db.write() as session:
        for token, ends_at in (("past", NOW), ("present", NOW + DAY)):
            visit = {"token": token, "county": COUNTY, "person": "p", "began_at": NOW, "seen_at": NOW, "browser": ""}
            session.execute(insert(VisitRow).values(**visit, ends_at=ends_at))
    strike(site, NOW + HOUR)
    with site.db.read() as session:
        assert session.scalars(select(VisitRow.token)).all() == ["present"]


def test_a_message_stays_while_its_sender_may_send_it_again(site: Installation) -> None:
    sent = {"county": COUNTY, "name": "reply", "key": "k", "payload": {}, "received_at": NOW}
    rows = [
        ("kept", NOW, None),  # nobody has taken it yet: another job sees to that
        ("settled", NOW, NOW),
        ("settled long since", NOW, NOW - 30 * DAY),
        ("settled, but counted on", NOW + 9 * DAY, NOW - 30 * DAY),
    ]
    with site.db.write() as session:
        for id, keep_until, settled_at in rows:
            state = "delivered" if settled_at else "kept"
            session.execute(
                insert(MessageRow).values(**sent, id=id, keep_until=keep_until, settled_at=settled_at, state=state)
            )
    strike(site, NOW + HOUR)
    with site.db.read() as session:
        left = sorted(session.scalars(select(MessageRow.id)))
    assert left == ["kept", "settled", "settled, but counted on"]


def test_what_broken_off_uploads_left_behind_goes(site: Installation) -> None:
    waiting = site.papers.root / "incoming"
    waiting.mkdir(parents=True)
    for name, written in (("broken off", NOW - HOUR), ("coming in", NOW + HOUR)):
        (waiting / name).write_bytes(b"half a photo")
        os.utime(waiting / name, (written.timestamp(), written.timestamp()))
    strike(site, NOW + HOUR)
    assert [path.name for path in waiting.iterdir()] == ["coming in"]


def test_a_great_deal_goes_in_parts(site: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MOST", 2)
    for number in range(5):
        a_draft(site, f"start:{number}", saved_at=NOW - 90 * DAY)
    left = []
    for hours in (1, 2, 3):
        strike(site, NOW + hours * HOUR)
        left.append(len(drafts(site)))
    assert left == [3, 1, 0]
