"""The year's notice is imported whole, or refused row by row.

`notice_2027.csv` is made up: when it was written nobody had published 2027.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.time import FolderInvalid

NOTICE = Path(__file__).with_name("notice_2027.csv").read_text(encoding="utf-8")
SHIPPED = (Path(__file__).parents[3] / "bpmn" / "duchang" / "calendar.csv").read_text(encoding="utf-8")
HEADER = "date,kind,name\n"


@pytest.fixture(name="flaws_of")
def _flaws_of(calendar):
    def flaws_of(csv_text):
        with pytest.raises(FolderInvalid) as refusal:
            calendar.with_notice(csv_text)
        return refusal.value.flaws

    return flaws_of


def edited(old, new):
    assert old in NOTICE
    return NOTICE.replace(old, new)


def test_a_notice_makes_its_year_known(calendar):
    later = calendar.with_notice(NOTICE)
    assert later.is_published(date(2027, 12, 31))
    assert not later.is_published(date(2028, 1, 1))
    assert not later.is_working_day(date(2027, 2, 12))
    assert later.is_working_day(date(2027, 2, 20))
    assert later.is_working_day(date(2027, 12, 31))


def test_the_days_before_it_and_the_hours_stay(calendar):
    later = calendar.with_notice(NOTICE)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [later.day(day) for day in days] == [calendar.day(day) for day in days]
    assert (later.schedules, later.zone, later.weekend) == (calendar.schedules, calendar.zone, calendar.weekend)


def test_a_calendar_bears_its_version_and_a_notice_makes_another(calendar, calendar_with):
    assert calendar.version == calendar_with().version
    assert calendar.version != calendar.with_notice(NOTICE).version
    assert calendar.version != calendar_with(until="2026-11-30").version
    assert calendar.version != calendar_with(hours=[{"from": "2025-01-01", "periods": [["09:00", "17:00"]]}]).version


def test_a_local_day_outlives_the_notice(calendar_with):
    flood = calendar_with("date,kind,name\n2027-07-01,off,防汛\n")
    assert not flood.with_notice(NOTICE).is_working_day(date(2027, 7, 1))


def test_a_local_day_that_says_the_opposite_must_be_decided_first(calendar_with):
    own = calendar_with("date,kind,name\n2027-02-20,off,村晚\n")
    with pytest.raises(FolderInvalid) as refusal:
        own.with_notice(NOTICE)
    (flaw,) = refusal.value.flaws
    assert (flaw.code, flaw.facts["where"]) == ("notice_contradicts", "第15行")
    assert "已写为放假（村晚）" in flaw.sentence


def test_the_same_year_cannot_be_imported_twice_nor_the_next_but_one(calendar, flaws_of):
    with pytest.raises(FolderInvalid) as refusal:
        calendar.with_notice(NOTICE).with_notice(NOTICE)
    assert {flaw.code for flaw in refusal.value.flaws} == {"notice_of_another_year"}
    flaws = flaws_of(NOTICE.replace("2027-", "2028-"))
    assert "这次应导入2027年的安排" in flaws[0].sentence


def test_new_years_holiday_may_begin_in_december(calendar):
    early = edited("2027-01-01,off,元旦\n2027-01-02,off", "2026-12-31,off,元旦\n2027-01-01,off").replace(
        "2027-01-03,off", "2027-01-02,off"
    )
    early = early.replace("2027-05-03,off,劳动节\n", "")  # a weekday more in December, a weekday less in May
    later = calendar.with_notice(early)
    assert not later.is_working_day(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("2027-01-01,off", "2026-12-24,off", "notice_of_another_year", "第2行"),
        ("2027-10-07,off", "2028-10-07,off", "notice_of_another_year", "第34行"),
        ("2027-10-09,work", "2027-10-08,work", "notice_makes_up_a_working_day", "第35行"),
        ("2027-10-09,work", "2027/10/9,work", "entry_of_wrong_type", "第35行"),
        ("2027-10-09,work", "2027-10-09,shift", "entry_not_a_choice", "第35行"),
        ("2027-10-09,work,国庆节", "2027-10-09,work,", "entry_missing", "第35行"),
        ("2027-10-07,off", "2027-10-06,off", "entry_twice", "第34行"),
        ("2027-06-09,off,端午节\n", "", "notice_incomplete", "全文"),
        ("2027-10-09,work,国庆节\n", "", "notice_unbalanced", "全文"),
        ("2027-02-12,off,春节\n", "", "notice_unbalanced", "全文"),
    ],
)
def test_a_wrong_notice_is_told_with_its_place(flaws_of, old, new, code, where):
    (flaw,) = flaws_of(edited(old, new))
    assert (flaw.code, flaw.facts["file"], flaw.facts["where"]) == (code, "放假安排", where)


def test_a_notice_that_lost_its_make_up_days_says_how_many_there_should_be(flaws_of):
    rows = "".join(line for line in NOTICE.splitlines(keepends=True) if ",work," not in line)
    (flaw,) = flaws_of(rows)
    assert "工作日放假18天、调休上班0天，相抵应为13天" in flaw.sentence


def test_a_holiday_of_that_year_alone_is_let_in(calendar):
    later = calendar.with_notice(NOTICE + "2027-09-03,off,抗战胜利纪念日\n")
    assert not later.is_working_day(date(2027, 9, 3))


def test_all_wrong_rows_are_told_at_once(flaws_of):
    flaws = flaws_of(HEADER + "2027-10-08,work,国庆节\n2025-10-01,off,国庆节\nsoon,off,国庆节\n")
    assert [flaw.facts["where"] for flaw in flaws] == ["第2行", "第3行", "第4行"]


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_notices_of_the_years_shipped_would_have_been_let_in(calendar_with, year):
    rows = [line for line in SHIPPED.splitlines() if line.startswith(str(year))]
    before = calendar_with(HEADER, until=date(year - 1, 12, 31))
    assert before.with_notice(HEADER + "\n".join(rows)).is_published(date(year, 12, 31))
