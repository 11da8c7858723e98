"""Thresholds: numbers of limits.toml, dated and with their clause, asked for by FEEL."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.feel import compile_expression
from engine.time import Limits
from engine.time.errors import FolderInvalid, LimitNotInForce, UnknownLimit
from engine.world import World
from tests.kit.walks import CALENDAR, MONDAY

TEXT = """
[refusals]
name = "退单次数"
[[refusals.since]]
from = 2026-01-01
value = 2
source = "办法第十条"
[[refusals.since]]
from = 2026-10-01
value = 1.5
source = "办法（修订）"

[respond]
name = "响应时限"
[[respond.since]]
from = 2025-05-01
value = "2 working days"
source = "DC-9"
"""


def test_a_number_holds_from_its_day_on() -> None:
    limits = Limits.read(TEXT)
    assert (limits.names, limits.thresholds.keys()) == ({"respond"}, {"refusals"})
    assert limits.threshold("refusals", on=date(2026, 9, 30)) == 2
    assert limits.threshold("refusals", on=date(2026, 10, 1)) == Decimal("1.5")
    with pytest.raises(LimitNotInForce):
        limits.threshold("refusals", on=date(2025, 12, 31))
    for name in ("respond", "nothing"):
        with pytest.raises(UnknownLimit):
            limits.threshold(name, on=date(2026, 9, 30))


def test_feel_asks_for_the_number_of_the_day() -> None:
    world = World(MONDAY.astimezone(CALENDAR.zone), Limits.read(TEXT), CALENDAR)
    for text, holds in (("refused <= threshold('refusals')", True), ("refused + 1 > threshold('refusals')", True)):
        asked = compile_expression(text.replace("'", '"'))
        assert asked.evaluate({"refused": 2}, functions=world.functions) is holds


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("value = 1.5", 'value = "2 working days"', "不小于 0 的数"),
        ("value = 1.5", "value = -1", "不小于 0 的数"),
        ("value = 1.5", "value = nan", "不小于 0 的数"),
        ("value = 1.5", "value = true", "不小于 0 的数"),
        ('name = "退单次数"', 'name = "退单次数"\ntransfer = "restarts"', "transfer"),
        ('source = "办法（修订）"', "", "source"),
        ("from = 2026-10-01", "from = 2026-01-01", "两次"),
    ],
)
def test_what_is_wrong_is_said(was: str, becomes: str, says: str) -> None:
    with pytest.raises(FolderInvalid, match=says):
        Limits.read(TEXT.replace(was, becomes))
