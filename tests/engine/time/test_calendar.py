"""Which days and minutes are working time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.time.errors import HoursUnknown, OutOfReach

ZONE = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a_weekday_works_and_a_weekend_does_not(calendar):
    assert calendar.is_working_day(date(2026, 9, 30))
    assert not calendar.is_working_day(date(2026, 10, 11))


def test_a_holiday_on_a_weekday_does_not_work(calendar):
    assert not calendar.is_working_day(date(2026, 10, 1))


def test_a_make_up_saturday_is_a_working_day(calendar):
    assert date(2026, 10, 10).weekday() == 5
    assert calendar.is_working_day(date(2026, 10, 10))
    assert calendar.is_open(at("2026-10-10 09:00"))


@pytest.mark.parametrize(
    ("clock", "is_open"),
    [("08:29", False), ("08:30", True), ("11:59", True), ("12:00", False), ("14:30", True), ("17:30", False)],
)
def test_opening_belongs_to_office_hours_and_closing_does_not(calendar, clock, is_open):
    assert calendar.is_open(at(f"2026-09-30 {clock}")) is is_open


def test_an_instant_in_another_zone_is_read_on_the_countys_clock(calendar):
    assert calendar.is_open(datetime(2026, 9, 30, 0, 30, tzinfo=UTC))
    assert not calendar.is_open(datetime(2026, 9, 30, 9, 30, tzinfo=UTC))


def test_a_naive_instant_is_a_mistake_of_the_program(calendar):
    with pytest.raises(ValueError, match="time zone"):
        calendar.is_open(datetime(2026, 9, 30, 9, 0))  # noqa: DTZ001  # naive is the point


def test_working_minutes_leave_out_lunch_nights_and_the_holiday(calendar):
    assert calendar.working_minutes(at("2026-09-30 11:00"), at("2026-09-30 15:00")) == 60 + 30
    assert calendar.working_minutes(at("2026-09-30 16:30"), at("2026-10-08 09:00")) == 60 + 30


def test_working_minutes_are_negative_when_the_end_has_passed(calendar):
    assert calendar.working_minutes(at("2026-09-30 17:00"), at("2026-09-30 16:00")) == -60


def test_three_working_hours_from_late_afternoon_end_after_the_holiday(calendar):
    assert calendar.add_working_minutes(at("2026-09-30 16:30"), 180) == at("2026-10-08 10:30")


def test_minutes_that_fill_the_day_end_at_closing_and_not_at_the_next_opening(calendar):
    assert calendar.add_working_minutes(at("2026-09-30 16:30"), 60) == at("2026-09-30 17:30")
    assert calendar.add_working_minutes(at("2026-09-30 11:00"), 60) == at("2026-09-30 12:00")


def test_minutes_counted_back_to_an_opening_stay_at_that_opening(calendar):
    assert calendar.subtract_working_minutes(at("2026-10-08 09:30"), 60) == at("2026-10-08 08:30")
    assert calendar.subtract_working_minutes(at("2026-10-08 09:30"), 61) == at("2026-09-30 17:29")


def test_the_day_of_receipt_does_not_count(calendar):
    assert calendar.end_of_nth_working_day(at("2026-09-30 00:00"), 1) == at("2026-10-08 17:30")
    assert calendar.end_of_nth_working_day(at("2026-09-30 23:59"), 1) == at("2026-10-08 17:30")


def test_working_days_cross_the_end_of_the_year(calendar):
    assert calendar.end_of_nth_working_day(at("2025-12-31 10:00"), 1) == at("2026-01-04 17:30")
    assert calendar.end_of_nth_working_day(at("2025-12-30 10:00"), 1) == at("2025-12-31 17:30")


def test_new_office_hours_hold_from_their_date_on(calendar_with):
    summer = [
        {"from": "2026-07-01", "periods": [["08:00", "12:00"], ["15:00", "18:00"]]},
        {"from": "2025-01-01", "periods": [["08:30", "12:00"], ["14:30", "17:30"]]},
    ]
    calendar = calendar_with(hours=summer)
    assert calendar.end_of_nth_working_day(at("2026-06-29 10:00"), 1) == at("2026-06-30 17:30")
    assert calendar.end_of_nth_working_day(at("2026-06-30 10:00"), 1) == at("2026-07-01 18:00")
    assert calendar.working_minutes(at("2026-06-30 17:00"), at("2026-07-01 09:00")) == 30 + 60


def test_before_the_first_office_hours_nobody_guesses(calendar):
    with pytest.raises(HoursUnknown) as refusal:
        calendar.is_open(at("2024-12-31 10:00"))
    assert "2025-01-01" in refusal.value.sentence


def test_a_row_after_the_end_of_publication_still_counts(calendar_with):
    calendar = calendar_with("date,kind,name\n2027-01-01,off,元旦\n")
    assert not calendar.is_working_day(date(2027, 1, 1))
    assert not calendar.is_published(date(2027, 1, 1))


def test_a_week_may_rest_on_other_days(calendar_with):
    calendar = calendar_with("date,kind,name\n")
    friday_only = type(calendar)(calendar.special, calendar.schedules, calendar.published_until, ZONE, frozenset({4}))
    assert not friday_only.is_working_day(date(2026, 9, 4))
    assert friday_only.is_working_day(date(2026, 9, 5))


def test_an_office_that_never_works_is_refused_and_does_not_hang(calendar):
    closed = type(calendar)({}, calendar.schedules, calendar.published_until, ZONE, frozenset(range(7)))
    with pytest.raises(OutOfReach):
        closed.add_working_minutes(at("2026-09-30 10:00"), 1)
    with pytest.raises(OutOfReach):
        closed.end_of_nth_working_day(at("2026-09-30 10:00"), 1)


def test_the_ends_of_time_are_refused(calendar):
    latest = datetime.max.replace(tzinfo=UTC)
    with pytest.raises(OutOfReach):
        calendar.is_open(latest)
    with pytest.raises(OutOfReach):
        calendar.end_of_nth_working_day(latest - timedelta(days=1), 5)
    with pytest.raises(OutOfReach):
        calendar.working_minutes(at("2026-01-05 09:00"), latest - timedelta(days=1))


@pytest.mark.parametrize("minutes", [0, -1])
def test_only_something_can_be_added(calendar, minutes):
    with pytest.raises(ValueError, match="more than nothing"):
        calendar.add_working_minutes(at("2026-09-30 10:00"), minutes)


def test_working_days_are_counted_from_one(calendar):
    with pytest.raises(ValueError, match="from 1"):
        calendar.end_of_nth_working_day(at("2026-09-30 10:00"), 0)
