"""Closed cases: packed away and still there to read; removed when their time is over, and the chain holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from engine.store.cases import NoSuchCase
from engine.store.chain import exact, link
from engine.store.evidence.verify import Fault, Tally
from engine.store.removal import REMOVED
from engine.store.tables import CaseRow, JournalRow, TaskRow
from engine.store.tables_archive import ArchiveRow
from engine.store.tables_chain import HeadRow
from engine.store.tables_jobs import JobRow
from processes import closed_cases
from processes.agenda import strike
from processes.attachments import keep_paper
from processes.chain import verify_journal
from processes.check import check
from processes.closed_cases import unarchive_case
from processes.installation import Installation
from processes.queries.cases import WholeCase, find_case_id, get_case, list_cases
from processes.recurring import begin_recurring
from processes.schema import METADATA
from processes.sealing import seal
from processes.tables import MatterRow, PaperRow, RatingRow, VerdictRow
from processes.tables_assessment import ExclusionRow
from processes.tables_former import FormerRow
from tests.kit.actors import a_case, pack_of
from tests.kit.folders import unsupervised
from tests.kit.journals import journal_lines
from tests.kit.papers import a_paper
from tests.kit.sites import OPENED, a_site, me, the_folder

CODE = "360428"
SPRING = datetime(2027, 3, 1, 1, tzinfo=UTC)
OFFICE = "director@whistle_office"


@pytest.fixture
def inst(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """Months pass here: cases that wait so long are not supervised, so that they stay the only ones."""
    site = a_site(tmp_path, database_url, folder=unsupervised())
    with site.db.write() as session:
        begin_recurring(session, CODE, OPENED)
    yield site
    site.db.close()


def keep_for(inst: Installation, years: int) -> None:
    """The county decides how long closed cases are kept."""
    told = unsupervised()["county.toml"].decode() + f"closed_cases_years = {years}\n"
    seal(inst.db, unsupervised() | {"county.toml": told.encode()}, now=OPENED)


def read(inst: Installation, case_id: str) -> WholeCase:
    with inst.db.read() as session:
        return get_case(session, me(inst, OFFICE), case_id)


def plain(case: WholeCase) -> dict[str, Any]:
    """All a page can say about a case, as values."""

    def values(row: Any) -> dict[str, Any]:
        return {column.name: getattr(row, column.name) for column in row.__table__.columns}

    return {
        "tasks": [values(row) for row in case.tasks],
        "answers": case.answers,
        "journal": case.journal,
        "held": {person: sorted(map(str, held)) for person, held in case.held.items()},
        "people": case.people,
        "papers": [row.name for row in case.papers],
        "notices": [row.text for row in case.notices],
    }


def rows(inst: Installation, table: Any, *where: Any) -> list[Any]:
    with inst.db.read() as session:
        return list(session.scalars(select(table).where(*where)))


def rows_of(inst: Installation, case_id: str) -> Counter[str]:
    """How many rows of each table name a case."""
    with inst.db.read() as session:
        tables = [table for table in METADATA.sorted_tables if "case_id" in table.c]
        found = {table.name: table.c.case_id for table in tables}
        return Counter(
            name
            for name, column in found.items()
            for _ in session.execute(select(column).where(column == case_id)).all()
        )


def faults(inst: Installation) -> list[Fault]:
    return list(verify_journal(inst, CODE))


# -- packed


def test_a_case_closed_for_ninety_days_is_packed_and_reads_the_same(inst: Installation) -> None:
    case_id = a_case(inst, 99, "two_rounds_of_rework")
    before = plain(read(inst, case_id))
    strike(inst, SPRING)
    assert [row.case_id for row in rows(inst, ArchiveRow)] == [case_id]
    assert rows(inst, TaskRow) == rows(inst, JournalRow) == []
    assert plain(read(inst, case_id)) == before
    assert faults(inst) == []


def test_a_packed_case_is_still_listed_and_found(inst: Installation) -> None:
    case_id = a_case(inst, 99)
    strike(inst, SPRING)
    who, pack = me(inst, OFFICE), pack_of(inst)
    with inst.db.read() as session:
        assert find_case_id(session, who, "DC2026-0001") == case_id
        title = session.scalars(select(MatterRow.title)).one()
        for words in ("", title[:4], "DC2026-0001"):
            found, total = list_cases(session, who, pack, now=SPRING, chosen="ended", words=words, page=1)
            assert ([each.case.id for each in found], total) == ([case_id], 1)


def test_a_running_case_and_one_just_closed_stay_as_they_are(inst: Installation) -> None:
    a_case(inst, 6)
    a_case(inst, 99, begins=SPRING - timedelta(days=80))
    strike(inst, SPRING)
    assert rows(inst, ArchiveRow) == []


def test_a_case_unpacked_by_hand_stays_unpacked(inst: Installation) -> None:
    case_id = a_case(inst, 99)
    before = rows_of(inst, case_id)
    strike(inst, SPRING)
    assert unarchive_case(inst, CODE, case_id)
    assert rows_of(inst, case_id) == before
    strike(inst, SPRING + timedelta(days=2))
    assert rows(inst, ArchiveRow) == [] and faults(inst) == []
    assert not unarchive_case(inst, CODE, case_id)
    with pytest.raises(NoSuchCase):
        unarchive_case(inst, CODE, "0" * 32)


def test_many_are_packed_a_few_at_a_time_at_once_after_each_other(
    inst: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closed_cases, "MOST", 1)
    for _ in range(3):
        a_case(inst, 99)
    packed = []
    for second in range(4):
        strike(inst, SPRING + timedelta(seconds=2 * second))
        packed.append(len(rows(inst, ArchiveRow)))
    assert packed == [1, 2, 3, 3]
    (job,) = rows(inst, JobRow, JobRow.kind == "retention")
    assert job.due_at > SPRING + timedelta(hours=23)


# -- removed


def test_without_a_rule_nothing_is_ever_removed(inst: Installation) -> None:
    case_id = a_case(inst, 99)
    strike(inst, SPRING.replace(year=2099))
    assert find(inst, case_id).ended_by is not None


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "not packed"])
def test_when_its_time_is_over_a_whole_case_goes_and_the_chain_still_holds(inst: Installation, packed: bool) -> None:
    keep_for(inst, 10)
    case_id, other = a_case(inst, 99, "water_pipe"), a_case(inst, 99, begins=SPRING)
    with inst.db.write() as session:
        session.execute(insert(FormerRow).values(county=CODE, case_id=other, former_id=case_id))
    strike(inst, SPRING.replace(month=5))
    lines = Tally()
    list(verify_journal(inst, CODE, tally=lines))
    if not packed:
        unarchive_case(inst, CODE, case_id)
    rest = plain(read(inst, other))
    strike(inst, SPRING.replace(year=2036))
    assert rows_of(inst, case_id).keys() >= {"matter"}  # ten years are not over yet
    strike(inst, SPRING.replace(year=2036, month=12))
    assert rows_of(inst, case_id) == Counter(journal=1, head=1, rating=rows_of(inst, case_id)["rating"])
    assert plain(read(inst, other)) == rest and rows(inst, FormerRow) == []
    (line,) = journal_lines(inst.db, JournalRow.case_id == case_id)
    assert (line.fact, line.facts["rule"]) == (REMOVED, "closed_cases_years = 10")
    assert line.facts["reference"] == "DC2026-0001"
    assert line.facts["lines"] + len(read(inst, other).journal) == lines.lines
    assert faults(inst) == []  # while its last line waits for a block
    strike(inst, SPRING.replace(year=2037))
    assert rows(inst, HeadRow, HeadRow.block.is_(None)) == [] and faults(inst) == []


def scores(inst: Installation) -> list[tuple[object, ...]]:
    return sorted((row.unit, row.aspect, row.score, row.rater, row.at) for row in rows(inst, RatingRow))


def test_ratings_stay_without_people_so_that_figures_stay_true(inst: Installation) -> None:
    keep_for(inst, 10)
    case_id = a_case(inst, 99, "low_score_answered")
    before = scores(inst)
    assert all(row.reason and row.answer for row in rows(inst, RatingRow))
    remove(inst)
    assert before and scores(inst) == before
    assert {(row.by, row.reason, row.answer) for row in rows(inst, RatingRow)} == {("", None, None)}
    assert case_id not in {row.case_id for row in rows(inst, MatterRow)}


def test_verdicts_stay_without_people_so_that_precedents_are_not_lost(inst: Installation) -> None:
    keep_for(inst, 10)
    case_id, told = a_case(inst, 99), {"item": "D01", "unit": "housing", "verdict": "uphold", "reason": "张三说的"}
    with inst.db.write() as session:
        key = {"county": CODE, "key": "k", "case_id": case_id, "task_id": case_id}
        session.add(VerdictRow(**key, **told, by="zhang", at=SPRING))
    remove(inst)
    (row,) = rows(inst, VerdictRow)
    assert (row.item, row.unit, row.verdict, row.by, row.reason) == ("D01", "housing", "uphold", "", None)


@pytest.mark.parametrize("removed", ["excluded", "case_id"])
def test_what_an_assessment_excluded_stays_on_its_sheet_without_people(inst: Installation, removed: str) -> None:
    key = {"county": CODE, "case_id": "1" * 32, "excluded": "2" * 32}
    told = {"number": "DC2026-0001", "unit": "housing", "reason": "村民阻工，不是本单位拖延。"}
    keep_for(inst, 10)
    case_id = a_case(inst, 99)
    with inst.db.write() as session:
        session.add(ExclusionRow(**{**key, removed: case_id}, **told, by="zhang", at=SPRING))
    remove(inst)
    (row,) = rows(inst, ExclusionRow)
    assert (row.by, row.reason) == ("", told["reason"])


def test_papers_go_with_their_case_unless_another_has_the_same(inst: Installation) -> None:
    keep_for(inst, 10)
    a_case(inst, 99)
    papers = rows(inst, PaperRow)
    shared, *own = sorted({paper.sha256: paper for paper in papers}.values(), key=lambda paper: paper.name)
    keep_paper(inst, me(inst, OFFICE), BytesIO(a_paper(shared.name)), shared.name, now=SPRING)
    remove(inst)
    left = {path.name for path in inst.papers.root.rglob("*") if path.is_file()}
    assert shared.sha256 in left and own
    assert not left & {sha256 for paper in own for sha256 in (paper.sha256, paper.view_sha256, paper.thumb_sha256)}


def test_bytes_that_are_handed_in_anew_at_that_moment_stay(inst: Installation) -> None:
    stored = keep_paper(inst, me(inst, OFFICE), BytesIO(a_paper("a.pdf")), "a.pdf", now=SPRING)
    (row,) = rows(inst, PaperRow, PaperRow.id == stored.id)
    path = inst.papers.path(row.sha256)
    assert not inst.papers.discard(row.sha256, datetime.fromtimestamp(path.stat().st_mtime, UTC))
    assert path.read_bytes() == a_paper("a.pdf")
    assert inst.papers.discard(row.sha256, datetime.fromtimestamp(path.stat().st_mtime + 7200, UTC))
    assert not path.exists() and inst.papers.discard(row.sha256, SPRING)


def test_a_number_is_never_given_twice(inst: Installation) -> None:
    keep_for(inst, 1)
    a_case(inst, 99)
    strike(inst, SPRING)
    strike(inst, SPRING.replace(year=2028))
    assert rows(inst, MatterRow) == []
    a_case(inst, 99)
    assert [row.number for row in rows(inst, MatterRow)] == ["DC2026-0002"]


# -- removals that are none


def removed_by_hand(inst: Installation, case_id: str, ended_at: datetime, at: datetime) -> None:
    """Somebody with the database in their hands removes a case, and leaves a line as the service would."""
    case = find(inst, case_id)
    told = {"previous": case.head.hex(), "lines": 9, "years": 10, "rule": "closed_cases_years = 10", "reference": ""}
    told |= {"ended_at": exact(ended_at)}
    key = {"county": CODE, "case_id": case_id, "revision": case.revision + 1}
    row = key | {"at": at, "by": None, "told": [[REMOVED, told]]}
    with inst.db.write() as session:
        for table in reversed(METADATA.sorted_tables):
            if "case_id" in table.c and table.name not in ("head", "rating", "verdict"):
                session.execute(delete(table).where(table.c.case_id == case_id))
        session.execute(delete(CaseRow).where(CaseRow.id == case_id))
        session.execute(insert(JournalRow).values(row | {"link": link(case.head, row)}))


def test_a_case_removed_before_its_time_is_found(inst: Installation) -> None:
    case_id = a_case(inst, 99)
    strike(inst, SPRING)
    removed_by_hand(inst, case_id, ended_at=find(inst, case_id).ended_at, at=SPRING)
    assert [(each.kind, each.case_id) for each in faults(inst)] == [("removed_early", case_id)]


def test_a_case_that_is_said_to_have_ended_long_ago_is_found(inst: Installation) -> None:
    a_case(inst, 99)
    case_id = a_case(inst, 99, begins=SPRING)
    strike(inst, SPRING + timedelta(days=60))
    removed_by_hand(inst, case_id, ended_at=SPRING.replace(year=2010), at=SPRING + timedelta(days=60))
    assert [(each.kind, each.case_id) for each in faults(inst)] == [("removed_early", case_id)]


def test_a_removal_that_was_edited_is_found(inst: Installation) -> None:
    keep_for(inst, 10)
    case_id = a_case(inst, 99)
    remove(inst)
    (line,) = journal_lines(inst.db)
    for facts in (line.facts | {"lines": 3}, line.facts | {"previous": "00" * 32}, {"no": "facts"}):
        with inst.db.write() as session:
            session.execute(update(JournalRow).values(told=[[REMOVED, facts]]))
        assert case_id in {each.case_id for each in faults(inst)}


def test_a_removal_that_was_deleted_is_found(inst: Installation) -> None:
    keep_for(inst, 10)
    a_case(inst, 99)
    remove(inst)
    with inst.db.write() as session:
        session.execute(delete(JournalRow))
    assert [each.kind for each in faults(inst)] == ["case_missing"]


# -- the rule


@pytest.mark.parametrize(
    "rule", ["archive_after_days = 0", "closed_cases_years = 0", "closed_cases_years = true", "years = 10", "a = [1]"]
)
def test_a_rule_that_is_none_is_refused_before_it_is_sealed(rule: str) -> None:
    told = the_folder()["county.toml"].decode().replace("archive_after_days = 90", rule)
    findings = check(the_folder() | {"county.toml": told.encode()}).findings
    assert any("[retention]" in finding.message_zh for finding in findings)


def test_the_29th_of_february_is_the_28th_where_there_is_none() -> None:
    rule = closed_cases.Retention(closed_cases_years=1)
    assert rule.removed_before(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2027, 2, 28, tzinfo=UTC)


def find(inst: Installation, case_id: str) -> CaseRow:
    (row,) = rows(inst, CaseRow, CaseRow.id == case_id)
    assert isinstance(row, CaseRow)
    return row


def remove(inst: Installation) -> None:
    """Let ten years pass."""
    strike(inst, SPRING)
    for day in range(3):
        strike(inst, SPRING.replace(year=2040) + timedelta(days=day))
