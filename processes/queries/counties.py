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
    code = session.scalar(select(CountyRow.code).order_by(CountyRow.opened_at, CountyRow.code))
    if code is None:
        raise NoCounty
    return inst.current_pack(session, code)
