"""The county's chain: blocks by themselves, an anchor a day outside the database, and a journal that proves itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, select, update

from engine.jobs import claim, run
from engine.store.evidence.anchors import read_anchors
from engine.store.evidence.verify import Tally
from engine.store.tables import JournalRow
from engine.store.tables_chain import BlockRow
from engine.store.tables_jobs import JobRow
from processes.agenda import strike, work_of
from processes.chain import verify_journal
from processes.installation import Installation
from processes.recurring import RECURRING, begin_recurring
from processes.sealing import seal
from tests.kit.actors import a_case, at_once
from tests.kit.sites import OPENED, the_folder
from web.__main__ import main

CODE = "360428"
MORNING = datetime.fromisoformat("2026-11-02T08:00:00+08:00")


@pytest.fixture
def inst(site_on_both: Installation, tmp_path: Path) -> Installation:
    """A site whose chain has begun."""
    with site_on_both.db.write() as session:
        begin_recurring(session, CODE, OPENED)
    return replace(site_on_both, anchors=tmp_path / "anchors")


def blocks(inst: Installation) -> list[BlockRow]:
    with inst.db.read() as session:
        return list(session.scalars(select(BlockRow).order_by(BlockRow.no)))


def anchors(inst: Installation) -> list[str]:
    assert inst.anchors is not None
    file = inst.anchors / f"{CODE}.txt"
    return [str(anchor) for _, anchor in read_anchors(file)] if file.exists() else []


def test_a_county_that_is_sealed_has_a_chain_and_only_one(inst: Installation) -> None:
    seal(inst.db, the_folder(), now=OPENED)
    with inst.db.read() as session:
        keys = session.scalars(select(JobRow.key)).all()
    assert sorted(filter(None, keys)) == sorted(RECURRING)


def test_the_journal_of_a_whole_story_proves_itself(inst: Installation) -> None:
    a_case(inst, 99, "water_pipe")
    strike(inst, MORNING)
    tally = Tally()
    assert list(verify_journal(inst, CODE, tally=tally)) == []
    assert (tally.cases, tally.blocks, tally.anchors) == (1, len(blocks(inst)), len(anchors(inst)))
    assert tally.lines > 40 and tally.blocks > 5


def test_a_fault_names_the_matter_by_its_number(inst: Installation) -> None:
    case = a_case(inst, 6)
    with inst.db.write() as session:
        edited = (JournalRow.case_id == case, JournalRow.revision == 2)
        session.execute(update(JournalRow).where(*edited).values(by="somebody"))
    (fault,) = verify_journal(inst, CODE)
    assert (fault.reference, fault.revision) == ("DC2026-0001", 2)


def test_every_ten_minutes_a_block_if_anything_happened(inst: Installation) -> None:
    strike(inst, MORNING)
    before = len(blocks(inst))
    a_case(inst, 1, begins=MORNING + timedelta(minutes=1))
    assert len(blocks(inst)) == before
    for minutes in (11, 21, 31):
        strike(inst, MORNING + timedelta(minutes=minutes))
    assert len(blocks(inst)) == before + 1


def test_after_downtime_there_is_one_block_not_hundreds(inst: Installation) -> None:
    strike(inst, MORNING)
    before = len(blocks(inst))
    strike(inst, MORNING + timedelta(days=3))
    assert len(blocks(inst)) == before + 1


def test_an_anchor_is_written_once_a_day_by_the_countys_own_days(inst: Installation) -> None:
    for hours in (0, 1, 2, 15.9, 16.1, 17):  # midnight in the county is sixteen hours after the morning's eight
        strike(inst, MORNING + timedelta(hours=hours))
    assert [line.split()[0] for line in anchors(inst)] == ["2026-11-02", "2026-11-03"]
    assert list(verify_journal(inst, CODE)) == []


def test_a_kill_between_block_and_anchor_loses_no_anchor(inst: Installation) -> None:
    (job,) = [each for each in claim(inst.db, MORNING, most=9) if each.kind == "chain"]
    killed = replace(inst, anchors=None)  # what was to be done after the commit is not done
    assert run(inst.db, job, MORNING, work_of(killed))
    assert (len(blocks(inst)), anchors(inst)) == (1, [])
    strike(inst, MORNING + timedelta(minutes=10))
    digest = blocks(inst)[-1].digest.hex()
    assert anchors(inst) == [f"2026-11-02 1 {digest} 0"]


def test_a_disk_that_refuses_does_not_stop_the_county(inst: Installation, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("a file where the folder should be")
    refused = replace(inst, anchors=tmp_path / "full")
    strike(refused, MORNING)
    assert len(blocks(inst)) == 1
    strike(inst, MORNING + timedelta(minutes=10))
    assert len(anchors(inst)) == 1


def test_two_workers_at_once_make_one_block(inst: Installation) -> None:
    a_case(inst, 1, begins=MORNING)
    due = MORNING + timedelta(minutes=30)
    before = len(blocks(inst))
    assert all(isinstance(done, int) for done in at_once(lambda: strike(inst, due), lambda: strike(inst, due)))
    assert len(blocks(inst)) == before + 1
    assert list(verify_journal(inst, CODE)) == []


# -- whistle journal verify


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("WHISTLE_DATA", str(tmp_path))
    yield tmp_path


def verified(*options: str) -> Result:
    return CliRunner().invoke(main, ["journal", "verify", *options])


def a_site_with_a_case(site: Installation, data: Path) -> None:
    with site.db.write() as session:
        begin_recurring(session, CODE, OPENED)
        session.execute(delete(JobRow).where(JobRow.kind == "supervise"))  # its orders are cases too
    a_case(replace(site, anchors=data / "anchors"), 6)


def test_the_command_says_that_nothing_was_altered(site: Installation, data: Path) -> None:
    a_site_with_a_case(site, data)
    said = verified()
    assert (said.exit_code, said.stderr) == (0, "")
    assert "没有发现改动。Nothing was altered." in said.stdout and "1 件" in said.stdout


def test_the_command_names_what_was_altered_and_fails(site: Installation, data: Path) -> None:
    a_site_with_a_case(site, data)
    with site.db.write() as session:
        session.execute(update(JournalRow).where(JournalRow.revision == 2).values(by="somebody"))
    said = verified("--county", CODE)
    assert said.exit_code == 1
    assert "哨单 DC2026-0001" in said.stdout and "第 2 次记录与链值不符" in said.stdout and "Faults: 1." in said.stdout
    (told,) = map(json.loads, verified("--json").stdout.splitlines())
    assert (told["kind"], told["matter"], told["revision"], told["county"]) == ("link_differs", "DC2026-0001", 2, CODE)


def test_the_command_compares_a_copy_of_the_anchors(site: Installation, data: Path) -> None:
    a_site_with_a_case(site, data)
    own = data / "anchors" / f"{CODE}.txt"
    copy = data / "copy.txt"
    copy.write_text(own.read_text().replace(" 0\n", " 7\n").replace(" 1\n", " 7\n"))
    assert verified("--anchors", str(own)).exit_code == 0
    said = verified("--anchors", str(copy))
    assert said.exit_code == 1 and "锚文件第 1 行与第 1 块不符" in said.stdout


def test_a_county_that_is_not_there_is_said_so(site: Installation, data: Path) -> None:
    assert "没有代码为 999999 的县" in verified("--county", "999999").output
