"""`write_letter`: a numbered letter from a template of the county's, kept as .docx and PDF with the case's papers."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO

from engine.store.rows import add_rows
from processes.letters import Series, Template, as_pdf, said
from processes.letters.words import day
from processes.numbers import next_number
from processes.papers import PaperRules, StoredPaper, clean_name
from processes.tables import PaperRow
from processes.tables_supervision import LetterRow
from processes.verbs.asking import Asking

ALWAYS_GIVEN = ("number", "date", "county")
"""The fields of every letter that no diagram need give."""


def write_letter(asking: Asking) -> Mapping[str, object]:
    """Inputs: `template`, a file of letters/ without its ending; `series`, a key of county.toml's `letters`; `fields`,
    a context whose entries fill the template's fields; `name`, what the letter is called, or none.

    Gives back `number`. One letter for each asking: asked again, the number that was given. The files are kept before
    their rows are written; a step that is undone leaves files that nobody names, and the next try makes them again.
    """
    key = (asking.case.county, asking.asked.key)
    written = asking.session.get(LetterRow, key)
    return {"number": written.number if written is not None else _write(asking)}


def _write(asking: Asking) -> str:
    template, series = _template(asking), _series(asking)
    local = asking.pack.calendar.local(asking.act.at)
    seq = next_number(asking.session, asking.case.county, f"letters/{series.key}:{local.year}")
    number = series.number(local.year, seq)
    given = {**_fields(asking), "number": number, "date": day(local.date()), "county": asking.pack.name}
    name = clean_name(f"{number} {asking.asked.inputs.get('name') or asking.asked.name}")
    letter = template.fill(given)
    files = {"docx": letter, "pdf": as_pdf(letter, name)}
    papers = {ending: _keep(asking, content, f"{name}.{ending}") for ending, content in files.items()}
    _note(asking, number, papers)
    return number


def _template(asking: Asking) -> Template:
    found = asking.pack.letters.get(str(asking.asked.inputs.get("template")))
    if found is None:
        raise asking.misused("template 应为 letters/ 里一个模板的文件名，不带后缀")
    return found


def _series(asking: Asking) -> Series:
    found = asking.pack.series.get(str(asking.asked.inputs.get("series")))
    if found is None:
        raise asking.misused("series 应为 county.toml 的 [letters] 里的一项")
    return found


def _fields(asking: Asking) -> dict[str, str]:
    fields = asking.asked.inputs.get("fields")
    if not isinstance(fields, Mapping):
        raise asking.misused("fields 应为若干“项目: 值”")
    return {str(name): said(value, asking.pack.calendar.zone) for name, value in fields.items()}


def _keep(asking: Asking, content: bytes, name: str) -> StoredPaper:
    return asking.papers.put(BytesIO(content), name, PaperRules())


def _note(asking: Asking, number: str, papers: Mapping[str, StoredPaper]) -> None:
    """The rows: both papers of the case, and the letter that they are."""
    at, by = asking.act.at, asking.act.by or ""
    here = {"county": asking.case.county, "case_id": asking.case.case_id}
    ids = {ending: sha256(f"{asking.asked.key}.{ending}".encode()).hexdigest()[:32] for ending in papers}
    rows = [
        {
            **here,
            "id": ids[ending],
            "task_id": None,
            "name": paper.name,
            "size": paper.size,
            "media_type": paper.media_type,
            "sha256": paper.sha256,
            "view_sha256": None,
            "thumb_sha256": None,
            "by": by,
            "at": at,
        }
        for ending, paper in papers.items()
    ]
    add_rows(asking.session, PaperRow, rows)
    letter = {"key": asking.asked.key, "number": number, "template": str(asking.asked.inputs["template"]), "at": at}
    add_rows(asking.session, LetterRow, [{**here, **letter, **ids}])
