"""kill -9 at any moment, of servers and workers, while people work: what was confirmed is there, nothing is twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.faults.county import TEXTS, found, opened
from tests.faults.crowd import at_work
from tests.faults.gateway import a_gateway
from tests.faults.servers import Server, Worker
from tests.faults.whole import all_cases, assert_whole, bring_all_to_an_end, texts_sent

KILLS = int(os.getenv("WHISTLE_KILLS", "20"))
"""How many each database sees; `make faults` has more."""


def test_no_kill_loses_what_was_confirmed_or_does_anything_twice(tmp_path: Path, database_url: str) -> None:
    data, dice = tmp_path / "data", random.Random(KILLS)
    found(data, database_url)
    with a_gateway(unreliable=0.1) as gateway, opened(data, database_url, gateway.url) as inst:
        with a_whole_site(data, database_url, gateway.url) as site, at_work(inst, site[0].port) as confirmed:
            for _ in range(KILLS):
                confirmed.wait_for_more()
                time.sleep(dice.uniform(0, 0.4))  # any moment will do
                dice.choice(ways_to_die(*site))()
        assert_whole(inst, confirmed)
        bring_all_to_an_end(inst)
        assert_whole(inst, confirmed)
        sent = texts_sent(inst)
        assert set(sent.values()) == {1}
        assert gateway.sent == set(sent)
        assert len(sent) == TEXTS * len(all_cases(inst))


@contextmanager
def a_whole_site(data: Path, url: str, sms_url: str) -> Iterator[tuple[Server, list[Worker]]]:
    """On PostgreSQL a server of two processes and two workers; on SQLite one of each."""
    environment = {"WHISTLE_DATABASE": url, "WHISTLE_SMS_URL": sms_url}
    many = url.startswith("postgresql")
    server = Server(data, environment, options=("--workers", "2") if many else ())
    workers = [Worker(data, environment, f"worker{number}").start() for number in range(2 if many else 1)]
    server.start()
    try:
        yield server, workers
        assert [command.stop() for command in (server, *workers)] == [0] * (1 + len(workers))
    finally:
        for command in (server, *workers):
            if command.process is not None:
                command.kill()


def ways_to_die(server: Server, workers: list[Worker]) -> list[Callable[[], None]]:
    """Each process of the site may be killed; whoever keeps it running starts it again."""
    ways: list[Callable[[], None]] = [partial(_kill_and_start, command) for command in (server, *workers)]
    return ways + [partial(os.kill, child, signal.SIGKILL) for child in server.children]


def _kill_and_start(command: Server | Worker) -> None:
    command.kill()
    command.start()
