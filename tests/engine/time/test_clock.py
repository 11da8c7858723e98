"""A clock takes what can happen to it, refuses what cannot, and goes into JSON and back."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.errors import Rejected
from engine.time import (
    Amount,
    Clock,
    ClockState,
    Event,
    Extended,
    LimitChanged,
    Paused,
    Resumed,
    Started,
    Stopped,
    Transferred,
    Unit,
)
from engine.time.clock_errors import ClockUnreadable

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


STARTED = Started(at("09-30 15:20"), "水利局", "派单", "respond")
PAUSED = Paused(at("10-08 10:00"), "等待省厅批复")
RESUMED = Resumed(at("10-09 15:00"))
EXTENDED = Extended(at("10-10 09:00"), Amount(3, Unit.WORKING_DAYS), "县吹哨办", "工作规则第十二条")
TRANSFERRED = Transferred(at("10-10 10:00"), "水利局", "住建局")
CHANGED = LimitChanged(at("10-12 08:30"), date(2026, 10, 12))
STOPPED = Stopped(at("10-13 16:00"))
LIFE = (STARTED, PAUSED, RESUMED, EXTENDED, TRANSFERRED, CHANGED, STOPPED)


def test_a_clock_says_what_it_is_doing_and_for_whom() -> None:
    stands = [(clock.state, clock.stands.holder) for clock in (Clock(LIFE[: n + 1]) for n in range(len(LIFE)))]
    running, paused, stopped = ClockState.RUNNING, ClockState.PAUSED, ClockState.STOPPED
    assert [state for state, _ in stands] == [running, paused, running, running, running, running, stopped]
    assert [holder for _, holder in stands] == ["水利局"] * 4 + ["住建局"] * 3


@pytest.mark.parametrize(
    ("before", "event", "code", "words"),
    [
        ((), PAUSED, "not_started_once", "只能开始一次"),
        ((STARTED,), STARTED, "not_started_once", "只能开始一次"),
        ((STARTED,), RESUMED, "not_paused", "没有挂起"),
        ((STARTED, PAUSED, RESUMED), RESUMED, "not_paused", "没有挂起"),
        ((STARTED, PAUSED), PAUSED, "already_paused", "2026年10月8日10:00起已经挂起"),
        ((STARTED, STOPPED), EXTENDED, "clock_stopped", "已经停止计时，不能再延期"),
        ((STARTED, STOPPED), PAUSED, "clock_stopped", "不能再挂起"),
        ((STARTED, STOPPED), STOPPED, "clock_stopped", "不能再停止"),
        ((STARTED, PAUSED), Resumed(at("10-08 09:59")), "clock_disordered", "恢复的时间（2026年10月8日09:59）早于"),
        ((STARTED,), Transferred(at("10-10 10:00"), "住建局", "乡镇"), "not_held", "现在由水利局办理"),
        ((Started(at("09-30 15:20"), "水利局", "派单", date(2026, 10, 9)),), CHANGED, "nothing_to_change", "逐件选定"),
    ],
)
def test_what_cannot_happen_is_refused_in_plain_words(
    before: tuple[Event, ...], event: Event, code: str, words: str
) -> None:
    with pytest.raises(Rejected, match=words) as refusal:
        Clock((*before, event))
    assert refusal.value.code == code
    assert refusal.value.advice


def test_a_clock_can_be_paused_extended_and_passed_on_while_it_is_paused() -> None:
    paused = Clock((STARTED, PAUSED)).then(EXTENDED).then(TRANSFERRED)
    assert (paused.state, paused.stands.holder) == (ClockState.PAUSED, "住建局")


def test_things_may_happen_in_the_same_instant() -> None:
    assert Clock((STARTED, PAUSED, Resumed(PAUSED.at), Paused(PAUSED.at, "再等"))).state is ClockState.PAUSED


def test_a_refused_event_leaves_the_clock_as_it_was() -> None:
    clock = Clock((STARTED, PAUSED))
    with pytest.raises(Rejected):
        clock.then(PAUSED)
    assert clock == Clock((STARTED, PAUSED))


def test_a_clock_is_written_as_texts_that_a_person_can_read() -> None:
    written = Clock(LIFE).written()
    assert written[0] == {
        "what": "started",
        "at": "2026-09-30T15:20:00+08:00",
        "holder": "水利局",
        "event": "派单",
        "limit": "respond",
    }
    assert written[3]["extension"] == "3 working days"
    assert written[5] == {"what": "limit_changed", "at": "2026-10-12T08:30:00+08:00", "since": "2026-10-12"}


@pytest.mark.parametrize("end", [date(2026, 10, 20), at("10-20 12:00")])
def test_a_chosen_date_stays_a_date_and_an_instant_an_instant(end: date) -> None:
    clock = Clock((Started(STARTED.at, "水利局", "派单", end), Extended(EXTENDED.at, end, "县吹哨办", "第十二条")))
    read = Clock.read(clock.written())
    assert read == clock
    assert type(read.started.limit) is type(end)


@pytest.mark.parametrize(
    "written",
    [
        None,
        {},
        "started",
        [3],
        [{}],
        [{"what": "begun"}],
        [{"what": ["started"]}],
        [{"what": "started", "at": "2026-09-30T15:20:00+08:00", "holder": "水利局", "event": "派单"}],
        [{"what": "stopped", "at": "2026-09-30T15:20:00"}],
        [{"what": "stopped", "at": "soon"}],
        [{"what": "stopped", "at": 20260930}],
        [{"what": "stopped", "at": "2026-09-30T15:20:00+08:00", "why": "done"}],
        [{"what": "limit_changed", "at": "2026-09-30T15:20:00+08:00", "since": "May"}],
        [{**Clock(LIFE).written()[3], "extension": "3 moons"}],
        [{**Clock(LIFE).written()[3], "extension": "2026-10-20T12:00:00"}],
    ],
)
def test_a_record_that_makes_no_sense_is_refused(written: object) -> None:
    with pytest.raises(ClockUnreadable, match="计时记录读不懂"):
        Clock.read(written)


def test_a_record_of_what_cannot_happen_is_refused() -> None:
    with pytest.raises(Rejected) as refusal:
        Clock.read(Clock((STARTED, PAUSED)).written()[:1] + Clock((STARTED, PAUSED, RESUMED)).written()[2:])
    assert refusal.value.code == "not_paused"
