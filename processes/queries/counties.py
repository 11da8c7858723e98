"""Which county this installation serves; several counties in one installation come with the policy workshop."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from processes.installation import Installation
from processes.pack import Pack
from processes.tables import CountyRow


class NoCounty(Rejected):
    """No county folder has been sealed yet."""

    code = "no_county"
    message = "还没有启用任何一个县的流程。"
    advice = "请先启用一个县文件夹。"


def only_county(inst: Installation, session: Session) -> Pack:
    """The folder of the county that was opened first."""
    row = session.scalar(select(CountyRow).order_by(CountyRow.opened_at, CountyRow.code).limit(1))
    if row is None:
        raise NoCounty
    inst.heed(row.code, row.notices)
    return inst.pack(session, row.code, row.digest)
