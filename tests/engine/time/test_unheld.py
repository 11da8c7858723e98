"""The time in which nobody had the matter is what lies between those who had it."""

from __future__ import annotations

from engine.time import Held
from engine.time.stretch import Stretch
from engine.time.unheld import unheld
from tests.engine.time.clocks import at


def held(begins: str, ends: str | None) -> Held:
    return Held("水利局", at(begins), at(ends) if ends else None)


def test_the_gaps_before_between_and_after() -> None:
    had = [held("10-08 10:00", "10-08 11:00"), held("10-08 10:30", "10-08 12:00"), held("10-08 15:00", "10-08 16:00")]
    assert list(unheld(had, at("10-08 09:00"), at("10-08 17:00"))) == [
        Stretch(at("10-08 09:00"), at("10-08 10:00")),
        Stretch(at("10-08 12:00"), at("10-08 15:00")),
        Stretch(at("10-08 16:00"), at("10-08 17:00")),
    ]


def test_whoever_has_it_still_leaves_no_gap() -> None:
    assert list(unheld([held("10-08 09:00", None)], at("10-08 09:00"), at("10-08 17:00"))) == []


def test_a_matter_that_nobody_ever_had_waited_all_the_time() -> None:
    assert list(unheld([], at("10-08 09:00"), at("10-08 17:00"))) == [Stretch(at("10-08 09:00"), at("10-08 17:00"))]
