"""Ledgers list what stands at certain steps, for those who may see it; analyses add up to what townships cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from processes.analyses import Analysed, AnalysisRules, beyond_townships
from processes.check import check
from processes.installation import Installation
from processes.ledgers import ledgers_of
from processes.queries.analyses import analysed_since
from processes.queries.ledgers import count_ledgers, list_ledger
from processes.work import complete
from tests.kit.actors import Actors, a_case, answers_to, listening, open_task
from tests.kit.folders import another_version
from tests.kit.sites import a_site, me, the_pack

DIRECTOR, AUDITOR = "director@whistle_office", "auditor@whistle_office"
CLERK, STRANGER = "clerk@360428109", "clerk@360428100"
ANALYSED = datetime(2026, 9, 17, 8, tzinfo=UTC)
PENDING, CONFERENCE, CITY = ledgers_of(the_pack())
RULES = AnalysisRules.of(the_pack().county)
ON_THE_LEDGER = 14
STANDS = len(the_pack().stories["conference_waits"].steps) - 2


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = a_site(tmp_path, database_url)
    yield inst
    inst.db.close()


def counted(inst: Installation, by: str) -> dict[str, int]:
    with inst.db.read() as session:
        return count_ledgers(session, me(inst, by), ledgers_of(the_pack()))


def test_a_matter_stands_in_the_ledger_of_its_step_for_those_who_may_see_it(site: Installation) -> None:
    Actors(site).play(the_pack().stories["on_the_ledger"], until=ON_THE_LEDGER)
    Actors(site).play(the_pack().stories["conference_waits"], until=STANDS)
    assert counted(site, DIRECTOR) == {"pending": 1, "conference": 1, "city": 0}
    assert counted(site, CLERK) == {"pending": 1, "conference": 1, "city": 0}
    assert counted(site, STRANGER) == {"pending": 0, "conference": 0, "city": 0}


def test_it_shows_what_was_last_filled_in(site: Installation) -> None:
    Actors(site).play(the_pack().stories["on_the_ledger"], until=ON_THE_LEDGER)
    with site.db.read() as session, listening(site) as heard:
        (entry,) = list_ledger(session, me(site, DIRECTOR), PENDING, page=1)
    assert {field: value for field, (_, value) in entry.shown.items()} == {
        "review_by": "2026-10-30",
        "ends_when": "市场改造项目立项、资金到位。",
    }
    assert len([each for each in heard if "task" in each]) == 2


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('["review_early", "review"]', '["review_erly"]', "没有名为“review_erly”的步骤，您是不是想写“review_early”"),
        ('shows = ["proposal"]', 'shows = ["proposl"]', "没有名为“proposl”的填写项，您是不是想写“proposal”"),
        ('key = "city"', 'key = "pending"', "key pending 用了不止一次"),
        ('key = "city"', 'key = "市"', "第 3 个 [[ledgers]] 应写 key"),
        ('could = "townships_could"', 'could = "could"', "[analysis] 里的“analyse.could”没有这一步"),
        ('cannot = ["no", "partly"]', 'cannot = "no"', "[analysis] 应写 step"),
        ('["triage.matter_item"', '["triage.item"', "[analysis] 里的“triage.item”没有这一步"),
        ('["triage.matter_item", "analyse.matter_item"]', "[]", "[analysis] 应写 step"),
    ],
)  # fmt: skip
def test_a_section_that_cannot_be_used_is_told(old: str, new: str, sentence: str) -> None:
    findings = check(another_version("county.toml", old, new)).findings
    assert [sentence in finding.message_zh for finding in findings] == [True] * len(findings) and findings


def test_what_townships_cannot_solve_is_counted_by_item(site: Installation) -> None:
    assert RULES is not None
    case = Actors(site).play(the_pack().stories["single_unit"])
    with site.db.read() as session:
        found = {
            by: analysed_since(session, me(site, by), RULES, datetime(2026, 9, 1, tzinfo=UTC))
            for by in (DIRECTOR, STRANGER)
        }
        later = analysed_since(session, me(site, DIRECTOR), RULES, datetime(2027, 9, 1, tzinfo=UTC))
    assert found == {DIRECTOR: [Analysed(case, "360428109", "D05", "unclear_duty", "no")], STRANGER: []}
    assert later == []


def test_an_urgent_matter_is_of_the_item_that_its_analysis_names(site: Installation) -> None:
    assert RULES is not None
    case = Actors(site).play(the_pack().stories["urgent_flood"])
    with site.db.read() as session:
        found = analysed_since(session, me(site, DIRECTOR), RULES, datetime(2026, 9, 1, tzinfo=UTC))
    assert found == [Analysed(case, "360428109", "D23", "unclear_duty", "no")]


def test_what_the_analysis_says_of_the_item_holds_against_triage(site: Installation) -> None:
    assert RULES is not None
    case = a_case(site, len(the_pack().stories["single_unit"].steps) - 1)
    task = open_task(site, "analyse", AUDITOR, case)
    complete(site, me(site, AUDITOR), task.id, answers_to("analyse", matter_item="D06"), now=ANALYSED)
    with site.db.read() as session:
        found = analysed_since(session, me(site, DIRECTOR), RULES, datetime(2026, 9, 1, tzinfo=UTC))
    assert [each.item for each in found] == ["D06"]


def test_the_most_frequent_stands_first_and_what_townships_could_does_not_count() -> None:
    assert RULES is not None
    told = [
        Analysed("1", "甲", "D01", "slow", "no"),
        Analysed("2", "乙", "D02", "slow", "partly"),
        Analysed("3", "乙", "D02", "other", "no"),
        Analysed("4", "乙", "D01", "slow", "yes"),
    ]
    assert [(beyond.item, beyond.cases) for beyond in beyond_townships(told, RULES)] == [
        ("D02", ["2", "3"]),
        ("D01", ["1"]),
    ]
