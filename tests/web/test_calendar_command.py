"""`whistle calendar`: the year's notice taken in by whoever runs the installation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.store.tables import TaskRow
from processes.agenda import strike
from processes.installation import Installation
from tests.kit.actors import a_case
from web.__main__ import main

NOTICE = Path(__file__).parents[1] / "engine/time/notice_2027.csv"
NEW_YEARS_EVE = datetime.fromisoformat("2026-12-31T10:00:00+08:00")


@pytest.fixture(autouse=True)
def _found(site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the installation by its environment."""
    monkeypatch.setenv("WHISTLE_DATA", str(tmp_path))


def whistle(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["calendar", *map(str, words)])


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "2027.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_it_says_which_year_came_in_and_how_many_deadlines_are_counted_again(site: Installation) -> None:
    a_case(site, 1, begins=NEW_YEARS_EVE)
    told = whistle("import", NOTICE)
    assert told.exit_code == 0, told.output
    assert "已收录 2027 年放假安排" in told.output and "notice of 2027" in told.output
    assert "1 个时限、0 个定时" in told.output and "1 deadlines and 0 timers" in told.output


def test_before_and_after_it_says_until_when_days_off_are_known(site: Installation) -> None:
    assert "2026-12-31" in whistle().output
    whistle("import", NOTICE)
    assert "2027-12-31" in whistle().output


def test_the_running_service_counts_again(site: Installation) -> None:
    a_case(site, 1, begins=NEW_YEARS_EVE)
    whistle("import", NOTICE)
    strike(site, datetime.now(UTC))
    with site.db.read() as session:
        due = session.scalars(select(TaskRow.due_at).where(TaskRow.state == "open")).one()
    assert due is not None and due.date().isoformat() == "2027-01-04", "not New Year's Day any more"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_what_a_spreadsheet_saved_is_read(tmp_path: Path, encoding: str) -> None:
    told = whistle("import", written(tmp_path, NOTICE.read_text(encoding="utf-8"), encoding))
    assert told.exit_code == 0, told.output


def test_every_flaw_is_told_with_its_line_in_both_languages_and_nothing_is_taken_in(tmp_path: Path) -> None:
    wrong = NOTICE.read_text(encoding="utf-8").replace("2027-10-09,work", "2027-10-08,work")
    told = whistle("import", written(tmp_path, wrong.replace("2027-01-01,off", "2027-01-01,holiday")))
    assert told.exit_code == 1
    for said in ("第2行", "line 2", "第35行", "line 35", "2027-10-08本来就是工作日", "没有收录", "2 flaws in 2027.csv"):
        assert said in told.output
    assert "2026-12-31" in whistle().output


def test_the_same_year_twice_is_refused_with_the_year_that_comes_next(site: Installation) -> None:
    assert whistle("import", NOTICE).exit_code == 0
    again = whistle("import", NOTICE)
    assert again.exit_code == 1
    assert "这次应导入2028年" in again.output and "不能重复导入" in again.output


def test_a_notice_that_is_not_whole_says_what_is_missing(tmp_path: Path) -> None:
    half = NOTICE.read_text(encoding="utf-8").replace("2027-06-09,off,端午节\n", "")
    told = whistle("import", written(tmp_path, half))
    assert told.exit_code == 1 and "没有端午的放假日期" in told.output and "the whole file" in told.output


@pytest.mark.parametrize("content", [b"", b"\xff\xff\xff\x00", b"PK\x03\x04\x00\x00,\n", b"date,kind\n" * 200_000])
def test_what_is_no_notice_at_all_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    told = whistle("import", path)
    assert told.exit_code == 1, told.output
    assert "any.csv" in told.output and "Traceback" not in told.output
    assert isinstance(told.exception, SystemExit)


def test_a_stranger_is_told_what_the_file_looks_like() -> None:
    told = whistle("import", "--help").output
    assert "date,kind,name" in told and "2027-02-20,work,春节" in told
    assert "must be the first year" in " ".join(told.split())
