"""Supervision (DC-12): orders begin on their grounds, once; they end when matters move; the folder decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from engine.model import Files
from engine.store.agenda import job as new_job
from engine.store.rows import add_rows
from engine.store.tables import CaseRow, JournalRow, TaskRow
from engine.store.tables_jobs import JobRow
from processes.agenda import strike
from processes.installation import Installation
from processes.queries.supervision import orders_of_matter
from processes.recurring import begin_recurring
from processes.tables import MatterRow, NoticeRow, PaperRow
from processes.tables_supervision import ChainedRow, LetterRow
from processes.work import complete
from tests.kit.actors import a_case, answers_to, listening, open_task
from tests.kit.folders import unsupervised
from tests.kit.journals import what_is_told
from tests.kit.sites import a_site, me, the_folder

COUNTY = "360428"
RAISED = datetime.fromisoformat("2026-09-07T09:20:00+08:00")
NEAR = datetime.fromisoformat("2026-09-09T15:00:00+08:00")  # 报到 is due on the 9th, 17:30
DUE = datetime.fromisoformat("2026-09-09T17:30:00+08:00")
DAY = timedelta(days=1)
UNIT = "urban_management"
HEAD = f"section_head@{UNIT}"


def call(inst: Installation, kind: str, now: datetime) -> None:
    """Have a recurring job done now, whenever it would come."""
    with inst.db.write() as session:
        there = session.scalar(select(JobRow).where(JobRow.key == kind))
        if there is None:
            add_rows(session, JobRow, [new_job(COUNTY, kind, now, key=kind)])
        else:
            there.due_at = now
    strike(inst, now)


def patrol(inst: Installation, now: datetime) -> None:
    """The daily look, and all that follows from it by itself."""
    call(inst, "supervise", now)


def orders(inst: Installation) -> list[tuple[str, str, str, str]]:
    """(ground, rung, unit, how it ended) of each order for each matter, the oldest first."""
    with inst.db.read() as session:
        found = session.execute(
            select(ChainedRow, CaseRow.ended_by)
            .join(CaseRow, CaseRow.id == ChainedRow.order_id)
            .order_by(ChainedRow.at, ChainedRow.order_id, ChainedRow.matter_id)
        )
        return [(row.ground, row.rung, row.unit, ended or "") for row, ended in found]


def order_of(inst: Installation, case_id: str, place: int = -1) -> str:
    with inst.db.read() as session:
        return orders_of_matter(session, COUNTY, case_id)[place].order_id


def open_steps(inst: Installation, case_id: str) -> list[str]:
    with inst.db.read() as session:
        found = session.scalars(select(TaskRow.step).where(TaskRow.case_id == case_id, TaskRow.state == "open"))
        return sorted(found)


def do(inst: Installation, step: str, by: str, now: datetime, outcome: str = "submit", **answers: list[str]) -> None:
    task = open_task(inst, step, by)
    complete(inst, me(inst, by), task.id, answers, now=now, outcome=outcome)


def a_whistle(inst: Installation, until: int = 5, **more: object) -> str:
    """A matter that waits for 县城管局 to report in, by the 9th at 17:30."""
    return a_case(inst, until, **more)  # type: ignore[arg-type]  # passed on


def changed(file: str, *pairs: tuple[str, str]) -> Files:
    """The county's folder with one file edited."""
    text = the_folder()[file].decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return {**the_folder(), file: text.encode()}


# -- grounds


def test_nothing_begins_while_all_is_in_time(site_on_both: Installation) -> None:
    a_whistle(site_on_both)
    patrol(site_on_both, RAISED + DAY)
    assert orders(site_on_both) == []


def test_near_its_deadline_the_unit_is_urged_once(site_on_both: Installation) -> None:
    case = a_whistle(site_on_both)
    patrol(site_on_both, NEAR)
    assert orders(site_on_both) == [("near_due", "urge", UNIT, "")]
    patrol(site_on_both, NEAR + timedelta(minutes=5))
    assert orders(site_on_both) == [("near_due", "urge", UNIT, "")]
    order = order_of(site_on_both, case)
    assert open_steps(site_on_both, order) == ["answer_urge"]
    with site_on_both.db.read() as session:
        matter = session.get_one(MatterRow, (COUNTY, order))
        (told,) = session.scalars(select(NoticeRow.text).where(NoticeRow.case_id == order, NoticeRow.kind == "urged"))
    assert (matter.start, matter.number, matter.unit) == ("督办", "DB2026-0001", "whistle_office")
    assert matter.title == "临期督办：县城管局 环城路路灯不亮"
    assert told.startswith("县吹哨办催办：县城管局承办的“环城路路灯不亮”临近办理时限，尚未办结。")


def test_a_light_that_turns_red_begins_an_order_without_waiting_for_the_morning(site_on_both: Installation) -> None:
    a_whistle(site_on_both)
    strike(site_on_both, DUE + timedelta(minutes=1))
    assert orders(site_on_both) == [("overdue", "urge", UNIT, "")]
    patrol(site_on_both, DUE + timedelta(minutes=2))
    assert orders(site_on_both) == [("overdue", "urge", UNIT, "")]


