"""What a diagram may ask of the world: deadlines by name, by date, by moment, and the clock of the step."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.feel import compile_expression
from engine.time import Clock, Deadline, Started
from engine.time.errors import NotALimit, NotAThreshold, UnknownLimit, UnknownThreshold
from engine.world import NoDeadline
from tests.kit.walks import CALENDAR, MONDAY, a_world

WORLD = a_world()


def local(deadline: Deadline | None) -> str:
    assert deadline is not None
    return f"{deadline.at.astimezone(CALENDAR.zone):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("respond", "09-09 17:30"),
        ("2026-09-30", "09-30 17:30"),
        (date(2026, 9, 30), "09-30 17:30"),
        ("2026-09-30T10:00:00+08:00", "09-30 10:00"),
        ("2026-09-30T02:00:00Z", "09-30 10:00"),
        (datetime(2026, 9, 30, 2, tzinfo=UTC), "09-30 10:00"),
    ],
)
def test_a_deadline_is_a_limit_a_date_or_a_moment(value: object, due: str) -> None:
    deadline = WORLD.due(value, step="报到")
    assert local(deadline) == due
    assert deadline.explanation


@pytest.mark.parametrize("value", ["nobody knows", "", 5, None, datetime(2026, 9, 30), "2026-09-30T10:00:00", [], True])  # noqa: DTZ001  # naive on purpose
def test_anything_else_is_refused_with_the_name_of_the_step(value: object) -> None:
    with pytest.raises(NoDeadline, match="报到"):
        WORLD.due(value, step="报到")


def test_a_threshold_is_the_number_of_the_countys_today() -> None:
    ask = compile_expression('if 3 > threshold("refusals") then "over" else "within"')
    before_midnight = datetime(2026, 9, 7, 15, 59, tzinfo=UTC)
    asked = [ask.evaluate({}, functions=a_world(at).functions) for at in (MONDAY, before_midnight)]
    assert asked == ["over", "over"]
    assert ask.evaluate({}, functions=a_world(before_midnight + timedelta(minutes=1)).functions) == "within"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('threshold("respond")', NotAThreshold),
        ('threshold("nobody knows")', UnknownThreshold),
        ('limit("refusals")', NotALimit),
    ],
)
def test_a_limit_is_no_number_and_a_threshold_no_time(text: str, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        compile_expression(text).evaluate({}, functions=WORLD.functions)


def test_a_clock_is_reckoned_by_the_limits_and_the_calendar_of_the_case() -> None:
    clock = Clock((Started(MONDAY, "水利局", "派单", "respond"),))
    found = a_world(MONDAY + timedelta(hours=2)).reckoned(clock)
    assert local(found.due) == "09-09 17:30"
    assert found.used == timedelta(hours=2)


def test_a_warning_counts_back_from_what_is_due() -> None:
    assert local(WORLD.warns("soon", WORLD.due("respond", step=""))) == "09-09 11:00"


def test_a_warning_that_counts_on_needs_nothing_due() -> None:
    assert local(WORLD.warns("respond", None)) == "09-09 17:30"


def test_there_is_no_warning_before_nothing() -> None:
    assert WORLD.warns("soon", None) is None


def test_an_unknown_limit_is_refused() -> None:
    with pytest.raises(UnknownLimit):
        WORLD.ends("nobody knows")


def test_the_clock_of_the_step_is_the_countys() -> None:
    functions = WORLD.functions
    assert functions["now"]() == MONDAY
    assert functions["today"]() == date(2026, 9, 7)
    assert a_world(datetime(2026, 9, 7, 17, tzinfo=UTC)).functions["today"]() == date(2026, 9, 8)
    assert functions["limit"]("respond") == WORLD.ends("respond").at
