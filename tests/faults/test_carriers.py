"""Celery carries jobs over Redis and RabbitMQ; its workers, the dispatcher and the broker die, and nothing is lost."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.brokers import a_broker
from tests.faults.county import found, opened
from tests.faults.crowd import at_work
from tests.faults.progress import Say
from tests.faults.site import a_whole_site
from tests.faults.whole import assert_all_ends_well, texts_sent
from tests.kit.gateway import a_gateway
from tests.kit.patience import until

KILLS = max(5, int(os.getenv("WHISTLE_KILLS", "20")) // 5)


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["redis", "rabbitmq"])
def test_a_broker_and_those_around_it_may_die(
    tmp_path: Path, postgres_url: str, name: str, progress: Callable[[int], Say]
) -> None:
    data, dice = tmp_path / "data", random.Random(KILLS)
    found(data, postgres_url)
    with (
        a_broker(name, data) as broker,
        a_gateway(unreliable=0.1) as gateway,
        opened(data, postgres_url, gateway.url) as inst,
    ):
        cluster = a_whole_site(data, postgres_url, gateway.url, broker.url)
        with cluster as site, at_work(inst, site.server.port) as confirmed:
            killed, crashed, say = 0, False, progress(KILLS)
            while killed < KILLS:
                confirmed.wait_for_more()
                time.sleep(dice.uniform(0, 0.4))
                if killed >= KILLS // 2 and not crashed:
                    broker.crash()
                    crashed = True
                else:
                    killed += site.kill_some(dice, KILLS - killed)
                say(killed, confirmed.so_far)
            carried = len(texts_sent(inst))
            until(lambda: len(texts_sent(inst)) > carried)  # the carriers are at work again
        assert_all_ends_well(inst, confirmed, gateway)
