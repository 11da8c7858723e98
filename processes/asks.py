"""What a form looks at while a person fills it in: the county's lists, the process variables, the papers at hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes.forms import Lists, PaperRef, World
from processes.pack import Pack
from processes.people import Me
from processes.tables import PaperRow

_KINDS = {"township": "乡镇", "department": "县直部门", "office": "县吹哨办", "leaders": "县领导"}


def form_world(pack: Pack, values: Mapping[str, Any], papers: Mapping[str, PaperRef]) -> World:
    """The world of one form."""
    return World(_lists(pack.digest, pack), values, papers, pack.calendar.zone)


def papers_for(session: Session, me: Me, case_id: str | None) -> dict[str, PaperRef]:
    """The papers this person may name in a form: those of the case and their own that belong to no case yet."""
    own = (PaperRow.case_id.is_(None)) & (PaperRow.by == me.id)
    query = select(PaperRow).where(PaperRow.county == me.county, or_(PaperRow.case_id == case_id, own))
    rows = session.scalars(query if case_id else select(PaperRow).where(PaperRow.county == me.county, own))
    return {row.id: PaperRef(row.id, row.name, row.size, row.media_type) for row in rows}


class _ByDigest:
    """Lets lru_cache keep lists per sealed version without hashing the pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return hash(self.pack.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest) and other.pack.digest == self.pack.digest


def _lists(digest: str, pack: Pack) -> Lists:
    return _lists_of(_ByDigest(pack))


@lru_cache(maxsize=64)
def _lists_of(keyed: _ByDigest) -> Lists:
    pack = keyed.pack
    units = [(unit.code, unit.name, _KINDS[unit.kind]) for unit in pack.units.values()]
    by_kind = {
        f"units:{kind}": [(unit.code, unit.name, "") for unit in members]
        for kind, members in pack.units_of_kind.items()
    }
    duties = [(duty.code, f"{duty.code} {duty.item}", _whose(pack, duty.lead)) for duty in pack.duties.values()]
    own = [(duty.code, f"{duty.code} {duty.item}", "") for duty in pack.duties.values() if duty.is_townships_own]
    return Lists.of({"units": units, **by_kind, "duties": duties, "duties:township": own})


def _whose(pack: Pack, lead: str) -> str:
    return "乡镇" if lead == "township" else pack.unit_name(lead)
