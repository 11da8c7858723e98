"""The commands that do the jobs: what they ask for before they start."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from web.__main__ import main


def test_dispatching_needs_a_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WHISTLE_BROKER", raising=False)
    told = CliRunner().invoke(main, ["dispatch"])
    assert told.exit_code == 2
    assert "请设置 WHISTLE_BROKER" in told.output


def test_a_gateway_that_is_not_of_the_web_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISTLE_DATA", str(tmp_path))
    monkeypatch.setenv("WHISTLE_SMS_URL", "file:///etc/passwd")
    told = CliRunner().invoke(main, ["work"])
    assert told.exit_code != 0
    assert "not a web address" in str(told.exception)
