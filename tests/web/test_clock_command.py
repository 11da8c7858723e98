"""`whistle clock` and `whistle serve --clock`: a rehearsal's time from the command line, and never a real site's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from processes.installation import Installation
from processes.rehearsal import ForRehearsalOnly, InRealUse
from tests.kit.actors import a_case
from tests.kit.sites import a_site
from web.__main__ import main
from web.clock import Clock
from web.serving import set_up
from web.settings import Settings


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A rehearsal that the command finds by its environment, with a matter at work in a department."""
    monkeypatch.setenv("WHISTLE_DATA", str(tmp_path))
    inst = a_site(tmp_path, rehearsal=True)
    a_case(inst, 5, begins=datetime.now(UTC) - timedelta(hours=26))
    return inst


def whistle(*words: str) -> Result:
    return CliRunner().invoke(main, ["clock", *words])


def test_forward_by_two_weeks(stage: Installation) -> None:
    before = Clock(stage).now()
    done = whistle("--forward", "2w")
    assert done.exit_code == 0, done.output
    assert "supervise_case × " in done.output and "light × " in done.output  # the red light, and what follows
    assert timedelta(days=14) <= Clock(stage).now() - before < timedelta(days=14, minutes=5)


def test_forward_to_a_moment_on_the_countys_wall_clock(stage: Installation) -> None:
    tomorrow = (Clock(stage).now() + timedelta(days=2)).strftime("%Y-%m-%dT09:00")
    done = whistle("--to", tomorrow)
    assert done.exit_code == 0 and tomorrow.replace("T", " ") in done.output


@pytest.mark.parametrize("words", [("--forward", "soon"), ("--to", "soon"), ("--to", "2020-01-01", "--forward", "1d")])
def test_what_makes_no_sense_is_said(stage: Installation, words: tuple[str, ...]) -> None:
    before = Clock(stage).now()
    assert whistle(*words).exit_code == 2
    assert Clock(stage).now() - before < timedelta(minutes=5)


def test_back_is_refused(stage: Installation) -> None:
    refused = whistle("--to", "2020-01-01T08:00")
    assert refused.exit_code == 1 and "只能往前拨" in refused.output


def test_a_real_site_is_refused(site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISTLE_DATA", str(tmp_path))
    refused = whistle("--forward", "1d")
    assert refused.exit_code == 1 and "正式使用" in refused.output


def test_what_was_served_for_real_cannot_be_served_for_rehearsal_nor_the_other_way(tmp_path: Path) -> None:
    real, stage = Settings(data=tmp_path / "real"), Settings(data=tmp_path / "stage", clock=True)
    for settings in (real, stage, real, stage):
        inst = set_up(settings, serving=True)
        assert inst.rehearsal is settings.clock
        inst.db.close()
    with pytest.raises(InRealUse):
        set_up(real.model_copy(update={"clock": True}), serving=True)
    with pytest.raises(ForRehearsalOnly):
        set_up(stage.model_copy(update={"clock": False}), serving=True)


def test_serve_says_so_and_does_not_start(tmp_path: Path) -> None:
    set_up(Settings(data=tmp_path), serving=True).db.close()
    refused = CliRunner().invoke(main, ["serve", "--clock", "--data", str(tmp_path)])
    assert refused.exit_code == 1 and "已正式使用，不能用来演练" in refused.output
