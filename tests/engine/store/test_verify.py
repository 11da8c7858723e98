"""Whoever changes anything in the journal behind the service's back is found out, and the place is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from engine.store.chain import link
from engine.store.database import Database
from engine.store.tables import CaseRow, JournalRow, OfferRow, TaskRow
from engine.store.tables_chain import BlockRow, HeadRow, RefusalRow
from engine.store.tables_jobs import JobRow
from engine.store.tables_messages import WaitRow
from tests.engine.store.counties import County, a_county
from tests.engine.store.stories import COUNTY

Tamper = Callable[[County], None]


def case_of(county: County, name: str = "t1") -> str:
    return county.cases[name].id


def run(county: County, *statements: Any) -> None:
    with county.db.write() as session:
        for statement in statements:
            session.execute(statement, execution_options={"synchronize_session": False})


def lines(county: County, *where: Any, name: str = "t1") -> tuple[Any, ...]:
    return (JournalRow.county == COUNTY, JournalRow.case_id == case_of(county, name), *where)


def of_revision(county: County, revision: int, *, name: str = "t1") -> tuple[Any, ...]:
    return lines(county, JournalRow.revision == revision, name=name)


def told_at(county: County, revision: int) -> list[Any]:
    """What a revision tells: two lines, a completion and an opening."""
    (row,) = county.rows(JournalRow, *of_revision(county, revision))
    assert len(row.told) >= 2
    return list(row.told)


def tell(county: County, revision: int, told: list[Any]) -> None:
    """Let a revision tell something else, under its old link."""
    run(county, update(JournalRow).where(*of_revision(county, revision)).values(told=told))


def plain(row: JournalRow, **changes: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in JournalRow.__table__.columns} | changes


# -- edits


def edit_a_fact(county: County) -> None:
    (fact, facts), *rest = told_at(county, 2)
    tell(county, 2, [[fact, {**facts, "outcome": "refuse"}], *rest])


def edit_the_name_of_a_fact(county: County) -> None:
    (_, facts), *rest = told_at(county, 2)
    tell(county, 2, [["TaskWithdrawn", facts], *rest])


def edit_a_time(county: County) -> None:
    row = county.rows(JournalRow, *of_revision(county, 3))[0]
    run(county, update(JournalRow).where(*of_revision(county, 3)).values(at=row.at - timedelta(days=2)))


def edit_a_person(county: County) -> None:
    run(county, update(JournalRow).where(*of_revision(county, 4)).values(by="li"))


def edit_the_last_revision(county: County) -> None:
    run(county, update(JournalRow).where(*of_revision(county, 6)).values(by="li"))


def spoil_the_text_of_a_revision(county: County) -> None:
    spoilt = "CAST('[1]' AS JSON)" if county.db.url.startswith("postgresql") else "'{not json'"
    where = f"case_id = '{case_of(county)}' AND revision = 2"
    run(county, text(f"UPDATE journal SET told = {spoilt} WHERE {where}"))


def forge_a_link(county: County) -> None:
    """A link that fits its own lines, but not the link before."""
    row = plain(county.rows(JournalRow, *of_revision(county, 4))[0])
    run(county, update(JournalRow).where(*of_revision(county, 4)).values(link=link(b"", row)))


# -- gaps


def delete_a_line(county: County) -> None:
    tell(county, 2, told_at(county, 2)[1:])


def delete_the_last_line_of_a_revision(county: County) -> None:
    tell(county, 2, told_at(county, 2)[:-1])


def delete_every_line_of_a_revision(county: County) -> None:
    tell(county, 2, [])


def delete_a_revision(county: County) -> None:
    run(county, delete(JournalRow).where(*of_revision(county, 4)))


def cut_the_tail(county: County) -> None:
    run(county, delete(JournalRow).where(*lines(county, JournalRow.revision > 4)))


def cut_the_tail_and_put_the_case_back(county: County) -> None:
    """As if an old copy of the case had been restored, its row included."""
    at_four = county.rows(JournalRow, *of_revision(county, 4))[-1].link
    its_row = update(CaseRow).where(CaseRow.id == case_of(county)).values(revision=4, head=at_four)
    run(county, delete(JournalRow).where(*lines(county, JournalRow.revision > 4)), its_row)


def delete_all_lines(county: County) -> None:
    run(county, delete(JournalRow).where(*lines(county)))


def delete_a_case(county: County) -> None:
    case_id = case_of(county)
    tasks = select(TaskRow.id).where(TaskRow.case_id == case_id)
    gone = [delete(OfferRow).where(OfferRow.task_id.in_(tasks))]
    gone += [delete(table).where(table.case_id == case_id) for table in (TaskRow, JobRow, WaitRow, JournalRow, HeadRow)]
    run(county, *gone, delete(CaseRow).where(CaseRow.id == case_id))


# -- order


def swap_two_lines(county: County) -> None:
    first, second, *rest = told_at(county, 2)
    tell(county, 2, [second, first, *rest])


def swap_two_revisions(county: County) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        run(county, update(JournalRow).where(*of_revision(county, old)).values(revision=new))


def give_one_case_the_journal_of_another(county: County) -> None:
    one, other = case_of(county, "t2"), case_of(county, "t3")
    for old, new in ((one, "f" * 32), (other, one), ("f" * 32, other)):
        run(county, update(JournalRow).where(JournalRow.case_id == old).values(case_id=new))
    heads = {row.id: row.head for row in county.rows(CaseRow)}
    for case_id, head in ((one, heads[other]), (other, heads[one])):
        run(county, update(CaseRow).where(CaseRow.id == case_id).values(head=head))


# -- additions


def insert_a_line(county: County) -> None:
    told = told_at(county, 2)
    tell(county, 2, [*told, told[-1]])


def move_a_line_to_another_revision(county: County) -> None:
    first, *rest = told_at(county, 2)
    tell(county, 3, [*told_at(county, 3), first])
    tell(county, 2, rest)


def insert_a_revision(county: County) -> None:
    """Where there was none: a matter's revision may have told nothing."""
    run(county, update(JournalRow).where(*lines(county, JournalRow.revision == 6)).values(revision=7))
    run(county, insert(JournalRow).values(plain(county.rows(JournalRow, *of_revision(county, 5))[0], revision=6)))
    run(county, update(CaseRow).where(CaseRow.id == case_of(county)).values(revision=7))


