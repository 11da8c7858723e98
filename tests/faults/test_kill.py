"""A power cut in the middle of the day: what was confirmed is there, what was not is whole or not there at all."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.client import HTTPException

from sqlalchemy import select, update

from engine.spiff.instance import Instance
from engine.store.database import Database
from engine.store.tables import CaseRow, JournalRow, TaskRow
from engine.store.tables_jobs import JobRow
from processes.installation import Installation
from processes.papers import PaperStore
from processes.tables import AnswerRow, MatterRow, NoticeRow, PaperRow
from tests.faults.servers import Browser, Server
from tests.kit.actors import answers_to, pack_of
from tests.kit.papers import a_picture
from tests.kit.sites import person_id

TOWNSHIPS = ("360428100", "360428101", "360428102", "360428103")
KILLS = 5
NEW = "/cases/new/%E5%90%B9%E5%93%A8"


@dataclass
class Confirmed:
    """What the server answered with success, by any of the people at work."""

    raised: set[str] = field(default_factory=set)
    collected: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


def test_five_power_cuts_in_the_middle_of_work_lose_nothing_that_was_confirmed(server: Server) -> None:
    confirmed = Confirmed()
    server.start()
    for number in range(KILLS):
        work_until_killed(server, confirmed, number)
        inst = opened(server)
        assert_whole(inst, confirmed)
        inst.db.close()
        server.start()
    goes_on(server)
    assert server.stop() == 0


def work_until_killed(server: Server, confirmed: Confirmed, number: int) -> None:
    """Clerks raise matters with photos and collectors collect them, until the server is gone."""
    inst = opened(server)
    people = {(post, unit): person_id(inst, f"{post}@{unit}") for post in ("clerk", "collector") for unit in TOWNSHIPS}
    inst.db.close()
    acts = {"clerk": raise_matters, "collector": collect_matters}
    threads = [
        threading.Thread(target=acts[post], args=(Browser(server.port).sign_in(person), confirmed))
        for (post, _), person in people.items()
    ]
    for thread in threads:
        thread.start()
    until_some_work_is_confirmed(confirmed)
    time.sleep(random.Random(number).uniform(0, 0.5))  # any moment will do
    server.kill()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def until_some_work_is_confirmed(confirmed: Confirmed, wanted: int = 3) -> None:
    """On a busy machine that takes a while."""
    raised, collected, until = len(confirmed.raised), len(confirmed.collected), time.monotonic() + 20
    while time.monotonic() < until:
        if len(confirmed.raised) >= raised + wanted and len(confirmed.collected) >= collected + wanted:
            return
        time.sleep(0.02)
    raise AssertionError("little work was done at all")


def raise_matters(browser: Browser, confirmed: Confirmed) -> None:
    data = {name: texts[0] for name, texts in answers_to("propose").texts.items()}
    try:
        while True:
            photo = a_picture() + random.randbytes(16)  # each photo is another
            status, place = browser.upload(NEW, data, "photos", "a.jpg", photo)
            assert status == 302, place
            with confirmed.lock:
                confirmed.raised.add(place.rpartition("/")[2])
    except (OSError, HTTPException):
        return  # the server is gone


def collect_matters(browser: Browser, confirmed: Confirmed) -> None:
    data = {name: list(texts) for name, texts in answers_to("collect").texts.items()} | {"outcome": "forward"}
    try:
        while True:
            page = browser.get("/")[1]
            tasks = [part.partition('"')[0] for part in page.split('href="/tasks/')[1:]]
            for task in dict.fromkeys(tasks):
                status, place = browser.post(f"/tasks/{task}", data)
                assert status == 302, place
                with confirmed.lock:
                    confirmed.collected.add(task)
            time.sleep(0.01)
    except (OSError, HTTPException):
        return


def opened(server: Server) -> Installation:
    """The server's data, without the server."""
    return Installation(Database(f"sqlite:///{server.data / 'whistle.sqlite'}"), PaperStore(server.data / "papers"))


def assert_whole(inst: Installation, confirmed: Confirmed) -> None:
    pack, now = pack_of(inst), datetime.now(UTC)
    with inst.db.read() as session:
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").all() == []
        cases = {case.id: case for case in session.scalars(select(CaseRow))}
        tasks = session.scalars(select(TaskRow)).all()
        answers = {answer.task_id for answer in session.scalars(select(AnswerRow))}
        matters = set(session.scalars(select(MatterRow.case_id)))
        lines = session.scalars(select(JournalRow)).all()
        jobs = Counter((task, kind) for task, kind in session.execute(select(JobRow.task_id, JobRow.kind)))
        papers = session.scalars(select(PaperRow)).all()
    assert confirmed.raised <= set(cases) and confirmed.collected <= answers
    assert matters == set(cases)
    assert {task.id for task in tasks if task.state == "completed"} == answers
    for case in cases.values():
        open_rows = {task.id for task in tasks if task.case_id == case.id and task.state == "open"}
        assert open_rows == set(Instance.restore(pack.program, case.state, pack.world(now)).open_tasks())
        revisions = {line.revision for line in lines if line.case_id == case.id}
        assert revisions == set(range(1, case.revision + 1))
    for task in tasks:
        waiting = task.state == "open"
        assert jobs[task.id, "late"] == waiting and jobs[task.id, "warn"] <= waiting
    assert_papers_whole(inst, papers)


def assert_papers_whole(inst: Installation, papers: object) -> None:
    kept = [path for path in inst.papers.root.rglob("*") if path.is_file() and path.parent.name != "incoming"]
    assert kept
    for path in kept:
        assert sha256(path.read_bytes()).hexdigest() == path.name, f"{path} is not what its name says"
    names = {path.name for path in kept}
    for paper in papers:  # type: ignore[attr-defined]
        assert {paper.sha256, paper.view_sha256, paper.thumb_sha256} <= names


def goes_on(server: Server) -> None:
    """The clock strikes and people work as before."""
    inst = opened(server)
    past = datetime.now(UTC) - timedelta(minutes=1)
    with inst.db.write() as session:
        job = session.scalars(select(JobRow).where(JobRow.kind == "late").limit(1)).one()
        session.execute(update(JobRow).where(JobRow.id == job.id).values(due_at=past))
    until = time.monotonic() + 10
    notices: list[str] = []
    while not notices and time.monotonic() < until:
        time.sleep(0.1)
        with inst.db.read() as session:
            notices = list(session.scalars(select(NoticeRow.kind).where(NoticeRow.case_id == job.case_id)))
    assert "late" in notices
    clerk = Browser(server.port).sign_in(person_id(inst, "clerk@360428104"))
    data = {name: list(texts) for name, texts in answers_to("propose").texts.items()}
    assert clerk.post(NEW, data)[0] == 302
    inst.db.close()
