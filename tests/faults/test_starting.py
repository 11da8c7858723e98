"""Several processes start at once on an empty database: one brings it up to date, all serve, as one installation."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import select

from engine.store.tables_jobs import JobRow
from processes.recurring import RECURRING
from tests.faults.county import opened
from tests.faults.crowd import NEW
from tests.faults.servers import Browser, Server
from tests.kit.actors import answers_to
from tests.kit.sites import person_id


def test_four_that_start_at_once_are_one_installation(tmp_path: Path, database_url: str) -> None:
    data = tmp_path / "data"
    servers = [Server(data, {"WHISTLE_DATABASE": database_url}, f"server{number}") for number in range(4)]
    with ExitStack() as whole:
        for server in servers:
            whole.enter_context(server).launch()
        for server in servers:
            server.wait()
        inst = whole.enter_context(opened(data, database_url))
        clerk = Browser(servers[0].port).sign_in(person_id(inst, "clerk@360428109"))
        for server in servers:
            clerk.at = f"http://127.0.0.1:{server.port}"
            status, place = clerk.post(NEW, {name: list(texts) for name, texts in answers_to("propose").texts.items()})
            assert status == 302, f"the form's token holds at every server: {place}"
        with inst.db.read() as session:
            recurring = session.scalars(select(JobRow.kind).where(JobRow.case_id.is_(None))).all()
        assert sorted(recurring) == sorted(RECURRING)
        for server in servers:
            assert server.stop() == 0
            assert "Traceback" not in server.said
