"""What was filled in, said as label and text; papers, holders and steps in people's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

from flask import url_for

from processes.forms import Form, Line, Posted, show
from processes.pack import Pack
from processes.queries.cases import Group
from processes.tables import AnswerRow, MatterRow, PaperRow
from web import words
from web.frame import now

Pair = tuple[str, str]


def answered(pack: Pack, answer: AnswerRow) -> list[Pair]:
    """The lines of one filled-in form, what was decided first."""
    form = pack.forms.get(answer.form)
    if form is None:
        return []
    outcome = form.find_outcome(answer.outcome)
    decided = [("办理结果", outcome.label)] if outcome and len(form.outcomes) > 1 else []
    return [*decided, *_flat(show(form, answer.answers, pack.lists))]


def matter(pack: Pack, row: MatterRow, answers: Iterable[AnswerRow]) -> list[Pair]:
    """What the matter is: the latest answers of the step that raised it."""
    start = pack.starts[row.start]
    raised = [answer for answer in answers if answer.step == start.step]
    about = [("提出单位", pack.unit_name(row.unit))]
    return [*about, *(answered(pack, raised[-1]) if raised else [])]


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


def _flat(shown: Iterable[Line]) -> list[Pair]:
    pairs: list[Pair] = []
    for line in shown:
        if line.rows:
            pairs += [(f"{line.label}：{row.title}", _said(row.lines)) for row in line.rows]
        elif line.papers:
            pairs.append((line.label, "、".join(each.name for each in line.papers)))
        else:
            pairs.append((line.label, line.text))
    return pairs


def _said(lines: Iterable[Line]) -> str:
    return "；".join(f"{line.label} {line.text or '、'.join(each.name for each in line.papers)}" for line in lines)