def append_a_linked_revision(county: County) -> None:
    last = county.rows(JournalRow, *of_revision(county, 6))[-1]
    row = plain(last, revision=7, told=[["CaseEnded", {}]])
    run(county, insert(JournalRow).values(row | {"link": link(last.link, row)}))


# -- the whole chain anew


def rewrite_a_case_with_all_its_links(county: County) -> None:
    run(county, update(JournalRow).where(*of_revision(county, 3)).values(by="li"))
    head = b""
    for revision in range(1, 7):
        (row,) = county.rows(JournalRow, *of_revision(county, revision))
        head = link(head, plain(row))
        run(county, update(JournalRow).where(*of_revision(county, revision)).values(link=head))
    run(county, update(CaseRow).where(CaseRow.id == case_of(county)).values(head=head))


# -- blocks, refusals, anchors


def edit_a_block(county: County) -> None:
    run(county, update(BlockRow).where(BlockRow.no == 2).values(cases=2))


def spoil_a_block(county: County) -> None:
    run(county, update(BlockRow).where(BlockRow.no == 4).values(content=b"nothing"))


def delete_a_block(county: County) -> None:
    run(county, delete(BlockRow).where(BlockRow.no == 2))


def delete_the_last_block(county: County) -> None:
    run(county, delete(BlockRow).where(BlockRow.no == 4))


def edit_a_refusal(county: County) -> None:
    run(county, update(RefusalRow).where(RefusalRow.block == 1).values(by="li"))


def delete_a_refusal(county: County) -> None:
    run(county, delete(RefusalRow).where(RefusalRow.block == 3))


def edit_an_anchor(county: County) -> None:
    told = county.anchors.read_text().splitlines()
    day, no, digest, cases = told[1].split()
    county.anchors.write_text("\n".join([told[0], f"{day} {no} {digest[::-1]} {cases}", told[2], ""]))


def scribble_on_an_anchor(county: County) -> None:
    county.anchors.write_text(county.anchors.read_text().replace(" 1 ", " one ", 1))


def lose_the_anchors(county: County) -> None:
    county.seal(days=1)
    county.anchors.unlink()


