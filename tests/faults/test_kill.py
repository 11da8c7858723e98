"""kill -9 at any moment, of servers and workers, while people work: what was confirmed is there, nothing is twice."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.county import found, opened
from tests.faults.crowd import at_work
from tests.faults.progress import Say
from tests.faults.site import a_whole_site
from tests.faults.whole import assert_all_ends_well
from tests.kit.gateway import a_gateway

KILLS = int(os.getenv("WHISTLE_KILLS", "20"))
"""How many each database sees; `make faults` has more."""


def test_no_kill_loses_what_was_confirmed_or_does_anything_twice(
    tmp_path: Path, database_url: str, progress: Callable[[int], Say]
) -> None:
    data, dice = tmp_path / "data", random.Random(KILLS)
    found(data, database_url)
    with a_gateway(unreliable=0.1) as gateway, opened(data, database_url, gateway.url) as inst:
        with a_whole_site(data, database_url, gateway.url) as site, at_work(inst, site.server.port) as confirmed:
            killed, say = 0, progress(KILLS)
            while killed < KILLS:
                confirmed.wait_for_more()
                time.sleep(dice.uniform(0, 0.4))  # any moment will do
                killed += site.kill_some(dice, KILLS - killed)
                say(killed, confirmed.so_far)
        assert_all_ends_well(inst, confirmed, gateway)
