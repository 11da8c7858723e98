"""What must hold of an installation after any fault: nothing confirmed is lost, nothing is there twice, all can end."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from engine.leases import LEASE
from engine.spiff.instance import Instance
from engine.store.tables import CaseRow, OfferRow, TaskRow
from engine.store.tables_jobs import IncidentRow, JobRow
from processes.agenda import strike
from processes.chain import verify_journal
from processes.installation import Installation
from processes.recurring import RECURRING
from processes.tables import MatterRow, PaperRow
from processes.work import complete
from tests.faults.county import TEXTS
from tests.faults.crowd import Confirmed
from tests.kit.actors import answers_to, pack_of
from tests.kit.agenda import assert_lights_follow
from tests.kit.gateway import Gateway
from tests.kit.journals import what_is_told
from tests.kit.sites import me


def assert_all_ends_well(inst: Installation, confirmed: Confirmed, gateway: Gateway) -> None:
    """After the storm: everything is whole, every case can end, and each text went to a phone once."""
    inst.db.close()  # connections may have been cut
    assert_whole(inst, confirmed)
    gateway.unreliable = 0
    bring_all_to_an_end(inst)
    assert_whole(inst, confirmed)
    sent = texts_sent(inst)
    assert set(sent.values()) == {1} and gateway.sent == set(sent)
    assert len(sent) == TEXTS * len(all_cases(inst))


def assert_whole(inst: Installation, confirmed: Confirmed) -> None:
    """What was confirmed is there; rows = engine; journals have no gap; each case's agenda follows its tasks."""
    with inst.db.read() as session:
        cases = {case.id: case for case in session.scalars(select(CaseRow))}
        tasks = session.scalars(select(TaskRow)).all()
        answers = set(session.scalars(select(TaskRow.id).where(TaskRow.answers.is_not(None))))
        matters = set(session.scalars(select(MatterRow.case_id)))
        assert_lights_follow(session)
    assert confirmed.raised <= set(cases) and confirmed.done <= answers
    assert matters == set(cases)
    assert {task.id for task in tasks if task.state == "completed"} == answers
    assert_rows_say_what_the_engine_says(inst, list(cases.values()), list(tasks))
    assert list(verify_journal(inst, pack_of(inst).code)) == [], "the journals have no gap"
    assert_papers_whole(inst)


def assert_rows_say_what_the_engine_says(inst: Installation, cases: list[CaseRow], tasks: list[TaskRow]) -> None:
    pack, now = pack_of(inst), datetime.now(UTC)
    open_rows: dict[str, set[str]] = {case.id: set() for case in cases}
    for task in tasks:
        if task.state == "open":
            open_rows[task.case_id].add(task.id)
    for case in cases:
        assert open_rows[case.id] == set(Instance.restore(pack.program, case.state, pack.world(now)).open_tasks())


def assert_papers_whole(inst: Installation) -> None:
    """Each file is what its name says, and each row has its files."""
    with inst.db.read() as session:
        papers = session.scalars(select(PaperRow)).all()
    kept = [path for path in inst.papers.root.rglob("*") if path.is_file() and path.parent.name != "incoming"]
    for path in kept:
        assert sha256(path.read_bytes()).hexdigest() == path.name, f"{path} is not what its name says"
    named = {name for paper in papers for name in (paper.sha256, paper.view_sha256, paper.thumb_sha256) if name}
    assert named <= {path.name for path in kept}


def bring_all_to_an_end(inst: Installation) -> None:
    """Whatever jobs the dead left are done, and people do every open task, until every case has ended."""
    now = datetime.now(UTC) + LEASE  # leases of the dead are over
    for _ in range(5):
        now += timedelta(seconds=5)
        strike(inst, now)
        for task, post, unit in _open_tasks(inst):
            complete(inst, me(inst, f"{post}@{unit}"), task.id, answers_to(task.step), now=now, outcome="forward")
    strike(inst, now)
    with inst.db.read() as session:
        assert session.scalars(select(CaseRow.id).where(CaseRow.ended_at.is_(None))).all() == []
        told = select(IncidentRow.kind, IncidentRow.place, IncidentRow.error)
        assert [tuple(row) for row in session.execute(told)] == []
        assert set(session.scalars(select(JobRow.kind))) <= set(RECURRING)


def _open_tasks(inst: Installation) -> list[tuple[TaskRow, str, str]]:
    query = (
        select(TaskRow, OfferRow.post, OfferRow.unit)
        .join(OfferRow, OfferRow.task_id == TaskRow.id)
        .where(TaskRow.state == "open")
    )
    with inst.db.read() as session:
        return [(task, post, unit) for task, post, unit in session.execute(query)]


def all_cases(inst: Installation) -> list[str]:
    """Their ids."""
    with inst.db.read() as session:
        return list(session.scalars(select(CaseRow.id)))


def texts_sent(inst: Installation) -> Counter[str]:
    """How often the journal says of each text, by key, that it has left the house."""
    return Counter(str(facts["key"]) for facts in what_is_told(inst.db, "EffectSent"))