def test_three_working_days_over_begin_with_a_letter(site_on_both: Installation) -> None:
    a_whistle(site_on_both)
    patrol(site_on_both, DUE + timedelta(days=5, hours=-1))  # the weekend does not count
    assert [(ground, rung) for ground, rung, *_ in orders(site_on_both)][:1] == [("overdue", "letter")]


def test_the_other_grounds_each_begin_their_order(site_on_both: Installation) -> None:
    a_whistle(site_on_both)
    hold_back(site_on_both)
    patrol(site_on_both, RAISED + timedelta(days=29))
    assert orders(site_on_both) == []
    patrol(site_on_both, RAISED + timedelta(days=31))
    assert orders(site_on_both) == [("no_progress", "list", UNIT, "")]


def test_sixty_days_without_progress_begin_with_the_talk(site_on_both: Installation) -> None:
    case = a_whistle(site_on_both)
    hold_back(site_on_both)
    patrol(site_on_both, RAISED + timedelta(days=61))
    assert orders(site_on_both) == [("no_progress", "talk", UNIT, "")]
    assert open_steps(site_on_both, order_of(site_on_both, case)) == ["talk"]


def hold_back(inst: Installation) -> None:
    """As while a matter is on hold: no deadline runs."""
    with inst.db.write() as session:
        for task in session.scalars(select(TaskRow).where(TaskRow.state == "open")):
            task.due_at = task.warn_at = None


def test_matters_raised_in_clusters_begin_one_order_about_them_all(site_on_both: Installation) -> None:
    first = a_whistle(site_on_both)
    cases = [first, *_alike(site_on_both, 4)]
    patrol(site_on_both, RAISED + timedelta(hours=8))
    assert orders(site_on_both) == [("clustered", "letter", UNIT, "")] * 5
    assert len({order_of(site_on_both, case) for case in cases}) == 1
    patrol(site_on_both, RAISED + timedelta(hours=9))
    assert len(orders(site_on_both)) == 5


def _alike(inst: Installation, many: int) -> list[str]:
    """Matters of the same duty item, raised by other townships."""
    with inst.db.read() as session:
        units = [unit.code for unit in inst.current_pack(session, COUNTY).units_of_kind["township"]][:many]
    cases = []
    for unit in units:
        cases.append(case := a_whistle(inst))
        with inst.db.write() as session:
            session.get_one(MatterRow, (COUNTY, case)).unit = unit
    return cases


def test_four_townships_or_five_long_ago_are_no_cluster(site_on_both: Installation) -> None:
    cases = [a_whistle(site_on_both), *_alike(site_on_both, 3)]
    patrol(site_on_both, RAISED + timedelta(hours=8))
    assert orders(site_on_both) == []
    _alike(site_on_both, 4)
    with site_on_both.db.write() as session:
        session.get_one(MatterRow, (COUNTY, cases[0])).started_at = RAISED - timedelta(days=31)
    patrol(site_on_both, RAISED + timedelta(hours=8))
    assert orders(site_on_both) == []


# -- how orders end


def test_a_matter_that_moves_ends_its_order(site_on_both: Installation) -> None:
    case = a_whistle(site_on_both)
    patrol(site_on_both, NEAR)
    report_in(site_on_both, UNIT, NEAR + timedelta(minutes=30))
    order = order_of(site_on_both, case)
    assert open_steps(site_on_both, order) == ["answer_urge"]
    follow(site_on_both, NEAR + timedelta(minutes=40))
    assert orders(site_on_both) == [("near_due", "urge", UNIT, "moved")]
    assert open_steps(site_on_both, order) == []
    follow(site_on_both, NEAR + timedelta(minutes=50))
    (told,) = what_is_told(site_on_both.db, "MessageDelivered", JournalRow.case_id == order)
    assert told["message"] == "matter_moved"


def follow(inst: Installation, now: datetime) -> None:
    """The look every few minutes for what has moved, and all that follows from it."""
    call(inst, "follow_orders", now)


def report_in(inst: Installation, unit: str, now: datetime) -> None:
    by = f"section_head@{unit}"
    complete(inst, me(inst, by), open_task(inst, "accept", by).id, answers_to("accept"), now=now, outcome="submit")


def test_another_unit_s_step_does_not_end_an_order_that_is_not_about_it(site_on_both: Installation) -> None:
    a_case(site_on_both, 5, "water_pipe")
    patrol(site_on_both, DUE - timedelta(hours=2))
    units = [unit for _, _, unit, _ in orders(site_on_both)]
    assert len(units) == 3
    report_in(site_on_both, units[0], DUE - timedelta(hours=1))
    follow(site_on_both, DUE - timedelta(minutes=30))
    assert [(unit, ended) for _, _, unit, ended in orders(site_on_both)] == [
        *zip(units, ("moved", "", ""), strict=True)
    ]


def test_a_matter_that_is_over_ends_what_was_about_it(site_on_both: Installation) -> None:
    case = a_whistle(site_on_both)
    patrol(site_on_both, NEAR)
    with site_on_both.db.write() as session:
        session.get_one(CaseRow, (COUNTY, case)).ended_at = NEAR + timedelta(minutes=1)
    follow(site_on_both, NEAR + timedelta(minutes=5))
    assert [ended for *_, ended in orders(site_on_both)] == ["moved"]


