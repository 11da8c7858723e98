"""`record_commended`: the units and persons that were commended, by whose decision, on which grounds (DC-15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from engine.store.rows import add_rows
from processes.answers import Answer
from processes.tables import MatterRow
from processes.tables_knowledge import CommendedRow
from processes.verbs.asking import Asking

UNIT, PERSON = "unit", "person"


def record_commended(asking: Asking) -> None:
    """Inputs: `step`, whose last answer puts forward `units`, `persons` (rows with `chosen`), `more_units` and
    `more_persons` (rows with `unit`, perhaps `called`, and `reason`); `decided`, the step that agreed.

    Asked twice, it records once.
    """
    here = {"county": asking.case.county, "case_id": asking.case.case_id}
    if asking.session.scalar(select(CommendedRow).filter_by(**here).limit(1)) is not None:
        return
    put_forward, decided = _last(asking, "step"), _last(asking, "decided")
    title = asking.session.get_one(MatterRow, tuple(here.values())).title
    told = {**here, "title": title, "by": decided.by, "at": decided.at}
    rows = [*_rows(put_forward.answers, UNIT), *_rows(put_forward.answers, PERSON)]
    add_rows(asking.session, CommendedRow, [{**told, **row} for row in rows])


def _last(asking: Asking, name: str) -> Answer:
    step = asking.asked.inputs.get(name)
    answers = asking.answers_to([step]) if isinstance(step, str) else []
    if not answers:
        raise asking.misused(f"{name} 应为已经办理过的一步的编号")
    return answers[-1][0]


def _rows(answers: Mapping[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    """Those chosen from the candidates, in their order, then those who were added."""
    chosen = [row for row in answers.get(f"{kind}s") or [] if row.get("chosen") is True]
    added = answers.get(f"more_{kind}s") or []
    for position, row in enumerate([*chosen, *added]):
        yield {
            "kind": kind,
            "position": position,
            "unit": str(row["unit"]),
            "person": row.get("person"),
            "name": str(row.get("called") or ""),
            "score": str(row.get("score") or ""),
            "reason": str(row.get("reason") or ""),
        }
