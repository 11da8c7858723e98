"""What was filled in, said as label and text; papers, holders and steps in people's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from engine.step import Group
from processes.answers import Answer
from processes.forms import Form, Line, Posted, show
from processes.pack import Pack
from processes.queries.precedents import Precedent
from processes.tables import MatterRow, PaperRow
from web import words
from web.frame import now, seen_cases
from web.links import url_for

Pair = tuple[str, str]
_NUMBERS = re.compile(r"^(?:[A-Z]{2}-\d+、?)+(?: [^：]{1,6})?：")


def answered(pack: Pack, answer: Answer) -> list[Pair | Line]:
    """The lines of one filled-in form, what was decided first."""
    form = pack.forms.get(answer.form)
    if form is None:
        return []
    outcome = form.find_outcome(answer.outcome)
    decided = [("办理结果", outcome.label)] if outcome and len(form.outcomes) > 1 else []
    return [*decided, *map(_short, show(form, answer.answers, replace(pack.lists, cases=seen_cases())))]


def matter(pack: Pack, row: MatterRow, answers: Iterable[Answer]) -> list[Pair | Line]:
    """What the matter is: the latest answers of the step that raised it."""
    start = pack.starts[row.start]
    raised = [answer for answer in answers if answer.step == start.step]
    return [("提出单位", pack.unit_name(row.unit)), *(answered(pack, raised[-1]) if raised else [])]


def texts(lines: Iterable[Pair | Line]) -> list[str]:
    """What the lines say, without their labels."""
    return [line.text if isinstance(line, Line) else line[1] for line in lines]


def typed(form: Form, posted: Posted) -> list[Pair]:
    """What somebody had typed into a form that can no longer be sent."""
    return [
        (field.label, "；".join(posted.getlist(key)))
        for key, field in form.inputs.items()
        if field.kind not in ("filepicker", "dynamiclist") and any(posted.getlist(key))
    ]


def holders(pack: Pack, groups: Iterable[Group]) -> str:
    """住建局 分管负责同志或股室负责人"""
    by_unit: dict[str, list[str]] = {}
    for group in groups:
        by_unit.setdefault(group.unit, []).append(pack.post_name(group.post))
    return "、".join(f"{pack.unit_name(unit)} {'或'.join(posts)}" for unit, posts in by_unit.items())


def help_of(documentation: str) -> str:
    """What a step's documentation tells the operator: without the requirement numbers that staff keep in front."""
    return _NUMBERS.sub("", documentation)


def step_name(pack: Pack, step: str) -> str:
    """What a step is called on its diagram."""
    found = (process.find(step) for process in pack.definition.processes)
    return next((element.name for element in found if element is not None), step)


def paper(row: PaperRow, people: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
    """A paper in a list of papers."""
    return {
        "id": row.id,
        "name": row.name,
        "size_words": words.size(row.size),
        "media_type": row.media_type,
        "by": people.get(row.by, ""),
        "at_words": words.moment(row.at.astimezone(zone), now()),
        "is_image": row.view_sha256 is not None,
        "thumb_url": url_for("papers.thumbnail", paper_id=row.id) if row.thumb_sha256 else None,
    }


def precedent(pack: Pack, found: Precedent) -> dict[str, Any]:
    """A verdict on an earlier matter; its number and title only for those who may see that."""
    told = [("拒收单位", pack.unit_name(found.unit)), ("改由", pack.unit_name(found.given_to or ""))]
    return {
        "code": found.item,
        "verdict": pack.word("verdicts", found.verdict, default=found.verdict),
        "lines": [(label, text) for label, text in (*told, ("理由", found.reason or "")) if text],
        "at_words": words.moment(found.at.astimezone(pack.calendar.zone), now()),
        "case_ref": found.number or found.case_id,
        "case_number": found.number or "待编号",
        "title": found.title,
    }


def _short(line: Line) -> Line:
    """Rows of a single column as one line: 县住建局、县城管局. A row with a name keeps it: that is what was ticked."""
    if not line.rows or any(len(row.lines) != 1 or row.is_named for row in line.rows):
        return line
    return replace(line, text="、".join(row.lines[0].text for row in line.rows), rows=())
