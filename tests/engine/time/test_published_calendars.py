"""The calendars that county folders carry agree with the published national notices."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

COUNTIES = Path(__file__).parents[3] / "bpmn"
YEARS = (2024, 2025, 2026)


@pytest.mark.parametrize("file", sorted(COUNTIES.glob("*/calendar.csv")), ids=lambda file: file.parent.name)
@pytest.mark.parametrize("year", YEARS)
def test_a_countys_working_days_are_those_of_the_national_notice(calendar_with, file, year):
    calendar = calendar_with(file.read_text(encoding="utf-8"))
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [day for day in days if calendar.is_working_day(day)] == [
        day for day in days if chinese_calendar.is_workday(day)
    ]
