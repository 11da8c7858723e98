"""A demonstration filled with made-up months: real in every row, the same for one seed, never over what is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.run import stands
from engine.store.tables import CaseRow, OfferRow, TaskRow
from engine.store.tables_jobs import IncidentRow, JobRow
from processes.chain import verify_journal
from processes.demo.fill import NotEmpty, RealPeople
from processes.installation import Installation
from processes.tables import MatterRow, PersonRow
from tests.kit.actors import Browsers, a_case, all_rows
from tests.kit.sites import an_app
from tests.processes.demo.months import CODE, NOW, an_empty_site, filled, seen


@pytest.fixture(scope="module")
def a_month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    inst = an_empty_site(tmp_path_factory.mktemp("month"))
    filled(inst)
    yield inst
    inst.db.close()


def test_there_are_as_many_matters_as_were_asked_for_and_none_is_from_tomorrow(a_month: Installation) -> None:
    with a_month.db.read() as session:
        begun = session.scalars(select(MatterRow.started_at).where(MatterRow.start == "吹哨")).all()
        last = session.scalar(select(func.max(TaskRow.opened_at)))
    assert 18 <= len(begun) <= 20  # what is raised on the last evening may wait for a morning that has not come
    assert last is not None and max(begun) <= last <= NOW


def test_some_are_done_and_some_are_not(a_month: Installation) -> None:
    with a_month.db.read() as session:
        ended = session.execute(select(CaseRow.ended_by, func.count()).group_by(CaseRow.ended_by)).all()
        today = session.scalar(select(func.count()).select_from(OfferRow).where(OfferRow.opened_at <= NOW))
    ends = dict(ended)
    assert ends.get("closed", 0) >= 1 and ends.get(None, 0) >= 5
    assert today and today >= 5


def test_open_rows_are_the_engines_open_tasks(a_month: Installation) -> None:
    with a_month.db.read() as session:
        rows = session.execute(
            select(CaseRow.id, CaseRow.digest, CaseRow.state).where(CaseRow.ended_at.is_(None))
        ).all()
        assert rows
        for case_id, digest, state in rows:
            pack = a_month.pack(session, CODE, digest)
            still_open = (TaskRow.case_id == case_id, TaskRow.state.in_(("open", "optional")))
            stored = set(session.scalars(select(TaskRow.id).where(*still_open)))
            assert stands(pack.program, state, pack.world(NOW)).open_ids == stored


def test_its_journals_verify(a_month: Installation) -> None:
    assert list(verify_journal(a_month, CODE)) == []


def test_nothing_is_left_undone_and_nothing_went_wrong(a_month: Installation) -> None:
    with a_month.db.read() as session:
        assert session.scalars(select(JobRow.kind).where(JobRow.due_at <= NOW)).all() == []
        assert session.scalars(select(IncidentRow.error)).all() == []


@pytest.mark.parametrize(
    "path",
    ["/", "/done", "/cases/", "/ledgers/pending", "/assessments/", "/supervision/", "/duties/", "/duties/beyond"],
)
@pytest.mark.parametrize("by", ["director@whistle_office", "clerk@360428100", "section_head@housing"])
def test_pages_show_it(a_month: Installation, path: str, by: str) -> None:
    assert Browsers(a_month, an_app(a_month)).of(by).get(path).status_code == 200


def test_the_same_seed_is_the_same_county_and_another_is_another(a_month: Installation, tmp_path: Path) -> None:
    once_more, other = (an_empty_site(tmp_path / name) for name in ("same", "other") if not (tmp_path / name).mkdir())
    filled(once_more)
    filled(other, cases=4, seed="2")
    assert seen(once_more) == seen(a_month)
    assert seen(other)[0] != seen(a_month)[0] and len({*seen(other)} & {*seen(a_month)}) < len(seen(other)) / 10
    once_more.db.close()
    other.db.close()


def test_both_databases_can_be_filled(tmp_path: Path, database_url: str) -> None:
    inst = an_empty_site(tmp_path, database_url)
    told = filled(inst, cases=3)
    assert told["begun"] >= 2 and told["done"] > 10 and not told["refused"]
    inst.db.close()


def test_where_there_is_a_case_nothing_is_made_up(site: Installation) -> None:
    a_case(site, 1)
    before = all_rows(site)
    with pytest.raises(NotEmpty, match="已经有 1 件事项"):
        filled(site)
    assert all_rows(site) == before


def test_where_there_are_real_people_nothing_is_made_up(site: Installation) -> None:
    with site.db.write() as session:
        session.add(PersonRow(county=CODE, id="real", login="real", name="真人", password="x", is_demo=False))
    before = all_rows(site)
    with pytest.raises(RealPeople, match="真实人员"):
        filled(site)
    assert all_rows(site) == before
