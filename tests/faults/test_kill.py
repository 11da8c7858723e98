"""kill -9 at any moment, of servers and workers, while people work: what was confirmed is there, nothing is twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.faults.county import TEXTS, found, opened
from tests.faults.crowd import at_work
from tests.faults.gateway import a_gateway
from tests.faults.servers import Server, Worker
from tests.faults.site import a_whole_site
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


def ways_to_die(server: Server, workers: list[Worker]) -> list[Callable[[], None]]:
    """Each process of the site may be killed; whoever keeps it running starts it again."""
    ways: list[Callable[[], None]] = [partial(_kill_and_start, command) for command in (server, *workers)]
    return ways + [partial(os.kill, child, signal.SIGKILL) for child in server.children]


def _kill_and_start(command: Server | Worker) -> None:
    command.kill()
    command.start()
