"""Ratings (DC-11): not before the work is done, with a reason when low, answered once, counted by the rule at last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.step import Asked
from engine.store.keep import Act, Kept
from engine.store.tables import CaseRow
from processes.agenda import strike
from processes.check import check
from processes.installation import Installation
from processes.orders_due import orders_due
from processes.queries.supervision import held_matters
from processes.supervision import Supervision
from processes.tables import NoticeRow, RatingRow
from processes.verbs import VERBS, Asking
from processes.verbs.asking import Verb, VerbMisused
from processes.work import AlreadyDone, complete
from tests.kit.actors import Actors, NotOpen, answers_to, open_task, pack_of
from tests.kit.folders import another_version, unsupervised
from tests.kit.sites import a_site, me, the_pack

STORIES = the_pack().stories
LEAD, TOWN, UNIT = "urban_management", "360428109", "section_head@urban_management"
AT = datetime(2026, 9, 17, 3, tzinfo=UTC)


def up_to(story: str, step: str) -> int:
    """How many steps of a story come before the first one that does this."""
    return next(number for number, told in enumerate(STORIES[story].steps) if told.does == step)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = a_site(tmp_path, database_url, folder=unsupervised())
    yield inst
    inst.db.close()


def scores(inst: Installation, case_id: str) -> list[RatingRow]:
    with inst.db.read() as session:
        rows = select(RatingRow).where(RatingRow.case_id == case_id)
        return list(session.scalars(rows.order_by(RatingRow.unit, RatingRow.aspect)))


def asked_of(inst: Installation, case_id: str, verb: str, **inputs: object) -> None:
    """A service task asks for a verb, as the diagram would."""
    act = VERBS[verb]
    assert isinstance(act, Verb)
    asked = Asked("a-key", "asked", verb, "系统的一步", inputs, None)
    with inst.db.write() as session:
        row = session.get_one(CaseRow, (pack_of(inst).code, case_id))
        at = Kept(row.county, row.id, row.revision, row.digest, row.head, frozenset())
        act.act(Asking(session, pack_of(inst), at, asked, Act(AT), inst.papers))


def test_nobody_rates_before_the_work_is_done(site: Installation) -> None:
    for until in range(1, up_to("single_unit", "audit") + 1):
        case = Actors(site).play(STORIES["single_unit"], until=until)
        with pytest.raises(NotOpen):
            open_task(site, "rate", "vetter@360428109", case)
    assert not scores(site, case)


def test_what_nobody_rated_is_counted_as_the_folder_says_and_told_to_all(site: Installation) -> None:
    case = Actors(site).play(STORIES["unrated_by_rule"])
    rows = scores(site, case)
    assert {(row.aspect, row.score) for row in rows} == {
        (aspect, 20) for aspect in ("arrival", "handling", "satisfaction", "diligence")
    }
    assert {(row.unit, row.rater, row.by_rule, row.by, row.reason) for row in rows} == {(LEAD, TOWN, True, "", None)}
    with site.db.read() as session:
        told = session.execute(select(NoticeRow.kind, NoticeRow.unit).where(NoticeRow.case_id == case)).all()
    assert ("rating_due", TOWN) in told
    assert {unit for kind, unit in told if kind == "rated_by_rule"} == {TOWN, LEAD, "whistle_office"}


def test_the_points_of_the_rule_are_the_folders(tmp_path: Path) -> None:
    limits = another_version("limits.toml", "value = 20\n", "value = 15\n")["limits.toml"]
    inst = a_site(tmp_path, folder={**unsupervised(), "limits.toml": limits})
    assert {row.score for row in scores(inst, Actors(inst).play(STORIES["unrated_by_rule"]))} == {15}
    inst.db.close()


def test_only_what_lapsed_is_counted_by_the_rule(site: Installation) -> None:
    rows = scores(site, Actors(site).play(STORIES["assistants_unrated"]))
    by_rule = {(row.unit, row.aspect, row.score) for row in rows if row.by_rule}
    assert by_rule == {("public_security", "cooperation", 80), ("transport", "cooperation", 80)}
    assert {row.aspect for row in rows if not row.by_rule} == {"arrival", "handling", "satisfaction", "diligence"}
    assert all(row.by for row in rows if not row.by_rule)


def test_a_unit_answers_once_and_its_words_stand_beside_its_scores(site: Installation) -> None:
    story = STORIES["low_score_answered"]
    actors = Actors(site)
    case = actors.play(story, until=up_to("low_score_answered", "answer_rating"))
    task = open_task(site, "answer_rating", UNIT, case)
    posted = answers_to("answer_rating", "low_score_answered", said="已按时到场。")
    complete(site, me(site, UNIT), task.id, posted, now=AT, outcome="answer")
    assert {row.answer for row in scores(site, case)} == {"已按时到场。"}
    with pytest.raises(AlreadyDone):
        complete(site, me(site, UNIT), task.id, posted, now=AT, outcome="answer")
    with pytest.raises(NotOpen):
        open_task(site, "answer_rating", UNIT, case)


def test_units_answer_each_for_itself(site: Installation) -> None:
    case = Actors(site).play(STORIES["building_waste"], until=up_to("building_waste", "answer_rating"))
    for unit in ("transport", "public_security"):
        by = f"section_head@{unit}"
        posted = answers_to("answer_rating", "low_score_answered", said=f"{unit} 的说明")
        complete(site, me(site, by), open_task(site, "answer_rating", by, case).id, posted, now=AT, outcome="answer")
    assert {(row.unit, row.answer) for row in scores(site, case)} == {
        ("transport", "transport 的说明"),
        ("public_security", "public_security 的说明"),
        (LEAD, None),
    }
    strike(site, AT + timedelta(days=30))
    assert open_task(site, "analyse", "auditor@whistle_office", case)


def test_what_was_recorded_stays_whoever_asks_again(site: Installation) -> None:
    case = Actors(site).play(STORIES["low_score_answered"])
    before = [(row.task_id, row.aspect, row.score, row.answer) for row in scores(site, case)]
    asked_of(site, case, "record_ratings", steps=["rate", "rate_assistants"])
    asked_of(site, case, "record_answer", step="answer_rating", unit=LEAD, field="said")
    assert [(row.task_id, row.aspect, row.score, row.answer) for row in scores(site, case)] == before


@pytest.mark.parametrize(
    ("verb", "inputs"),
    [
        ("rate_by_rule", {"step": "rate", "units": "housing", "scores": {"arrival": 20}}),
        ("rate_by_rule", {"step": "rate", "units": [LEAD], "scores": {"arrival": "二十"}}),
        ("rate_by_rule", {"step": "rate", "units": [LEAD], "scores": {"arrival": True}}),
        ("rate_by_rule", {"step": "never", "units": [LEAD], "scores": {"arrival": 20}}),
        ("record_answer", {"step": "answer_rating", "unit": None, "field": "said"}),
    ],
)
def test_a_diagram_that_asks_wrongly_is_told(site: Installation, verb: str, inputs: dict[str, Any]) -> None:
    case = Actors(site).play(STORIES["single_unit"], until=up_to("single_unit", "rate"))
    with pytest.raises(VerbMisused):
        asked_of(site, case, verb, **inputs)
    assert not scores(site, case)


def test_who_need_not_answer_is_not_called_to_account(tmp_path: Path) -> None:
    inst = a_site(tmp_path)
    case = Actors(inst).play(STORIES["low_score_answered"], until=up_to("low_score_answered", "answer_rating"))
    rules, pack = Supervision.of(pack_of(inst).county), pack_of(inst)
    assert rules is not None and rules.leaves == ("answer_rating",)
    with inst.db.read() as session:
        assert not held_matters(session, pack, rules, case)
        assert not list(orders_due(session, pack, rules, AT + timedelta(days=4), None))
    inst.db.close()


def test_a_step_to_leave_alone_must_be_on_a_diagram() -> None:
    found = check(another_version("county.toml", 'leaves = ["answer_rating"]', 'leaves = ["answer_ratng"]')).findings
    assert any("“answer_ratng”不是本县的步骤，您是不是想写“answer_rating”" in each.message_zh for each in found)
