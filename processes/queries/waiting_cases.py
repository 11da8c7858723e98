"""The cases that a form may choose from: those that wait for a message, as far as the person may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from engine.ids import is_id
from engine.store.archive import read_archives, rows_as
from engine.store.tables import CaseRow, TaskRow
from engine.store.tables_messages import WaitRow
from processes.answers import answers_of
from processes.forms import Option
from processes.pack import Pack
from processes.people import Me, may_see
from processes.personal import names_in, personal_fields
from processes.tables import MatterRow


class SeenCases:
    """The cases of one county that one person may see; each question is asked of the database once."""

    def __init__(self, session: Session, me: Me, pack: Pack) -> None:
        """Nothing has been asked."""
        self._session, self._me, self._pack = session, me, pack
        self._awaiting: dict[str, tuple[Option, ...]] = {}
        self._names: dict[str, str | None] = {}
        self._persons: dict[str, frozenset[str]] = {}

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

    def persons(self, case: object) -> Collection[str]:
        """The names in its personal fields, whoever asks: they are looked for in a text, and never shown but there."""
        fields = personal_fields(self._pack)
        if not fields or not isinstance(case, str) or not is_id(case):
            return ()
        if case not in self._persons:
            self._persons[case] = names_in(_answers(self._session, self._me.county, case), fields)
        return self._persons[case]

    def _called(self, row: Any) -> str:
        return f"{row.number or '待编号'} {row.title}（{self._pack.unit_name(row.unit)}）"


def _answers(session: Session, county: str, case: str) -> Iterator[Mapping[str, Any]]:
    """What was filled in about a case, packed away in the meantime or not."""
    yield from (answer.answers for answer in answers_of(session, county, case))
    for rows in read_archives(session, county, [case]).values():
        yield from (task.answers for task in rows_as(TaskRow, rows) if task.answers)


def _matters(me: Me) -> Select[Any, Any, Any, Any, Any]:
    on = and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id)
    asked = select(MatterRow.case_id, MatterRow.number, MatterRow.title, MatterRow.unit, CaseRow.started_at)
    return asked.join(CaseRow, on).where(may_see(me))
