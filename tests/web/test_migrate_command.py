"""`whistle migrate`: tried first, then done, and what cannot move is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.store.tables import CaseRow
from processes.installation import Installation
from processes.sealing import seal
from tests.kit.actors import Browsers, a_case, all_rows, said
from tests.kit.folders import another_version, with_step_called
from tests.kit.sites import OPENED, an_app, the_folder
from web.__main__ import main

RENAMED = another_version("report_in.bpmn", 'name="提交办理结果"', 'name="提交办理结果和照片"')


@pytest.fixture(autouse=True)
def here(site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the site by its environment."""
    monkeypatch.setenv("WHISTLE_DATA", str(tmp_path))


def whistle(*words: str) -> Result:
    return CliRunner().invoke(main, ["migrate", *words])


def versions(inst: Installation) -> set[str]:
    with inst.db.read() as session:
        return set(session.scalars(select(CaseRow.digest)))


def another(inst: Installation, files: dict[str, bytes]) -> str:
    """A second sealed version; the shipped one stays the county's current, as at every start of the service."""
    digest = seal(inst.db, files, now=OPENED)
    seal(inst.db, the_folder(), now=OPENED)
    return digest


def test_a_dry_run_names_every_case_and_writes_nothing(site: Installation) -> None:
    a_case(site, 5)
    new, before = another(site, dict(with_step_called("vet", "check_facts"))), all_rows(site)
    tried = whistle("--to", new[:8], "--dry-run")
    assert tried.exit_code == 1 and "✗ DC2026-0001" in tried.output and "“审核把关”" in tried.output
    assert "不能换 1 件" in tried.output
    assert all_rows(site) == before


def test_every_running_case_moves(site: Installation) -> None:
    for steps in (1, 3, 5):
        a_case(site, steps)
    new = another(site, dict(RENAMED))
    done = whistle("--to", new, "--reason", "新版", "--county", "360428")
    assert done.exit_code == 0, done.output
    assert "已换 3 件，留在原版本 0 件" in done.output
    assert versions(site) == {new}


def test_one_case_moves_alone(site: Installation) -> None:
    a_case(site, 5)
    old = versions(site)
    a_case(site, 5, "water_pipe")
    new = another(site, dict(RENAMED))
    assert whistle("--to", new, "--case", "DC2026-0001", "--reason", "新版").exit_code == 0
    assert versions(site) == old | {new}
    page = Browsers(site, an_app(site)).of("clerk@360428109").get("/cases/DC2026-0001")
    assert page.status_code == 200 and "改按新版流程办理，理由：新版" in said(page)


def test_what_cannot_move_is_listed_and_stays(site: Installation) -> None:
    a_case(site, 5)
    old, new = versions(site), another(site, dict(with_step_called("vet", "check_facts")))
    done = whistle("--to", new, "--reason", "新版")
    assert done.exit_code == 1 and "✗ DC2026-0001" in done.output and "“审核把关”" in done.output
    assert versions(site) == old
    alone = whistle("--to", new, "--reason", "新版", "--case", "DC2026-0001")
    assert alone.exit_code == 1 and "“审核把关”" in alone.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--to", "current"), "理由"),
        (("--to", "01234567", "--dry-run"), "没有封存过"),
        (("--to", "current", "--dry-run", "--case", "DC1999-1"), "没有找到这件事"),
        (("--to", "current", "--dry-run", "--county", "110000"), "这里没有 110000"),
    ],
)
def test_what_is_not_there_is_said(words: tuple[str, ...], says: str) -> None:
    refused = whistle(*words)
    assert refused.exit_code != 0 and says in refused.output
