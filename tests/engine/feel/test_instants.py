"""Dates and times beyond what Python can hold, and the same answers as Python's where it can."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import compile_expression
from engine.feel.border import exported, imported

ZONES = st.sampled_from([None, UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Paris"), ZoneInfo("America/St_Johns")])
MOMENTS = st.datetimes(timezones=ZONES)
LENGTHS = st.timedeltas(timedelta(days=-40_000), timedelta(days=40_000))

FAR = {
    'string(@"-2021-01-31T10:10:10+11:00" + @"P1M")': "-2021-02-28T10:10:10+11:00",
    'string(date("0001-01-01") - @"P1D")': "0000-12-31",
    'string(date("0000-02-29") + @"P1Y")': "0001-02-28",
    'string(@"9999-12-31T23:59:59@Asia/Shanghai" + @"PT1S")': "10000-01-01T00:00:00@Asia/Shanghai",
    'string(@"12026-07-01T12:00:00@Europe/Paris" - @"2026-07-01T12:00:00@Europe/Paris")': "P3652425D",
    'string(@"-0044-03-15")': "-0044-03-15",
    'day of week(@"12026-11-20") = day of week(@"2026-11-20")': True,
    '@"12026-11-20" > @"2026-11-20"': True,
    'string(@"999999999-12-31T23:59:59.999999999Z")': "999999999-12-31T23:59:59.999999999Z",
    '@"999999999-12-31" + @"P1D"': None,
    '@"1000000000-01-01"': None,
    'date("02026-01-01")': None,
    'string(@"2026-01-01T10:00:00.000000001" - @"2026-01-01T10:00:00")': "PT0.000000001S",
    'string(@"2026-12-31T24:00:00")': "2027-01-01T00:00:00",
    'string(duration("P2129706043D"))': "P2129706043D",
}


@pytest.mark.parametrize("text", FAR, ids=str)
def test_no_year_is_too_far_and_no_nanosecond_is_lost(text: str) -> None:
    assert compile_expression(text).evaluate({}) == FAR[text]


def test_what_python_can_hold_comes_out_as_pythons_own() -> None:
    comes_out = compile_expression("x").evaluate
    for value in (
        date(1, 1, 1),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC),
        time(8, 30, tzinfo=UTC),
        timedelta.max,
    ):
        assert comes_out({"x": value}) == value
        assert type(comes_out({"x": value})) is type(value)
    assert not isinstance(compile_expression('date("12026-01-01")').evaluate({}), date)
    assert comes_out({"x": [{"a": date(2026, 1, 1)}]}) == [{"a": date(2026, 1, 1)}]


def test_the_second_of_two_like_hours_in_autumn_stays_the_second() -> None:
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Paris"), fold=1)
    result = compile_expression('x + @"PT0S"').evaluate({"x": twice})
    assert result.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert result.fold == 1


def test_times_are_compared_to_the_second_as_the_standard_says() -> None:
    evaluate = compile_expression('@"10:30:00.1" = @"10:30:00.9" and not(@"10:30:00.1" < @"10:30:00.9")').evaluate
    assert evaluate({}) is True


@settings(max_examples=200, derandomize=True, deadline=None)
@given(MOMENTS)
def test_a_moment_goes_in_and_comes_out_unharmed(moment: datetime) -> None:
    result = exported(imported(moment))
    assert result == moment
    assert (result.tzinfo, result.utcoffset()) == (moment.tzinfo, moment.utcoffset())


@settings(max_examples=200, derandomize=True, deadline=None)
@given(MOMENTS.filter(lambda moment: 200 < moment.year < 9800), LENGTHS)
def test_later_is_what_python_says_it_is(moment: datetime, length: timedelta) -> None:
    result = compile_expression("moment + length").evaluate({"moment": moment, "length": length})
    in_utc = moment if moment.tzinfo is None else moment.astimezone(UTC)
    assert (result if result.tzinfo is None else result.astimezone(UTC)) == in_utc + length


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.dates(), st.integers(-2_000_000, 2_000_000))
def test_the_calendar_repeats_itself_every_400_years(day: date, cycles: int) -> None:
    far = f"{day.year + 400 * cycles}"
    text = f"{'-' if far[0] == '-' else ''}{far.lstrip('-'):0>4}-{day:%m-%d}"
    expression = 'day of week(near) = day of week(date(far)) and string(date(far) + @"P1D" - @"P1D") = far'
    assert compile_expression(expression).evaluate({"near": day, "far": text}) is True
