"""The cases that a form may choose from: those that wait for a message, as far as the person may see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from engine.ids import is_id
from engine.store.tables import CaseRow
from engine.store.tables_messages import WaitRow
from processes.forms import Option
from processes.pack import Pack
from processes.people import Me, may_see
from processes.tables import MatterRow


class SeenCases:
    """The cases of one county that one person may see; each question is asked of the database once."""

    def __init__(self, session: Session, me: Me, pack: Pack) -> None:
        """Nothing has been asked."""
        self._session, self._me, self._pack = session, me, pack
        self._awaiting: dict[str, tuple[Option, ...]] = {}
        self._names: dict[str, str | None] = {}

    def awaiting(self, message: str) -> tuple[Option, ...]:
        """Those that wait for this message under their own id, the oldest first: number, title, unit."""
        if message not in self._awaiting:
            waits = and_(WaitRow.county == CaseRow.county, WaitRow.case_id == CaseRow.id, WaitRow.kind == "message")
            found = _matters(self._me).add_columns(WaitRow.key).join(WaitRow, waits).where(WaitRow.name == message)
            rows = self._session.execute(found.order_by(CaseRow.started_at, CaseRow.id)).all()
            called = {row.case_id: self._called(row) for row in rows if row.key == row.case_id}
            self._awaiting[message] = tuple(Option(case, name) for case, name in called.items())
        return self._awaiting[message]

    def name(self, case: object) -> str | None:
        """What people call a case; None if there is none that this person may see."""
        if not isinstance(case, str) or not is_id(case):
            return None
        if case not in self._names:
            row = self._session.execute(_matters(self._me).where(CaseRow.id == case)).first()
            self._names[case] = self._called(row) if row else None
        return self._names[case]

    def _called(self, row: Any) -> str:
        return f"{row.number or '待编号'} {row.title}（{self._pack.unit_name(row.unit)}）"


def _matters(me: Me) -> Select[Any, Any, Any, Any, Any]:
    on = and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id)
    asked = select(MatterRow.case_id, MatterRow.number, MatterRow.title, MatterRow.unit, CaseRow.started_at)
    return asked.join(CaseRow, on).where(may_see(me))
