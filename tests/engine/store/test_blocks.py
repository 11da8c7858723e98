"""Blocks hold every head and every refusal once, whoever commits late and whoever works beside."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import delete, select, update

from engine.store.chain import BEGINNING
from engine.store.database import Database
from engine.store.evidence import blocks
from engine.store.evidence.anchors import Anchor, read_anchors, write_anchor
from engine.store.evidence.content import unpacked
from engine.store.keep import Act, Fact, note
from engine.store.rows import Row
from engine.store.tables import CaseRow
from engine.store.tables_chain import BlockRow, HeadRow, RefusalRow
from tests.engine.store.counties import County, days
from tests.engine.store.stories import COUNTY
from tests.kit.actors import at_once
from tests.kit.walks import MONDAY


@pytest.fixture
def county(db: Database, tmp_path: Path) -> County:
    return County(db, tmp_path)


def held(county: County) -> list[set[tuple[str, int]]]:
    """What each block holds: names of cases and their revisions."""
    names = {case.id: name for name, case in county.cases.items()}
    found = county.rows(BlockRow, BlockRow.county == COUNTY)
    return [{(names[head.case_id], head.revision) for head in unpacked(block.content).heads} for block in found]


def test_a_block_holds_the_heads_of_the_cases_that_moved(county: County) -> None:
    county.begin("t1", "t2").do("t1", "a").seal()
    county.do("t2", "a", "b").seal()
    assert held(county) == [{("t1", 2), ("t2", 1)}, {("t2", 3)}]
    assert [block.cases for block in county.rows(BlockRow)] == [2, 2]


def test_a_quiet_hour_makes_no_block_but_a_new_day_does(county: County) -> None:
    county.begin("t1").seal()
    assert county.seal() is None
    assert county.seal(days=1) is not None
    assert held(county) == [{("t1", 1)}, set()]


def test_the_first_block_begins_with_nothing_and_each_follows_from_the_one_before(county: County) -> None:
    county.begin("t1").seal()
    county.do("t1", "a").seal()
    first, second = county.rows(BlockRow)
    assert (first.no, second.no) == (1, 2)
    assert first.digest not in (BEGINNING, second.digest)


def test_refusals_are_held_once(county: County) -> None:
    county.refuse()
    county.seal()
    county.refuse()
    county.seal()
    assert [len(unpacked(block.content).refusals) for block in county.rows(BlockRow)] == [1, 1]
    assert sorted(row.block for row in county.rows(RefusalRow)) == [1, 2]


def test_a_transaction_that_commits_late_is_in_the_next_block(db: Database, county: County) -> None:
    """On PostgreSQL a step may be written before a block and committed after it; SQLite has one writer at a time."""
    county.begin("t1", "t2").seal()
    late, written, sealed = county.cases["t1"], Event(), Event()

    def commit_late() -> None:
        with db.write() as session:
            late.keep(session, "a", county.now)
            written.set()
            sealed.wait(30)

    worker = Thread(target=commit_late)
    worker.start()
    written.wait(30)
    if db.url.startswith("sqlite"):
        sealed.set()
        worker.join()
    county.do("t2", "a").seal(minutes=10)
    sealed.set()
    worker.join()
    county.seal(minutes=10)
    assert set().union(*held(county)) == {("t1", 1), ("t2", 1), ("t1", 2), ("t2", 2)}
    assert county.faults() == []


def test_a_step_that_was_committed_hours_late_is_found_the_next_day(county: County) -> None:
    county.begin("t1").seal()
    for _ in range(3):
        county.refuse()
        county.seal()
    county.cases["t1"].do("a", at=MONDAY)  # by the clock of four hours ago
    county.refuse()
    county.seal()
    assert held(county)[-1] == set()
    county.seal(days=1)
    assert held(county)[-1] == {("t1", 2)}


def test_a_clock_that_went_back_loses_nothing(county: County) -> None:
    county.begin("t1").seal(hours=5)
    county.now -= timedelta(hours=4)
    county.do("t1", "a").seal(minutes=10)
    assert held(county)[-1] == {("t1", 2)}
    assert county.faults() == []


def test_two_workers_at_once_make_one_block(county: County) -> None:
    county.begin("t1").seal()
    county.do("t1", "a")

    def seal() -> None:
        with county.db.write() as session:
            blocks.make_block(session, COUNTY, county.now + timedelta(minutes=10))

    at_once(seal, seal)  # on PostgreSQL one of them fails and is tried again by its job
    assert held(county) == [{("t1", 1)}, {("t1", 2)}]
    assert county.faults() == []


def test_a_full_block_says_how_far_it_came_and_the_next_goes_on(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST", 2)
    for name in ("t1", "t2", "t3", "t4", "t5"):
        county.begin(name)
        county.now += timedelta(minutes=1)
    made = [county.seal(seconds=1) for _ in range(4)]
    assert [sorted(name for name, _ in block) for block in held(county)] == [["t1", "t2"], ["t3", "t4"], ["t5"]]
    assert [block.until < block.made_at if block else None for block in made] == [True, True, False, None]
    assert county.faults() == []


def test_a_note_without_a_step_moves_the_head_too(db: Database, county: County) -> None:
    county.begin("t1").seal()
    with db.write() as session:
        note(session, county.cases["t1"].kept, Act(county.now, "wang", facts=(Fact("TaskClaimed"),)))
    county.seal()
    assert held(county)[-1] == {("t1", 2)}


def test_a_lost_head_is_only_held_once_more(db: Database, county: County) -> None:
    county.begin("t1").seal()
    with db.write() as session:
        session.execute(delete(HeadRow))
        session.execute(update(CaseRow).values(changed_at=county.now))
    county.seal()
    assert held(county) == [{("t1", 1)}, {("t1", 1)}]
    assert county.faults() == []


@pytest.mark.postgres
def test_making_a_block_waits_for_nobody_who_has_a_case_locked(postgres_url: str, tmp_path: Path) -> None:
    db = Database(postgres_url)
    Row.metadata.create_all(db.writing)
    county = County(db, tmp_path).begin("t1")
    county.seal()
    county.do("t1", "a")
    with db.write() as working:
        working.scalars(select(CaseRow).with_for_update()).all()
        assert county.seal() is not None
    db.close()


# -- anchors


def test_an_anchor_is_one_line_a_day(county: County) -> None:
    for later in (1, 1, 24, 1, 48):
        county.begin(f"t{county.now}").seal(hours=later)
    monday = MONDAY.date()
    written = [anchor for _, anchor in read_anchors(county.anchors)]
    assert days(enumerate(written)) == [monday, monday + timedelta(days=1), monday + timedelta(days=3)]
    assert [anchor and anchor.block for anchor in written] == [1, 3, 5]
    first = county.rows(BlockRow)[0]
    assert written[0] == Anchor(monday, 1, first.digest, 1)


def test_an_anchor_that_a_power_cut_tore_is_written_anew(county: County) -> None:
    county.begin("t1").seal()
    whole = county.anchors.read_text()
    county.anchors.write_text(whole + "2026-09-08 2 ab")
    county.seal(days=1)
    assert county.anchors.read_text().startswith(whole)
    assert len(list(read_anchors(county.anchors))) == 2
    assert county.faults() == []


def test_a_clock_that_went_back_writes_no_anchor_before_the_last(tmp_path: Path) -> None:
    path, anchor = tmp_path / "new" / "1.txt", Anchor(MONDAY.date(), 7, b"\x01" * 32, 3)
    assert write_anchor(path, anchor)
    assert not write_anchor(path, Anchor(anchor.day - timedelta(days=1), 8, b"\x02" * 32, 3))
    assert path.read_text() == f"{anchor.day} 7 {'01' * 32} 3\n"
