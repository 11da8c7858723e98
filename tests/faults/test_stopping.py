"""Starting and stopping a real server: politely stopped it exits with 0, and a second start keeps everything."""

from __future__ import annotations

import signal
import sqlite3
import stat
from collections.abc import Iterator

import pytest

from tests.faults.servers import Browser, Server, free_port
from tests.kit.actors import answers_to
from tests.kit.sites import the_pack

NEW = "/cases/new/%E5%90%B9%E5%93%A8"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_polite_stop_exits_with_0_and_a_second_start_keeps_the_data(server: Server, how: signal.Signals) -> None:
    server.start()
    clerk = Browser(server.port).sign_in(a_clerk(server))
    status, place = clerk.post(NEW, {name: list(texts) for name, texts in answers_to("propose").texts.items()})
    assert status == 302
    assert server.stop(how) == 0
    assert "数据都在" in server.said and "Traceback" not in server.said
    secret = (server.data / "secret").read_bytes()
    server.start()
    status, page = clerk.get(place)
    assert status == 200 and str(answers_to("propose").get("subject")) in page, "still signed in, still there"
    assert (server.data / "secret").read_bytes() == secret
    assert stat.S_IMODE((server.data / "secret").stat().st_mode) == 0o600
    assert people(server) == len(set(people_expected()))
    assert server.stop(how) == 0


def test_the_port_may_come_from_the_environment(server: Server) -> None:
    server.port = free_port()
    server.start(PORT=str(server.port))
    assert f":{server.port}/" in server.said
    assert Browser(server.port).get("/login")[0] == 200


def test_the_port_given_on_the_command_line_wins(server: Server) -> None:
    server.start("--port", str(server.port), PORT=str(free_port()))
    assert Browser(server.port).get("/healthz")[0] == 200


def test_without_the_demonstration_its_door_is_closed(server: Server) -> None:
    server.start("--port", str(server.port), "--no-demo")
    assert people(server) == 0
    assert "演示" not in Browser(server.port).get("/login")[1]


def a_clerk(server: Server) -> str:
    with sqlite3.connect(server.data / "whistle.sqlite") as connection:
        found = connection.execute("SELECT person FROM posting WHERE post = 'clerk' AND unit = '360428109'").fetchone()
    connection.close()
    return str(found[0])


def people(server: Server) -> int:
    connection = sqlite3.connect(server.data / "whistle.sqlite")
    count = connection.execute("SELECT count(*) FROM posting").fetchone()[0]
    connection.close()
    return int(count)


def people_expected() -> Iterator[tuple[str, str]]:
    pack = the_pack()
    for unit in pack.units.values():
        for post in pack.posts.values():
            if post.unit_kind == unit.kind:
                yield unit.code, post.code
