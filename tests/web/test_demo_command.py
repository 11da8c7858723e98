"""`whistle demo`: says what it does, fills an empty folder, refuses one that is in use before anybody is let in."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from engine.store.database import Database
from processes.tables import MatterRow, PersonRow
from web.__main__ import main


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WHISTLE_DATABASE", "WHISTLE_DATA", "WHISTLE_DEMO", "WHISTLE_CLOCK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def demo(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["demo", "--months", "1", "--cases", "2", *arguments])


def test_it_fills_an_empty_folder_once(tmp_path: Path) -> None:
    told = demo("--data", "var")
    assert told.exit_code == 0, told.output
    assert "都昌县：编 1 个月、2 件" in told.output and "完成：提出" in told.output and "make run" in told.output
    again = demo("--data", "var")
    assert again.exit_code == 1 and "不能再生成演示数据" in again.output and "--data" in again.output


def test_a_real_site_keeps_its_people_to_itself(tmp_path: Path) -> None:
    add = ["person", "add", "wang", "--name", "王真", "--post", "clerk@360428100", "--password", "a-long-password-1"]
    added = CliRunner(env={"WHISTLE_DATA": "real"}).invoke(main, add)
    assert added.exit_code == 0, added.output
    told = demo("--data", "real")
    assert told.exit_code == 1 and "真实人员" in told.output
    db = Database(f"sqlite:///{tmp_path / 'real' / 'whistle.sqlite'}")
    with db.read() as session:
        assert session.scalars(select(PersonRow.name)).all() == ["王真"]
        assert session.scalar(select(func.count()).select_from(MatterRow)) == 0
    db.close()


def test_a_rehearsal_is_filled_as_one(tmp_path: Path) -> None:
    assert demo("--data", "var", "--clock").exit_code == 0
    assert "演练用的" in CliRunner().invoke(main, ["demo", "--data", "var"]).output


@pytest.mark.parametrize("arguments", [("--months", "0"), ("--cases", "many"), ("--months", "25")])
def test_odd_amounts_are_refused(arguments: tuple[str, str]) -> None:
    assert demo(*arguments).exit_code == 2
