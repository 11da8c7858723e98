"""Every kind of job, and how it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import select

from engine.jobs import Work, run_due
from processes.ask_again import ask_again
from processes.calendars import recount_case, spread_recount
from processes.chain import lengthen_chain
from processes.clock import light_up, tick_case
from processes.closed_cases import retain
from processes.deliveries import deliver_message, find_receiver
from processes.discarding import discard_files
from processes.installation import Installation
from processes.look import look
from processes.migration import move_some
from processes.outbox import note_sent, send_out
from processes.recurring import Doing, again
from processes.signals import begin_by_signal, deliver_signal, spread_signal
from processes.supervising import follow_orders, supervise, supervise_case
from processes.sweep import sweep
from processes.tables import CountyRow

KINDS: Mapping[str, Doing] = {
    "tick": tick_case,
    "light": light_up,
    "verb": ask_again,
    "deliver": deliver_message,
    "signal": spread_signal,
    "signal_case": deliver_signal,
    "signal_start": begin_by_signal,
    "send": note_sent,
    "recount": spread_recount,
    "recount_case": recount_case,
    "chain": lengthen_chain,
    "retention": retain,
    "discard": discard_files,
    "sweep": again(sweep),
    "look": again(look),
    "migrate": move_some,
    "supervise": supervise,
    "supervise_case": supervise_case,
    "follow_orders": again(follow_orders),
}


def work_of(inst: Installation) -> Work:
    """How an installation does its jobs."""
    return Work(
        inside={kind: partial(act, inst) for kind, act in KINDS.items()},
        outside={"send": partial(send_out, inst.channels)},
        case_of={"deliver": find_receiver},
    )


def strike(inst: Installation, now: datetime) -> int:
    """Do everything that is due by `now`, in order; returns how much was done."""
    _heed_notices(inst)
    return run_due(inst.db, now, work_of(inst))


def _heed_notices(inst: Installation) -> None:
    with inst.db.read() as session:
        for county, notices in session.execute(select(CountyRow.code, CountyRow.notices)):
            inst.heed(county, notices)
