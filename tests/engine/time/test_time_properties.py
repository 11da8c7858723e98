"""What must hold for every start and every amount, checked against a minute-by-minute count."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.time import before, deadline
from tests.engine.time.oracle import Oracle, minute, offices

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
FROM, UNTIL = datetime(2026, 9, 18), datetime(2026, 10, 14)  # noqa: DTZ001  # hypothesis adds the zone
FORWARD_UNITS = [
    "working days",
    "working hours",
    "working minutes",
    "hours",
    "minutes",
    "calendar days",
    "weeks",
    "months",
]

to_the_minute = st.datetimes(FROM, UNTIL).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=ZONE))
to_the_second = st.datetimes(datetime(2025, 3, 1), datetime(2028, 3, 1), timezones=st.just(ZONE))  # noqa: DTZ001
some_minutes = st.integers(1, 1500)


def is_worked(minute):
    """The rule, written down a second time in the plainest way: is the office open during this minute?"""
    made_up = {date(2026, 9, 20), date(2026, 10, 10)}
    holidays = {date(2026, 9, d) for d in (25, 26, 27)} | {date(2026, 10, d) for d in range(1, 8)}
    works = minute.date() in made_up or (minute.weekday() < 5 and minute.date() not in holidays)
    clock = minute.time()
    return works and (time(8, 30) <= clock < time(12) or time(14, 30) <= clock < time(17, 30))


@given(a=to_the_minute, length=st.integers(0, 6 * 24 * 60))
def test_working_minutes_are_the_minutes_in_which_the_office_is_open(calendar, a, length):
    counted = sum(is_worked(a + n * MINUTE) for n in range(length))
    assert calendar.working_minutes(a, a + length * MINUTE) == counted


@given(office=st.sampled_from(offices()), a=to_the_minute, length=st.integers(0, 20 * 24 * 60))
def test_so_they_are_with_seasons_with_many_periods_a_day_and_on_local_days(office, a, length):
    first = minute(a)
    works = Oracle(office, []).works
    worked = sum(works(n) for n in range(first, first + length))
    assert office.calendar.working_minutes(a, a + length * MINUTE) == worked
    assert office.calendar.is_open(a) is works(first)
    if worked:
        ends = office.calendar.add_working_minutes(a, worked)
        assert works(minute(ends) - 1)
        assert ends <= a + length * MINUTE


@given(at=to_the_minute)
def test_the_office_is_open_in_exactly_those_minutes(calendar, at):
    assert calendar.is_open(at) is is_worked(at)


@given(start=to_the_minute, minutes=some_minutes)
def test_adding_stops_at_the_end_of_the_minute_that_fills_the_amount(calendar, start, minutes):
    now, left = start, minutes
    while left:
        left -= is_worked(now)
        now += MINUTE
    assert calendar.add_working_minutes(start, minutes) == now


@given(due=to_the_minute, minutes=some_minutes)
def test_subtracting_stops_at_the_beginning_of_the_minute_that_fills_the_amount(calendar, due, minutes):
    now, left = due, minutes
    while left:
        now -= MINUTE
        left -= is_worked(now)
    assert calendar.subtract_working_minutes(due, minutes) == now


@given(start=to_the_second, minutes=st.integers(1, 50_000))
def test_what_was_added_is_found_again(calendar, start, minutes):
    assert calendar.working_minutes(start, calendar.add_working_minutes(start, minutes)) == minutes


@given(start=to_the_second, minutes=st.integers(1, 10_000))
def test_what_was_subtracted_is_found_again(calendar, start, minutes):
    assert calendar.working_minutes(calendar.subtract_working_minutes(start, minutes), start) == minutes


@given(a=to_the_second, b=to_the_second, c=to_the_second)
def test_working_minutes_of_two_spans_add_up_to_the_whole(calendar, a, b, c):
    a, b, c = (at.replace(second=0, microsecond=0) for at in (a, b, c))
    assert calendar.working_minutes(a, b) + calendar.working_minutes(b, c) == calendar.working_minutes(a, c)


@pytest.mark.parametrize("unit", FORWARD_UNITS)
@given(starts=st.tuples(to_the_second, to_the_second), number=st.integers(1, 40))
def test_who_starts_later_is_due_no_earlier(calendar, limit_of, unit, starts, number):
    earlier, later = sorted(starts)
    limit = limit_of(f"{number} {unit}")
    first, second = deadline(limit, earlier, calendar), deadline(limit, later, calendar)
    assert earlier < first.at <= second.at


@pytest.mark.parametrize("unit", FORWARD_UNITS)
@given(start=to_the_second, number=st.integers(1, 40))
def test_a_longer_limit_is_due_no_earlier(calendar, limit_of, unit, start, number):
    shorter = deadline(limit_of(f"{number} {unit}"), start, calendar)
    longer = deadline(limit_of(f"{number + 1} {unit}"), start, calendar)
    assert shorter.at <= longer.at


@pytest.mark.parametrize("unit", ["working days", "calendar days", "weeks", "months", "working hours"])
@given(start=to_the_second, number=st.integers(1, 40))
def test_a_deadline_is_provisional_exactly_when_it_lies_beyond_the_published_days(
    calendar, limit_of, unit, start, number
):
    due = deadline(limit_of(f"{number} {unit}"), start, calendar)
    assert due.provisional is (due.at.date() > date(2026, 12, 31))
    assert due.provisional is ("尚未公布" in due.explanation[-1])


@given(start=to_the_second, number=st.integers(1, 40))
def test_a_deadline_in_working_days_falls_at_closing_of_a_working_day(calendar, limit_of, start, number):
    due = deadline(limit_of(f"{number} working days"), start, calendar).at
    assert calendar.is_working_day(due.date())
    assert due.time() == time(17, 30)
    days = (start.date() + timedelta(days=n) for n in range(1, (due.date() - start.date()).days + 1))
    assert sum(calendar.is_working_day(day) for day in days) == number


@pytest.mark.parametrize("unit", FORWARD_UNITS)
@given(dues=st.tuples(to_the_second, to_the_second), number=st.integers(1, 20))
def test_a_warning_comes_before_what_it_warns_of_and_keeps_the_order(calendar_with, limit_of, unit, dues, number):
    calendar = calendar_with(hours=[{"from": "2000-01-01", "periods": [["08:30", "12:00"], ["14:30", "17:30"]]}])
    earlier, later = sorted(dues)
    limit = limit_of(f"{number} {unit}", counts="before due")
    first, second = before(limit, earlier, calendar), before(limit, later, calendar)
    assert first.at <= second.at < later
    assert first.at < earlier
