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
from tests.faults.crowd import Confirmed, at_work
from tests.faults.progress import Say
from tests.faults.site import Site, a_whole_site
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
            killed, say = 0, progress(KILLS)
            while killed < KILLS:
                if killed <= KILLS // 2 < (killed := killed + _strike(site, dice, confirmed, KILLS - killed)):
                    broker.crash()
                say(killed, confirmed.so_far)
            carried = len(texts_sent(inst))
            until(lambda: len(texts_sent(inst)) > carried)  # the carriers are at work again
        assert_all_ends_well(inst, confirmed, gateway)


def _strike(site: Site, dice: random.Random, confirmed: Confirmed, most: int) -> int:
    confirmed.wait_for_more()
    time.sleep(dice.uniform(0, 0.4))
    return site.kill_some(dice, most)
