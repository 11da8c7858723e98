"""`chain_matters`: an order is tied to its matters once, and each rung is noted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.ids import new_id
from engine.step import Asked
from engine.store.keep import Act, Kept
from engine.store.tables import CaseRow
from processes.installation import Installation
from processes.tables_supervision import ChainedRow
from processes.verbs import Asking
from processes.verbs.asking import VerbMisused
from processes.verbs.chain_matters import chain_matters
from tests.kit.errands import COUNTY, NOW, an_errand_site, run_errand, user

GIVEN = {"unit": "water", "ground": "overdue", "rung": "urge"}


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = an_errand_site(tmp_path, database_url, "start -> ask -> read -> done", user("read"))
    yield inst
    inst.db.close()


def chain(inst: Installation, order: str, **inputs: object) -> None:
    with inst.db.write() as session:
        case = session.get_one(CaseRow, (COUNTY, order))
        at = Kept(COUNTY, order, case.revision, case.digest, case.head, frozenset(case.units))
        asked = Asked("key:chain", "chain_matters", "chain", "登记督办", GIVEN | inputs, None)
        chain_matters(Asking(session, inst.pack(session, COUNTY, case.digest), at, asked, Act(NOW), inst.papers))


def rows(inst: Installation) -> list[tuple[str, str, str]]:
    with inst.db.read() as session:
        found = session.scalars(select(ChainedRow).order_by(ChainedRow.matter_id))
        return [(row.order_id, row.matter_id, row.rung) for row in found]


def test_each_matter_is_chained_once_and_the_rung_follows(site: Installation) -> None:
    order, *matters = sorted(run_errand(site) for _ in range(3))
    chain(site, order, matters=[*matters, matters[0]])
    assert rows(site) == [(order, matter, "urge") for matter in matters]
    chain(site, order, matters=matters, rung="letter")
    assert rows(site) == [(order, matter, "letter") for matter in matters]


def test_a_matter_that_is_gone_is_left_out(site: Installation) -> None:
    order, matter = run_errand(site), run_errand(site)
    chain(site, order, matters=[matter, new_id(NOW)])
    assert rows(site) == [(order, matter, "urge")]


@pytest.mark.parametrize(
    "wrong",
    [{"matters": "x"}, {"matters": [1]}, {"unit": "nobody"}, {"unit": None}, {"rung": ""}, {"ground": "长" * 61}],
    ids=str,
)
def test_what_names_nothing_is_refused(site: Installation, wrong: dict[str, object]) -> None:
    order = run_errand(site)
    with pytest.raises(VerbMisused):
        chain(site, order, **({"matters": []} | wrong))
    assert rows(site) == []
