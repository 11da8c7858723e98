"""An office in China in 2026: its published holidays, its hours with a lunch break, and limits made from one line."""

from collections.abc import Callable
from datetime import date

import pytest

from engine.time import Calendar, Clock, Limit, Limits, Reckoned, reckon
from tests.engine.time.clocks import Stands, at, limits_of

HOLIDAYS = """date,kind,name
2026-01-01,off,元旦
2026-01-02,off,元旦
2026-01-03,off,元旦
2026-01-04,work,元旦
2026-09-20,work,国庆节
2026-09-25,off,中秋节
2026-09-26,off,中秋节
2026-09-27,off,中秋节
2026-10-01,off,国庆节
2026-10-02,off,国庆节
2026-10-03,off,国庆节
2026-10-04,off,国庆节
2026-10-05,off,国庆节
2026-10-06,off,国庆节
2026-10-07,off,国庆节
2026-10-10,work,国庆节
"""
HOURS = [{"from": "2025-01-01", "periods": [["08:30", "12:00"], ["14:30", "17:30"]]}]


def calendar_with(
    csv_text: str = HOLIDAYS, hours: object = HOURS, until: object = date(2026, 12, 31), zone: object = "Asia/Shanghai"
) -> Calendar:
    return Calendar.read(csv_text, hours, until, zone)


def limit_of(value: str, counts: str = "from start") -> Limit:
    text = f"""
        [respond]
        name = "平哨响应时限"
        counts = "{counts}"
        [[respond.since]]
        from = 2020-05-01
        value = "{value}"
        source = "工作规则第九条"
    """
    return Limits.read(text).get("respond", on=date(2026, 9, 30))


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return calendar_with()


@pytest.fixture(scope="session", name="calendar_with")
def _calendar_with() -> Callable[..., Calendar]:
    return calendar_with


@pytest.fixture(scope="session", name="limit_of")
def _limit_of() -> Callable[..., Limit]:
    return limit_of


@pytest.fixture
def stands(calendar: Calendar) -> Stands:
    """Where a clock stands by a limit of this value, at the end of October unless said otherwise."""

    def stands(clock: Clock, value: str | Limits, now: str = "10-31 10:00") -> Reckoned:
        return reckon(clock, limits_of(value) if isinstance(value, str) else value, calendar, at(now))

    return stands
