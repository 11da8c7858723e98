"""Every kind of job, and how it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from engine.jobs import Afterwards, Job, Work, run_due
from processes.ask_again import ask_again
from processes.clock import tick_case, turn_red, warn
from processes.deliveries import deliver_message, deliver_signal, find_receiver, spread_signal
from processes.installation import Installation
from processes.migration import move_some
from processes.outbox import note_sent, send_out

Doing = Callable[[Installation, Session, Job, datetime], Afterwards | None]

KINDS: Mapping[str, Doing] = {
    "tick": tick_case,
    "warn": warn,
    "late": turn_red,
    "verb": ask_again,
    "deliver": deliver_message,
    "signal": spread_signal,
    "signal_case": deliver_signal,
    "send": note_sent,
    "migrate": move_some,
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
    total, work = 0, work_of(inst)
    while done := run_due(inst.db, now, work):
        total += done
    return total
