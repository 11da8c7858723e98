"""The database crashes and comes back, connections are cut: people and workers go on, and nothing is lost."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.county import found, opened
from tests.faults.crowd import at_work
from tests.faults.progress import Say
from tests.faults.site import a_whole_site
from tests.faults.whole import assert_all_ends_well
from tests.kit.gateway import a_gateway
from tests.kit.postgres import a_database, a_server_of_our_own

FAULTS = max(6, int(os.getenv("WHISTLE_KILLS", "20")) // 5)


@pytest.mark.postgres
def test_a_database_that_crashes_or_cuts_connections_costs_nothing_confirmed(
    tmp_path: Path, progress: Callable[[int], Say]
) -> None:
    data, dice = tmp_path / "data", random.Random(FAULTS)
    with (
        a_server_of_our_own() as postgres,
        a_database(postgres.url) as url,
        a_gateway(unreliable=0.1) as gateway,
    ):
        found(data, url)
        with opened(data, url, gateway.url) as inst:
            with a_whole_site(data, url, gateway.url) as site, at_work(inst, site.server.port) as confirmed:
                say = progress(FAULTS)
                for fault in range(FAULTS):
                    confirmed.wait_for_more()
                    time.sleep(dice.uniform(0, 0.4))
                    (postgres.cut if fault % 2 else postgres.crash)()
                    say(fault + 1, confirmed.so_far)
                confirmed.wait_for_more()
            inst.db.close()  # our own connections were cut too
            assert_all_ends_well(inst, confirmed, gateway)