def test_an_answer_that_is_accepted_ends_it_and_the_ground_rests(site_on_both: Installation) -> None:
    a_whistle(site_on_both)
    patrol(site_on_both, DUE + timedelta(minutes=5))
    told = {"progress": ["人员在外处置，明日一早到乡镇报到。"], "finish_on": ["2026-09-20"]}
    do(site_on_both, "answer_urge", HEAD, DUE + timedelta(minutes=9), **told)
    do(site_on_both, "judge_answer", "auditor@whistle_office", DUE + timedelta(minutes=20), "accept")
    assert orders(site_on_both) == [("overdue", "urge", UNIT, "answered")]
    patrol(site_on_both, DUE + timedelta(minutes=30))
    patrol(site_on_both, DUE + DAY)
    assert len(orders(site_on_both)) == 1
    patrol(site_on_both, DUE + timedelta(days=6))
    assert [(ground, rung, ended) for ground, rung, _, ended in orders(site_on_both)][:2] == [
        ("overdue", "urge", "answered"),
        ("overdue", "letter", ""),
    ]


def test_unanswered_it_climbs_and_the_letter_is_there_to_read(site_on_both: Installation) -> None:
    case = a_whistle(site_on_both)
    patrol(site_on_both, NEAR)
    strike(site_on_both, NEAR + timedelta(days=2))
    assert orders(site_on_both) == [("near_due", "letter", UNIT, "")]
    order = order_of(site_on_both, case)
    do(site_on_both, "sign_letter", "director@whistle_office", NEAR + timedelta(days=2, hours=1), "sign")
    assert open_steps(site_on_both, order) == ["receive_letter"]
    with site_on_both.db.read() as session:
        (letter,) = session.scalars(select(LetterRow))
        names = sorted(session.scalars(select(PaperRow.name).where(PaperRow.case_id == order)))
    assert (letter.case_id, letter.number) == (order, "督办〔2026〕1号")
    assert names == ["督办〔2026〕1号 督办函.docx", "督办〔2026〕1号 督办函.pdf"]


# -- the folder decides


def test_an_edited_table_begins_other_orders(tmp_path: Path, database_url: str) -> None:
    sooner, at_once = ("&gt;= 80", "&gt;= 10"), ("[2..30)", "[0..30)")
    inst = a_site(tmp_path, database_url, folder=changed("decisions/supervise.dmn", sooner, at_once))
    a_whistle(inst)
    patrol(inst, RAISED + DAY)
    assert orders(inst) == [("near_due", "urge", UNIT, "")]
    inst.db.close()


def test_near_its_limit_a_matter_that_moved_lately_is_left_alone(tmp_path: Path, database_url: str) -> None:
    inst = a_site(tmp_path, database_url, folder=changed("decisions/supervise.dmn", ("&gt;= 80", "&gt;= 10")))
    a_whistle(inst)
    patrol(inst, RAISED + DAY)
    assert orders(inst) == []
    inst.db.close()


def test_an_edited_threshold_makes_another_cluster(tmp_path: Path, database_url: str) -> None:
    two = (
        '算集中"\n[[cluster_townships.since]]\nfrom = 2025-05-01\nvalue = 5',
        '算集中"\n[[cluster_townships.since]]\nfrom = 2025-05-01\nvalue = 2',
    )
    inst = a_site(tmp_path, database_url, folder=changed("limits.toml", two))
    a_whistle(inst)
    _alike(inst, 1)
    patrol(inst, RAISED + timedelta(hours=8))
    assert orders(inst) == [("clustered", "letter", UNIT, "")] * 2
    inst.db.close()


def test_without_the_section_nothing_is_supervised(tmp_path: Path, database_url: str) -> None:
    inst = a_site(tmp_path, database_url, folder=unsupervised())
    a_whistle(inst)
    patrol(inst, DUE + DAY)
    follow(inst, DUE + DAY)
    assert orders(inst) == []
    inst.db.close()


# -- when, and at what cost


def test_it_comes_every_day_at_the_county_s_hour(site_on_both: Installation) -> None:
    with site_on_both.db.write() as session:
        begin_recurring(session, COUNTY, RAISED)
    strike(site_on_both, RAISED + DAY)
    with site_on_both.db.read() as session:
        due = session.scalars(select(JobRow.due_at).where(JobRow.key == "supervise")).one()
    assert due == datetime.fromisoformat("2026-09-09T08:30:00+08:00")


def test_the_daily_look_asks_the_same_however_many_matters_there_are(site_on_both: Installation) -> None:
    def cost(now: datetime) -> int:
        strike(site_on_both, now)  # what else is due comes first
        with listening(site_on_both) as heard:
            patrol(site_on_both, now)
        return len([each for each in heard if each.startswith("SELECT")])

    a_whistle(site_on_both)
    few = cost(RAISED + timedelta(hours=8))
    for _ in range(4):
        a_whistle(site_on_both)
    assert cost(RAISED + timedelta(hours=8, minutes=1)) <= few
