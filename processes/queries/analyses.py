"""The analyses of closed matters that a person may see (DC-14)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.store.tables import CaseRow, TaskRow
from processes.analyses import Analysed, AnalysisRules
from processes.people import Me, may_see
from processes.tables import MatterRow


def analysed_since(session: Session, me: Me, rules: AnalysisRules, since: datetime) -> list[Analysed]:
    """What analyses said from `since` on, the oldest first; a matter analysed again counts as it was last. One query.

    Matters that are packed into the archive are no longer read.
    """
    on_case = and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id)
    on_matter = and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id)
    done = (
        TaskRow.county == me.county,
        TaskRow.state == "completed",
        TaskRow.step.in_({rules.step, *dict(rules.items)}),
    )
    asked = select(TaskRow.case_id, TaskRow.step, TaskRow.answers, MatterRow.unit, TaskRow.closed_at).where(*done)
    asked = asked.join(CaseRow, on_case).join(MatterRow, on_matter).where(may_see(me)).order_by(TaskRow.closed_at)
    items: dict[str, str] = {}
    found: dict[str, Analysed] = {}
    for case_id, step, answers, unit, at in session.execute(asked):
        told = answers or {}
        item = next((told[field] for at_step, field in rules.items if at_step == step and told.get(field)), None)
        items |= {case_id: str(item)} if item else {}
        if step == rules.step and at >= since:
            said = (str(told.get(rules.cause) or ""), str(told.get(rules.could) or ""))
            found[case_id] = Analysed(case_id, unit, items.get(case_id, ""), *said)
    return list(found.values())
