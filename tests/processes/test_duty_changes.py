"""An accepted change makes a new version of the duty list: for every case, in every process, with who, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.step import Asked
from engine.store.keep import Act, Kept
from engine.store.tables import CaseRow
from processes.duty_changes import DutyChange, next_code, with_changes
from processes.installation import Installation
from processes.queries.duty_changes import duty_changes
from processes.tables import CountyRow
from processes.verbs import Asking
from processes.verbs.change_duty import change_duty
from tests.kit.actors import Actors, pack_of
from tests.kit.sites import a_site, person_id, the_pack

STORY = the_pack().stories["list_item_added"]
DIRECTOR = "director@whistle_office"
AT = datetime(2026, 9, 10, 2, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = a_site(tmp_path, database_url)
    yield inst
    inst.db.close()


def a_change(kind: str, code: str, **said: object) -> DutyChange:
    told = {"item": "", "lead": "", "is_townships_own": False, "legal_basis": "", "keywords": ()} | said
    return DutyChange(1, kind, code, reason="", case_id="", by="", at=AT, **told)  # type: ignore[arg-type]  # texts


def test_an_accepted_change_is_a_version_that_says_who_when_and_why(site: Installation) -> None:
    case = Actors(site).play(STORY)
    with site.db.read() as session:
        (change,) = duty_changes(session, "360428")
    assert (change.version, change.kind, change.code, change.case_id) == (1, "add", "N01", case)
    assert (change.by, change.reason) == (person_id(site, DIRECTOR), "今年已有三个乡镇为路灯吹哨，列入清单。")
    added = pack_of(site).duties["N01"]
    assert (added.item, added.lead, added.keywords) == (
        "城区路灯、景观灯的维修",
        "urban_management",
        ("路灯", "景观灯", "照明"),
    )
    assert "N01 城区路灯、景观灯的维修" in [option.label for option in pack_of(site).lists.sources["duties"]]


def test_another_process_learns_of_it(site: Installation) -> None:
    other = Installation(site.db, site.papers)
    assert "N01" not in pack_of(other).duties
    Actors(site).play(STORY)
    assert "N01" in pack_of(other).duties


def test_what_was_not_accepted_changes_nothing(site: Installation) -> None:
    Actors(site).play(the_pack().stories["list_change_rejected"])
    assert pack_of(site).duties == the_pack().duties


def test_asked_twice_it_changes_once(site: Installation) -> None:
    case = Actors(site).play(STORY)
    asked = Asked(
        "one-key", "change_duty", "change_duty", "更新", {"step": "analyse", "decided": "decide_change"}, None
    )
    with site.db.write() as session:
        row = session.get_one(CaseRow, ("360428", case))
        at = Kept("360428", case, row.revision, row.digest, row.head, frozenset())
        asking = Asking(session, pack_of(site), at, asked, Act(AT), site.papers)
        assert change_duty(asking) == change_duty(asking) == {"version": 2, "code": "N02"}
        assert session.get_one(CountyRow, "360428").notices == 2


def test_an_item_is_amended_in_what_the_change_says_and_keeps_the_rest() -> None:
    before = the_pack().duties["D05"]
    after = with_changes(the_pack().duties, [a_change("amend", "D05", lead="housing")])["D05"]
    assert (after.lead, after.item, after.legal_basis) == ("housing", before.item, before.legal_basis)


def test_an_item_that_was_removed_stays_away_and_its_code_is_not_used_again() -> None:
    changes = [a_change("add", "N01", item="路灯"), a_change("remove", "N01"), a_change("amend", "N01", item="景观灯")]
    assert with_changes(the_pack().duties, changes) == the_pack().duties
    assert next_code([*the_pack().duties, *(change.code for change in changes)]) == "N02"
