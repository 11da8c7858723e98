"""`whistle incidents`: the same list and the same acts for whoever runs the installation."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.store.tables_jobs import IncidentRow, JobRow
from processes.agenda import strike
from processes.installation import Installation
from tests.kit.actors import a_case
from tests.kit.agenda import assert_lights_follow
from tests.kit.incidents import an_incident
from tests.kit.journals import journal_lines
from web.__main__ import main


@pytest.fixture
def broken(site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An incident of an installation that the command finds by its environment."""
    monkeypatch.setenv("WHISTLE_DATA", str(tmp_path))
    return an_incident(site, a_case(site, 5), datetime.now(UTC))


def whistle(*words: str) -> Result:
    return CliRunner().invoke(main, ["incidents", *words])


def how_it_ended(site: Installation, incident: str) -> tuple[str | None, str | None]:
    with site.db.read() as session:
        row = session.scalars(select(IncidentRow).where(IncidentRow.id == incident)).one()
    return row.how, row.reason


def test_the_list_names_each_with_its_matter_and_the_machines_words(broken: str) -> None:
    listed = whistle()
    assert listed.exit_code == 0, listed.output
    assert broken in listed.output and "DC2026-0001" in listed.output and "died without a word" in listed.output
    assert "1 个故障等人处理" in listed.output


def test_for_programs_each_is_a_line_of_json(broken: str) -> None:
    (told,) = [json.loads(each) for each in whistle("--json").output.splitlines()]
    assert (told["id"], told["kind"], told["attempts"]) == (broken, "light", 8)


def test_tried_again(site: Installation, broken: str) -> None:
    assert whistle("retry", broken).exit_code == 0
    assert how_it_ended(site, broken) == ("retried", None)


def test_one_light_is_skipped_and_the_later_ones_still_come(site: Installation, broken: str) -> None:
    assert whistle("skip", broken, "--reason", "已另行通知").exit_code == 0
    with site.db.read() as session:
        assert_lights_follow(session)
        assert session.scalars(select(JobRow.kind).where(JobRow.kind == "light")).all() == ["light"]
    strike(site, datetime.now(UTC) + timedelta(days=30))
    assert [line.facts["step"] for line in journal_lines(site.db, fact="TaskTurnedRed")] == ["accept"]


def test_skipped_with_a_reason(site: Installation, broken: str) -> None:
    assert whistle("skip", broken, "--reason", "已另行通知").exit_code == 0
    assert how_it_ended(site, broken) == ("skipped", "已另行通知")


def test_what_is_not_there_or_gives_no_reason_is_refused_in_words(site: Installation, broken: str) -> None:
    unknown = whistle("retry", "nowhere")
    assert unknown.exit_code == 1 and "没有这个待处理的故障" in unknown.output
    silent = whistle("skip", broken, "--reason", " ")
    assert silent.exit_code == 1 and "须写明理由" in silent.output
    assert how_it_ended(site, broken) == (None, None)
