"""Checks every case of a county, a page at a time: those that are there, those removed by rule, those that are gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, select

from engine.store.archive import read_archives
from engine.store.evidence.faults import Fault
from engine.store.evidence.look import Look
from engine.store.evidence.one_case import (
    Chain,
    Place,
    Revision,
    check_removed,
    check_revisions,
    check_seen,
    check_standing,
)
from engine.store.evidence.scratch import Seen
from engine.store.removal import REMOVED
from engine.store.tables import CaseRow, JournalRow

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)
Revisions = Mapping[str, list[Revision]]


def check_cases(look: Look) -> Iterator[Fault]:
    """What is wrong with any case; `check_blocks` has filled the scratch file before."""
    for ids in look.pages(select(CaseRow.id).where(CaseRow.county == look.county), CaseRow.id):
        seen, standing, rows = look.seen.take_heads(ids), _standing(look, ids), _revisions(look, ids)
        for case_id in ids:
            yield from _readable(look, case_id, _case(look, case_id, rows, standing[case_id], seen.get(case_id, [])))
    alone = select(JournalRow.case_id).where(JournalRow.county == look.county, ~_has_case()).distinct()
    for ids in look.pages(alone, JournalRow.case_id):
        seen, rows = look.seen.take_heads(ids), _revisions(look, ids)
        for case_id in ids:
            yield from _readable(look, case_id, _removed(look, case_id, rows, seen.get(case_id, [])))
    for case_id, block, revision in look.seen.left_heads():
        yield look.fault("case_missing", case_id=case_id, block=block, revision=revision)


def _case(
    look: Look, case_id: str, rows: Revisions | None, standing: tuple[int, bytes], seen: Sequence[Seen]
) -> Iterator[Fault]:
    place, chain = Place(look.county, case_id), Chain()
    yield from check_revisions(place, _own(look, case_id, rows), chain)
    contradicted = list(check_seen(place, chain, seen)) if chain.revisions else []
    yield from contradicted or check_standing(place, chain, *standing)


def _removed(look: Look, case_id: str, rows: Revisions | None, seen: Sequence[Seen]) -> Iterator[Fault]:
    place, own = Place(look.county, case_id), _own(look, case_id, rows)
    if [fact for row in own for fact, _ in row["told"]] == [REMOVED]:
        yield from check_removed(place, own[0], seen)
    else:
        yield place.fault("journal_alone", own[-1])


def _readable(look: Look, case_id: str, found: Iterator[Fault]) -> Iterator[Fault]:
    """What was found; a case that cannot even be read is a fault itself."""
    look.tally.cases += 1
    look.watch(look.tally)
    try:
        yield from found
    except _UNREADABLE:
        yield look.fault("unreadable", case_id=case_id)


def _own(look: Look, case_id: str, rows: Revisions | None) -> list[Revision]:
    own = (_read(look, [case_id]) if rows is None else rows).get(case_id, [])
    look.tally.lines += sum(len(row["told"]) for row in own)
    return own


def _revisions(look: Look, ids: Sequence[str]) -> Revisions | None:
    """The journals of these cases; None when one of them cannot be read, so that they are read one by one."""
    try:
        return _read(look, ids)
    except _UNREADABLE:
        return None


def _read(look: Look, ids: Sequence[str]) -> Revisions:
    """Archived revisions and live ones, in order."""
    archived = read_archives(look.session, look.county, ids)
    found: dict[str, list[Revision]] = {id: list(rows[JournalRow.__tablename__]) for id, rows in archived.items()}
    rows = select(JournalRow.__table__).where(JournalRow.county == look.county, JournalRow.case_id.in_(ids))
    for row in look.session.execute(rows).mappings():
        revision: dict[str, Any] = {str(name): value for name, value in row.items()}
        found.setdefault(revision["case_id"], []).append(revision)
    for revisions in found.values():
        revisions.sort(key=itemgetter("revision"))
    return found


def _standing(look: Look, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
    query = select(CaseRow.id, CaseRow.revision, CaseRow.head)
    rows = look.session.execute(query.where(CaseRow.county == look.county, CaseRow.id.in_(ids)))
    return {case_id: (revision, head) for case_id, revision, head in rows}


def _has_case() -> ColumnElement[bool]:
    its_case = select(CaseRow.id).where(CaseRow.county == JournalRow.county, CaseRow.id == JournalRow.case_id)
    return its_case.exists()
