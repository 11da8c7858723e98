"""The calendar's file and its entries in the county's file: read, or refused with every flaw at its place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.time import FolderInvalid

HEADER = "date,kind,name\n"


@pytest.fixture(name="flaws_of")
def _flaws_of(calendar_with):
    def flaws_of(**parts):
        with pytest.raises(FolderInvalid) as refusal:
            calendar_with(**parts)
        return refusal.value.flaws

    return flaws_of


def hours(*periods, since="2025-01-01"):
    return {"from": since, "periods": [list(period) for period in periods]}


def test_a_spreadsheets_file_is_read(calendar_with):
    calendar = calendar_with('\ufeffdate,kind,name\r\n2026-10-10, work ,"国庆节"\r\n2026-10-01,off,国庆节\r\n')
    assert calendar.is_working_day(date(2026, 10, 10))
    assert not calendar.is_working_day(date(2026, 10, 1))


def test_the_end_of_publication_may_be_text_or_a_date(calendar_with):
    assert calendar_with(until="2026-12-31") == calendar_with(until=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("2026/10/1,off,国庆节", "entry_of_wrong_type", "第2行：date 应写成2026-10-01 这样的日期"),
        ("2026-02-30,off,国庆节", "entry_of_wrong_type", "date"),
        (",off,国庆节", "entry_missing", "第2行 缺少 date"),
        ("2026-10-01,holiday,国庆节", "entry_not_a_choice", "off | work"),
        ("2026-10-01,,国庆节", "entry_missing", "缺少 kind"),
        ("2026-10-01,off,", "entry_missing", "缺少 name"),
        ("2026-10-01,off", "entry_missing", "缺少 name"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(flaws_of, row, code, words):
    (flaw,) = flaws_of(csv_text=HEADER + row + "\n")
    assert flaw.code == code
    assert flaw.facts["file"] == "calendar.csv"
    assert words in flaw.sentence


def test_a_date_with_two_rows_is_refused(flaws_of):
    (flaw,) = flaws_of(csv_text=HEADER + "2026-10-01,off,国庆节\n2026-10-01,work,国庆节\n")
    assert flaw.code == "entry_twice"
    assert "第3行" in flaw.sentence


@pytest.mark.parametrize("text", ["", "date,kind\n2026-10-01,off\n", "2026-10-01,off,国庆节\n"])
def test_a_file_without_its_columns_is_refused(flaws_of, text):
    (flaw,) = flaws_of(csv_text=text)
    assert flaw.code == "entry_missing"
    assert "表头" in flaw.sentence


def test_a_quote_that_never_ends_is_refused(flaws_of):
    (flaw,) = flaws_of(csv_text=HEADER + '2026-10-01,off,"国庆节\n')
    assert flaw.code == "file_unreadable"


@pytest.mark.parametrize(
    ("periods", "code"),
    [
        ([("12:00", "08:30")], "periods_disordered"),
        ([("08:30", "08:30")], "periods_disordered"),
        ([("08:30", "12:00"), ("11:00", "17:30")], "periods_disordered"),
        ([("14:30", "17:30"), ("08:30", "12:00")], "periods_disordered"),
        ([("8:30", "12:00")], "entry_of_wrong_type"),
        ([("08:30", "25:00")], "entry_of_wrong_type"),
        ([("08:30", 12)], "entry_of_wrong_type"),
        ([("08:30",)], "entry_of_wrong_type"),
        ([], "entry_missing"),
    ],
)
def test_office_hours_that_make_no_sense_are_refused(flaws_of, periods, code):
    (flaw,) = flaws_of(hours=[hours(*periods)])
    assert flaw.code == code
    assert "[[hours]] 第1段" in flaw.sentence


@pytest.mark.parametrize("entry", [None, [], "08:30", [3], [{"from": "2025-01-01"}], [{"until": "2025-01-01"}]])
def test_office_hours_of_the_wrong_shape_are_refused(flaws_of, entry):
    (flaw,) = flaws_of(hours=entry)
    assert flaw.facts["file"] == "county.toml"


def test_two_schedules_from_the_same_date_are_refused(flaws_of):
    (flaw,) = flaws_of(hours=[hours(("08:30", "12:00")), hours(("08:00", "12:00"))])
    assert flaw.code == "entry_twice"


@pytest.mark.parametrize("zone", ["Asia", "../etc/passwd", "/etc/passwd", "Asia/Duchang", "Asia/Shanghai\0", 8, " "])
def test_a_zone_that_does_not_exist_is_refused(flaws_of, zone):
    (flaw,) = flaws_of(zone=zone)
    assert "time_zone" in flaw.sentence


def test_all_flaws_are_told_at_once(flaws_of):
    flaws = flaws_of(csv_text=HEADER + "1,off,甲\n2,off,乙\n", hours=None, until="soon", zone=None)
    assert [flaw.facts["where"] for flaw in flaws] == ["第2行", "第3行", "顶层", "顶层", "顶层"]


@given(st.text() | st.text(alphabet='date,kindnameoffwork0123456789-\n"'))
def test_any_text_is_read_or_refused(calendar_with, text):
    for csv_text in (text, HEADER + text):
        try:
            calendar_with(csv_text)
        except FolderInvalid as refusal:
            assert refusal.flaws
