"""`write_letter`: one numbered letter for each asking, its two files with the papers of its case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select

from engine.step import Asked
from engine.store.keep import Act, Kept
from engine.store.tables import CaseRow, TaskRow
from engine.store.tables_jobs import JobRow
from processes.attachments import get_paper
from processes.installation import Installation
from processes.people import NotYours
from processes.queries.cases import get_case
from processes.tables import PaperRow
from processes.tables_supervision import LetterRow
from processes.verbs import Asking
from processes.verbs.write_letter import write_letter
from tests.kit.diagrams import Node, service
from tests.kit.errands import COUNTY, NOW, an_errand_site, do, open_steps, run_errand, user
from tests.kit.sites import me
from tests.processes.letters.a_template import a_template, texts

FLOW = "start -> ask -> write -> read -> done"
GIVEN = {"template": '"notice"', "series": '"supervision"', "fields": '{subject: subject, on: date("2026-09-09")}'}
TEMPLATE = {"letters/notice.docx": a_template("{{ number }}", "{{ county }}关于{{ subject }}，{{ on }}", "{{ date }}")}


def writing(**inputs: str) -> Node:
    return service("write", "write_letter", outputs={"letter": "number"}, **(GIVEN | {"name": '"督办函"'} | inputs))  # type: ignore[arg-type]  # inputs only


def a_site(root: Path, url: str, node: Node) -> Installation:
    return an_errand_site(root, url, FLOW, node, user("read"), more=TEMPLATE)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = a_site(tmp_path, database_url, writing())
    yield inst
    inst.db.close()


def papers(inst: Installation, case: str) -> list[PaperRow]:
    with inst.db.read() as session:
        return list(session.scalars(select(PaperRow).where(PaperRow.case_id == case).order_by(PaperRow.name)))


def letters(inst: Installation) -> list[LetterRow]:
    with inst.db.read() as session:
        return list(session.scalars(select(LetterRow).order_by(LetterRow.number)))


def test_the_letter_is_two_papers_of_its_case_and_its_number_a_variable(site: Installation) -> None:
    case = run_errand(site, "路灯 <b>& 水管")
    docx, pdf = papers(site, case)
    assert (docx.name, pdf.name) == ("督办〔2026〕1号 督办函.docx", "督办〔2026〕1号 督办函.pdf")
    assert (pdf.media_type, docx.by) == ("application/pdf", me(site, "clerk@360428109").id)
    with site.papers.open(docx.sha256) as file:
        said = texts(file.read())
    assert said == ["督办〔2026〕1号", "都昌县关于路灯 <b>& 水管，2026年9月9日", "2026年9月9日"]
    with site.papers.open(pdf.sha256) as file:
        assert file.read(5) == b"%PDF-"
    (letter,) = letters(site)
    assert (letter.case_id, letter.number, letter.docx, letter.pdf) == (case, "督办〔2026〕1号", docx.id, pdf.id)
    with site.db.read() as session:
        (values,) = session.scalars(select(TaskRow.process_values).where(TaskRow.step == "read"))
    assert values["letter"] == "督办〔2026〕1号"


def test_each_letter_has_the_next_number_of_its_year(site: Installation) -> None:
    run_errand(site)
    run_errand(site, now=NOW.replace(month=10))
    run_errand(site, now=NOW.replace(year=2027, month=1))
    assert [each.number for each in letters(site)] == ["督办〔2026〕1号", "督办〔2026〕2号", "督办〔2027〕1号"]


def test_asked_twice_it_is_one_letter(site: Installation) -> None:
    case_id = run_errand(site)
    (letter,) = letters(site)
    inputs = {"template": "notice", "series": "supervision", "fields": {"subject": "另一件", "on": None}}
    asked = Asked(letter.key, "write_letter", "write", "write", inputs, None)
    with site.db.write() as session:
        case = session.get_one(CaseRow, (COUNTY, case_id))
        at = Kept(COUNTY, case_id, case.revision, case.digest, case.head, frozenset(case.units))
        asking = Asking(session, site.pack(session, COUNTY, case.digest), at, asked, Act(NOW), site.papers)
        assert write_letter(asking) == {"number": "督办〔2026〕1号"}
        assert write_letter(replace(asking, asked=replace(asked, key="another:write"))) == {"number": "督办〔2026〕2号"}
    assert len(letters(site)) == 2 and len(papers(site, case_id)) == 4


def test_those_who_may_see_the_case_may_have_the_letter(site: Installation) -> None:
    case = run_errand(site)
    for paper in papers(site, case):
        with site.db.read() as session:
            assert get_paper(session, me(site, "director@whistle_office"), paper.id).case_id == case
            with pytest.raises(NotYours):
                get_paper(session, me(site, "clerk@360428100"), paper.id)
    with site.db.read() as session:
        whole = get_case(session, me(site, "director@whistle_office"), case)
    assert len(whole.papers) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"template": "subject"}, {"series": '"other"'}, {"fields": "null"}, {"fields": "{subject: subject}"}],
    ids=str,
)
def test_what_cannot_be_written_costs_nobody_their_step(
    tmp_path: Path, database_url: str, wrong: dict[str, str]
) -> None:
    site = a_site(tmp_path, database_url, writing(**wrong))
    case = run_errand(site)
    with site.db.read() as session:
        (error,) = session.scalars(select(JobRow.error).where(JobRow.kind == "verb"))
    assert "VerbMisused" in (error or "") or "没有给出 on" in (error or "")
    assert (letters(site), papers(site, case), open_steps(site, case)) == ([], [], [])
    site.db.close()


def test_the_county_s_own_letter_reads_as_a_letter(site: Installation) -> None:
    with site.db.read() as session:
        template = site.current_pack(session, COUNTY).letters["supervision"]
    said = texts(template.fill(dict.fromkeys(template.fields, "甲")))
    assert "督　办　函" in said and not any("{{" in text for text in said)
    assert Document(BytesIO(template.content)).core_properties.author == "县吹哨办"


def test_a_step_done_afterwards_goes_on(site: Installation) -> None:
    do(site, case := run_errand(site), "read")
    assert open_steps(site, case) == []
