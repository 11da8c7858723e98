"""Celery carries the jobs over Redis and RabbitMQ; workers, dispatcher and broker die, and nothing is lost."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from tests.faults.brokers import a_broker
from tests.faults.county import found, opened
from tests.faults.crowd import at_work
from tests.faults.site import a_whole_site
from tests.faults.whole import assert_all_ends_well, texts_sent
from tests.kit.gateway import a_gateway
from tests.kit.patience import until

KILLS = max(5, int(os.getenv("WHISTLE_KILLS", "20")) // 5)


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["redis", "rabbitmq"])
def test_a_broker_and_those_around_it_may_die(tmp_path: Path, postgres_url: str, name: str) -> None:
    data, dice = tmp_path / "data", random.Random(KILLS)
    found(data, postgres_url)
    with (
        a_broker(name, data) as broker,
        a_gateway(unreliable=0.1) as gateway,
        opened(data, postgres_url, gateway.url) as inst,
    ):
        with (
            a_whole_site(data, postgres_url, gateway.url, broker.url) as site,
            at_work(inst, site.server.port) as confirmed,
        ):
            for kill in range(KILLS):
                confirmed.wait_for_more()
                time.sleep(dice.uniform(0, 0.4))
                (broker.crash if kill == KILLS // 2 else dice.choice(site.ways_to_die()))()
            carried = len(texts_sent(inst))
            until(lambda: len(texts_sent(inst)) > carried)  # the carriers are at work again
        assert_all_ends_well(inst, confirmed, gateway)