TAMPERS: dict[Tamper, set[tuple[str, str, int | None]]] = {
    edit_a_fact: {("link_differs", "t1", 2)},
    edit_a_time: {("link_differs", "t1", 3)},
    edit_a_person: {("link_differs", "t1", 4)},
    edit_the_last_revision: {("link_differs", "t1", 6)},
    edit_the_name_of_a_fact: {("link_differs", "t1", 2)},
    forge_a_link: {("link_differs", "t1", 4), ("link_differs", "t1", 5), ("rewritten", "t1", 4)},
    delete_a_line: {("link_differs", "t1", 2)},
    delete_the_last_line_of_a_revision: {("link_differs", "t1", 2)},
    delete_every_line_of_a_revision: {("link_differs", "t1", 2)},
    delete_a_revision: {("link_differs", "t1", 5), ("rewritten", "t1", 4)},
    cut_the_tail: {("tail_missing", "t1", 4)},
    cut_the_tail_and_put_the_case_back: {("tail_missing", "t1", 4)},
    delete_all_lines: {("journal_missing", "t1", None)},
    delete_a_case: {("case_missing", "t1", 6)},
    swap_two_lines: {("link_differs", "t1", 2)},
    swap_two_revisions: {*(("link_differs", "t1", place) for place in (3, 4, 5)), ("rewritten", "t1", 3)},
    insert_a_line: {("link_differs", "t1", 2)},
    move_a_line_to_another_revision: {("link_differs", "t1", 2), ("link_differs", "t1", 3)},
    insert_a_revision: {*(("link_differs", "t1", place) for place in (6, 7)), ("rewritten", "t1", 6)},
    append_a_linked_revision: {("tail_added", "t1", 7)},
    rewrite_a_case_with_all_its_links: {("rewritten", "t1", 3)},
    edit_a_block: {("block_differs", "", None)},
    delete_the_last_block: {("block_missing", "", None)},
    edit_a_refusal: {("refusal_differs", "", None)},
    delete_a_refusal: {("refusal_missing", "", None)},
    edit_an_anchor: {("anchor_differs", "", None)},
    scribble_on_an_anchor: {("anchor_unreadable", "", None)},
    lose_the_anchors: {("anchors_missing", "", None)},
}


@pytest.fixture
def county(db: Database, tmp_path: Path) -> County:
    made = a_county(db, tmp_path)
    assert made.faults() == []
    return made


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_what_was_done_is_found_and_its_place_is_named(county: County, tamper: Tamper) -> None:
    tamper(county)
    assert county.places() == TAMPERS[tamper]


def test_a_fault_names_the_revision_its_first_fact_and_its_time(county: County) -> None:
    edit_the_last_revision(county)
    (row,) = county.rows(JournalRow, *of_revision(county, 6))
    (fault,) = county.faults()
    assert (fault.county, fault.revision, fault.fact, fault.at) == (COUNTY, 6, "TaskCompleted", row.at)
    assert "第 6 次记录" in fault.sentence and "revision 5" in fault.english


def test_a_journal_given_to_another_case_fits_neither(county: County) -> None:
    give_one_case_the_journal_of_another(county)
    assert {"t2", "t3"} <= {case for _, case, _ in county.places()}


def test_a_case_whose_lines_cannot_even_be_read_is_a_fault_and_the_others_are_still_checked(county: County) -> None:
    spoil_the_text_of_a_revision(county)
    run(county, update(JournalRow).where(*of_revision(county, 1, name="t2")).values(by="li"))
    assert {(kind, case) for kind, case, _ in county.places()} in (
        {("unreadable", "t1"), ("link_differs", "t2")},
        {("link_differs", "t1"), ("link_differs", "t2")},  # PostgreSQL keeps it readable: a list in place of facts
    )


def test_a_spoilt_block_is_a_fault_and_nothing_else_is_blamed(county: County) -> None:
    spoil_a_block(county)
    assert {(each.kind, each.block) for each in county.faults()} == {("block_differs", 4)}


def test_a_missing_block_is_named_and_the_next_no_longer_fits(county: County) -> None:
    delete_a_block(county)
    assert {(each.kind, each.block) for each in county.faults()} == {("block_missing", 2), ("block_differs", 3)}


def test_work_that_no_block_has_seen_yet_is_no_fault(county: County) -> None:
    county.begin("t4").do("t4", "a").do("t3", "a")
    assert county.faults() == []


def test_the_check_sees_one_moment_while_people_go_on_working(county: County) -> None:
    with county.db.still() as session:
        before = session.scalars(select(CaseRow.revision).order_by(CaseRow.id)).all()
        county.do("t3", "a")
        county.seal()
        assert session.scalars(select(CaseRow.revision).order_by(CaseRow.id)).all() == before
