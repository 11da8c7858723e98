"""An assessment from its draft to its publication: what is drawn stays, appeals exclude, two people sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.run import NotOpen
from engine.store.tables import CaseRow, TaskRow
from engine.store.tables_jobs import JobRow
from processes.agenda import strike
from processes.assessment.gather import Span, gather_facts
from processes.assessment.sheet import lines_of
from processes.forms import Invalid, as_formdata
from processes.installation import Installation
from processes.people import NotYours
from processes.queries.assessments import (
    NoSuchAssessment,
    WholeAssessment,
    counted_cases,
    find_assessment,
    get_assessment,
    last_sheet,
    list_assessments,
)
from processes.tables import NoticeRow
from processes.tables_assessment import AssessedRow, AssessmentRow, ExclusionRow, SheetRow
from processes.whistles import blow
from processes.work import NoLongerNeeded, SamePerson, complete
from tests.kit.actors import all_rows, listening, open_task, pack_of
from tests.kit.assessments import (
    AUDITOR,
    DIRECTOR,
    DRAWN,
    LEADER,
    assess,
    at_work,
    do,
    look,
    number_of,
    publish,
)
from tests.kit.sites import a_person, me
from tests.processes.assessment.rows import the_rules

APPEAL = {"reason": "村民阻工，不是本单位拖延。"}
AFTER = DRAWN + timedelta(days=5)


def whole(site: Installation, case_id: str, by: str = DIRECTOR) -> WholeAssessment:
    with site.db.read() as session:
        row = find_assessment(session, me(site, by), case_id)
        return get_assessment(session, me(site, by), row, last_sheet(session, row), the_rules())


def rows(site: Installation, version: int) -> list[tuple[object, ...]]:
    with site.db.read() as session:
        found = session.scalars(select(AssessedRow).where(AssessedRow.version == version).order_by(AssessedRow.unit))
        return [(each.unit, each.part, each.figures, each.score, each.rank, each.why) for each in found]


def open_steps(site: Installation, case_id: str) -> dict[str, int]:
    with site.db.read() as session:
        query = select(TaskRow.step, func.count()).where(TaskRow.case_id == case_id, TaskRow.state == "open")
        return {step: count for step, count in session.execute(query.group_by(TaskRow.step))}


# -- the draft


def test_a_draft_shows_every_unit_that_took_part_what_counting_gives(site_on_both: Installation) -> None:
    site = site_on_both
    cases = at_work(site)
    case_id = assess(site)
    with site.db.read() as session:
        row = session.scalars(select(AssessmentRow)).one()
        facts = gather_facts(session, pack_of(site), the_rules(), Span(row.first_day, row.last_day))
    drawn = whole(site, case_id)
    assert list(drawn.lines) == lines_of(facts, the_rules(), "half_year", []) and len(drawn.lines) > 5
    assert {case for line in drawn.lines for case in line.cases} <= set(cases.values())
    assert not drawn.is_final and drawn.sheet.digest == pack_of(site).digest
    assert open_steps(site, case_id) == {"look_at_draft": len(drawn.lines)}
    with site.db.read() as session:
        told = set(session.scalars(select(NoticeRow.unit).where(NoticeRow.kind == "assessment_draft")))
    assert told == {line.unit for line in drawn.lines}


def test_only_the_units_that_were_named_are_assessed(site: Installation) -> None:
    at_work(site, "water_pipe")
    case_id = assess(site, units=["water_company", "health"])
    drawn = whole(site, case_id)
    assert [(line.unit, len(line.cases), line.why) for line in drawn.lines] == [
        ("health", 0, "只有 0 件，不足 3 件"),
        ("water_company", 1, "只有 1 件，不足 3 件"),
    ]


def test_a_draft_is_never_changed_and_the_next_one_stands_beside_it(site_on_both: Installation) -> None:
    site = site_on_both
    at_work(site, "water_pipe", "single_unit")
    case_id = assess(site)
    draft = rows(site, 1)
    at_work(site, "building_waste")
    strike(site, AFTER)
    assert rows(site, 1) == draft and rows(site, 2) != draft
    assert [row[:2] for row in rows(site, 2)] == [row[:2] for row in draft], "whoever was shown the draft is assessed"
    assert open_steps(site, case_id) == {"sign_first": 1}
    with site.db.read() as session:
        assert session.scalars(select(SheetRow.version).order_by(SheetRow.version)).all() == [1, 2]


def test_the_form_asks_for_the_periods_that_the_folder_knows(site: Installation) -> None:
    pack = pack_of(site)
    offered = pack.lists.options(pack.forms["open_assessment"].inputs["period"])
    assert [each.value for each in offered] == [*the_rules().periods]


# -- appeals


def test_an_appeal_that_is_granted_excludes_the_case_for_everybody_with_its_reason(site_on_both: Installation) -> None:
    site = site_on_both
    cases = at_work(site)
    case_id = assess(site)
    number = number_of(site, cases["water_pipe"])
    look(site, case_id, "housing", case_number=number, **APPEAL)
    do(site, case_id, "decide_appeal", AUDITOR, "exclude", now=DRAWN, reason="阻工属实，不应计入。")
    before = whole(site, case_id)
    assert cases["water_pipe"] in {case for line in before.lines for case in line.cases}, "the draft stays"
    strike(site, AFTER)
    after = whole(site, case_id)
    assert cases["water_pipe"] not in {case for line in after.lines for case in line.cases}
    assert cases["water_pipe"] not in {case for rate in after.rates for case in rate.cases}
    (exclusion,) = after.exclusions
    assert (exclusion.excluded, exclusion.number, exclusion.unit) == (cases["water_pipe"], number, "housing")
    assert (exclusion.reason, exclusion.by) == ("阻工属实，不应计入。", me(site, AUDITOR).id)
    with site.db.read() as session:
        kinds = session.scalars(select(NoticeRow.kind).where(NoticeRow.unit == "housing")).all()
    assert "appeal_granted" in kinds


def test_excluding_a_case_gives_the_sheet_of_a_county_where_it_never_was(site: Installation) -> None:
    cases = at_work(site, "water_pipe", "building_waste", "single_unit")
    case_id = assess(site)
    look(site, case_id, "housing", case_number=number_of(site, cases["water_pipe"]), **APPEAL)
    do(site, case_id, "decide_appeal", AUDITOR, "exclude", now=DRAWN, reason="阻工属实，不应计入。")
    strike(site, AFTER)
    with site.db.write() as session:
        session.get_one(CaseRow, (pack_of(site).code, cases["water_pipe"])).ended_by = "withdrawn"
        row = session.scalars(select(AssessmentRow)).one()
        facts = gather_facts(session, pack_of(site), the_rules(), Span(row.first_day, row.last_day))
    lines = whole(site, case_id).lines
    assert list(lines) == lines_of(facts, the_rules(), "half_year", [line.unit for line in lines])


def test_an_appeal_that_is_refused_changes_nothing(site: Installation) -> None:
    cases = at_work(site)
    case_id = assess(site)
    look(site, case_id, "housing", case_number=number_of(site, cases["water_pipe"]), **APPEAL)
    do(site, case_id, "decide_appeal", AUDITOR, "uphold", now=DRAWN, reason="没有佐证能说明。")
    strike(site, AFTER)
    assert rows(site, 1) == rows(site, 2) and whole(site, case_id).exclusions == []


def test_a_number_that_was_not_counted_excludes_nothing_and_the_unit_may_appeal_again(site: Installation) -> None:
    cases = at_work(site)
    case_id = assess(site)
    for number in ("DC2026-9999", number_of(site, cases["two_rounds_of_rework"]), number_of(site, cases["water_pipe"])):
        look(site, case_id, "housing", case_number=number, **APPEAL)
        do(site, case_id, "decide_appeal", AUDITOR, "exclude", now=DRAWN, reason="核实后剔除。")
        assert open_steps(site, case_id) == {"look_at_draft": len(whole(site, case_id).lines)}
    assert [each.excluded for each in whole(site, case_id).exclusions] == [cases["water_pipe"]]
    with site.db.read() as session:
        told = session.scalars(select(NoticeRow.kind).where(NoticeRow.case_id == case_id, NoticeRow.unit == "housing"))
        assert sorted(told) == ["appeal_granted", "appeal_not_counted", "appeal_not_counted", "assessment_draft"]


def test_who_decides_sees_whose_appeal_it_is_and_may_mend_the_number_only(site: Installation) -> None:
    cases = at_work(site, "water_pipe")
    case_id = assess(site)
    look(site, case_id, "housing", case_number="DC-2026-1", **APPEAL)
    with pytest.raises(Invalid, match="有 1 处需要修改"):
        do(site, case_id, "decide_appeal", AUDITOR, "uphold", now=DRAWN, appellant="water", reason="理由不成立。")
    told = {"excluded_number": number_of(site, cases["water_pipe"]), "reason": "阻工属实，不应计入。"}
    do(site, case_id, "decide_appeal", AUDITOR, "exclude", now=DRAWN, **told)
    assert [each.excluded for each in whole(site, case_id).exclusions] == [cases["water_pipe"]]


def test_an_appeal_after_its_date_is_refused_with_a_sentence_and_changes_nothing(site_on_both: Installation) -> None:
    site = site_on_both
    cases = at_work(site, "water_pipe")
    case_id = assess(site)
    number = number_of(site, cases["water_pipe"])
    task = open_task(site, "look_at_draft", "principal_head@housing", case_id)
    by = me(site, "principal_head@housing")
    posted = as_formdata(pack_of(site).forms["look_at_draft"], {"case_number": number, **APPEAL})
    before = all_rows(site)
    with pytest.raises(Invalid) as late:  # the clock has not struck yet
        complete(site, by, task.id, posted, now=AFTER, outcome="appeal")
    assert "申诉期已过，不能再申诉；没有提出的视为无异议。" in [error.message for error in late.value.errors]
    assert all_rows(site) == before
    strike(site, AFTER)
    before = all_rows(site)
    with pytest.raises(NoLongerNeeded) as refused:
        complete(site, by, task.id, posted, now=AFTER, outcome="appeal")
    assert refused.value.sentence == "流程已经往前走，“查看考核草表”不再需要办理。"
    assert all_rows(site) == before


def test_an_appeal_needs_evidence(site: Installation) -> None:
    at_work(site, "water_pipe")
    case_id = assess(site)
    with pytest.raises(Invalid) as refused:
        look(site, case_id, "housing", case_number="DC2026-0001", evidence=[], **APPEAL)
    assert [error.message for error in refused.value.errors] == ["请上传佐证"]


def test_an_appeal_in_time_is_decided_also_after_the_date(site: Installation) -> None:
    cases = at_work(site, "water_pipe")
    case_id = assess(site)
    look(site, case_id, "housing", case_number=number_of(site, cases["water_pipe"]), **APPEAL)
    strike(site, AFTER)
    assert open_steps(site, case_id) == {"decide_appeal": 1}
    do(site, case_id, "decide_appeal", AUDITOR, "exclude", now=AFTER, reason="阻工属实，不应计入。")
    assert open_steps(site, case_id) == {"sign_first": 1}, "and there is no second appeal then"
    assert [line.cases for line in whole(site, case_id).lines] == [(), (), ()]


# -- publication


def test_two_people_sign_before_it_is_published(site_on_both: Installation) -> None:
    site = site_on_both
    at_work(site, "water_pipe")
    case_id = assess(site)
    strike(site, AFTER)
    both = a_person(site, "一身二职", DIRECTOR, LEADER)
    task = open_task(site, "sign_first", DIRECTOR, case_id)
    complete(site, both, task.id, as_formdata(pack_of(site).forms["sign_first"], {"checked": True}), now=AFTER)
    task = open_task(site, "sign_second", LEADER, case_id)
    signing = as_formdata(pack_of(site).forms["sign_second"], {"agreed": True})
    before = all_rows(site)
    with pytest.raises(SamePerson):
        complete(site, both, task.id, signing, now=AFTER, outcome="sign")
    assert all_rows(site) == before and not whole(site, case_id).is_final
    complete(site, me(site, LEADER), task.id, signing, now=AFTER, outcome="sign")
    published = whole(site, case_id)
    assert published.is_final and published.row.published_at == AFTER
    assert [(each["step"], each["name"]) for each in published.row.signed] == [
        ("核对签字", "一身二职"),
        ("审定签字", me(site, LEADER).name),
    ]


def test_what_is_published_stays_and_can_be_drawn_no_more(site: Installation) -> None:
    at_work(site, "water_pipe")
    case_id = assess(site)
    publish(site, case_id, now=AFTER)
    before = rows(site, 2)
    at_work(site, "single_unit")
    strike(site, AFTER + timedelta(days=30))
    assert rows(site, 2) == before and rows(site, 3) == []
    with site.db.read() as session:
        assert session.get_one(CaseRow, (pack_of(site).code, case_id)).ended_by == "published"
        assert session.scalars(select(JobRow).where(JobRow.kind == "verb")).all() == []


def test_a_leader_who_does_not_agree_sends_it_back(site: Installation) -> None:
    at_work(site, "water_pipe")
    case_id = assess(site)
    strike(site, AFTER)
    do(site, case_id, "sign_first", DIRECTOR, "sign", now=AFTER, checked=True)
    do(site, case_id, "sign_second", LEADER, "back", now=AFTER, opinion="请再核对一遍件数。")
    assert open_steps(site, case_id) == {"sign_first": 1} and not whole(site, case_id).is_final


def test_only_the_director_begins_an_assessment(site: Installation) -> None:
    for by in (AUDITOR, LEADER, "principal@360428109"):
        with pytest.raises(NotYours):
            blow(site, me(site, by), "考核", {}, now=DRAWN)
    with pytest.raises(NotOpen):
        open_task(site, "look_at_draft", "principal_head@housing")


# -- who sees what


@pytest.mark.parametrize(("shows", "others", "figures"), [("own", 0, 0), ("ranks", 2, 0), ("all", 2, 2)])
def test_of_a_draft_a_unit_sees_what_the_county_says(site: Installation, shows: str, others: int, figures: int) -> None:
    at_work(site, "water_pipe")
    case_id = assess(site)
    rules = replace(the_rules(), draft_shows=shows)
    by = me(site, "section_head@housing")
    with site.db.read() as session:
        row = find_assessment(session, by, case_id)
        seen = get_assessment(session, by, row, last_sheet(session, row), rules)
    own = seen.line("housing")
    assert own is not None and own.figures and len(seen.lines) == 1 + others and seen.hidden == 2 - others
    assert sum(bool(line.figures) for line in seen.lines if line.unit != "housing") == figures


def test_a_draft_is_shown_to_its_units_and_the_county_and_a_result_to_everybody(site_on_both: Installation) -> None:
    site = site_on_both
    at_work(site, "water_pipe")
    case_id = assess(site)
    strangers = ("principal_head@health", "clerk@360428109", "principal@360428100")

    def seeing(by: str) -> bool:
        with site.db.read() as session:
            return [each.row.case_id for each in list_assessments(session, me(site, by))] == [case_id]

    assert all(seeing(by) for by in (DIRECTOR, LEADER, "section_head@housing", "handler@water_company"))
    assert not any(seeing(by) for by in strangers)
    for by in strangers:
        with pytest.raises(NoSuchAssessment):
            whole(site, case_id, by)
    publish(site, case_id, now=AFTER)
    assert all(seeing(by) for by in strangers)
    assert len(whole(site, case_id, strangers[0]).lines) == 3 and not whole(site, case_id, strangers[0]).case_shown


def test_a_figure_opens_to_the_cases_one_may_see_and_tells_how_many_others_there_are(site: Installation) -> None:
    cases = at_work(site, "water_pipe", "building_waste")
    for by, seen in ((DIRECTOR, 2), ("section_head@water_company", 1), ("clerk@360428109", 0)):
        with site.db.read() as session:
            found = counted_cases(session, me(site, by), list(cases.values()))
        assert (len(found.matters), found.others) == (seen, 2 - seen)


def test_showing_costs_the_same_for_few_and_many(site: Installation) -> None:
    costs = []
    for stories in (("water_pipe",), ("building_waste", "two_rounds_of_rework", "one_unit_late")):
        at_work(site, *stories)
        case_id, by = assess(site), me(site, DIRECTOR)
        with site.db.read() as session, listening(site) as heard:
            row = find_assessment(session, by, case_id)
            get_assessment(session, by, row, last_sheet(session, row), the_rules())
        costs.append(len(heard))
    assert costs == [5, 5]


def test_there_is_nothing_for_nonsense(site: Installation) -> None:
    for nonsense in ("x", "0" * 32, "DC2026-0001"):
        with pytest.raises(NoSuchAssessment):
            whole(site, nonsense)
    with site.db.read() as session:
        assert session.scalars(select(ExclusionRow)).all() == []
