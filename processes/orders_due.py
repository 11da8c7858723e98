"""Which orders are due: the facts of every matter and unit that holds a step of it, what the county's table says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from processes.pack import Pack
from processes.queries.supervision import Held, Order, held_matters, last_steps, matters_alike, orders_about
from processes.supervision import NO_RUNG, Ground, Supervision, grounds_for


@dataclass(frozen=True)
class Due:
    """An order that is due: its `id` is the same all day, so that it begins once though it is found twice."""

    id: str
    ground: Ground
    unit: str
    matters: tuple[Held, ...]


class _Orders:
    """The orders there are, and those that ended so lately that their ground is left alone."""

    def __init__(self, orders: Iterable[Order]) -> None:
        self._orders = list(orders)

    def rung(self, held: Held) -> str:
        """The rung of the last order to this unit about this matter that is not over."""
        its = (each for each in self._orders if each.ended_at is None and _about(each, held))
        return next((each.rung for each in reversed([*its])), NO_RUNG)

    def has(self, ground: str, matters: Iterable[Held]) -> bool:
        """Whether one of the matters has had such an order to its unit."""
        return any(each.ground == ground and _about(each, held) for held in matters for each in self._orders)


def _about(order: Order, held: Held) -> bool:
    return order.matter_id == held.case_id and order.unit == held.unit


def orders_due(session: Session, pack: Pack, rules: Supervision, now: datetime, only: str | None) -> Iterator[Due]:
    """The orders that are due now and not there yet; with `only`, those about one matter by itself.

    Six statements at most, however many matters the county has.
    """
    today = pack.calendar.local(now).date()
    quiet = timedelta(days=rules.number(pack, rules.quiet_days, today))
    orders = _Orders(orders_about(session, pack.code, now - quiet))
    held = held_matters(session, pack, rules, only)
    moved = last_steps(session, pack, rules, only)
    for each in held:
        facts = _facts(pack, each, moved.get(each.case_id, each.raised_at), now) | {"rung": orders.rung(each)}
        yield from _begun(pack, rules, facts, orders, each.unit, (each,), now)
    if only is None:
        yield from _clusters(session, pack, rules, held, orders, now)


def _clusters(
    session: Session, pack: Pack, rules: Supervision, held: list[Held], orders: _Orders, now: datetime
) -> Iterator[Due]:
    """One order for each unit and duty item, about all the matters of that item that the unit holds."""
    today = pack.calendar.local(now).date()
    since = now - timedelta(days=rules.number(pack, rules.cluster_days, today))
    enough = rules.number(pack, rules.cluster_townships, today)
    for alike in matters_alike(session, pack, rules, since).values():
        townships = len({each.township for each in alike})
        cases = {each.case_id for each in alike}
        by_unit: dict[str, list[Held]] = {}
        for each in held:
            if each.case_id in cases:
                by_unit.setdefault(each.unit, []).append(each)
        for unit, matters in by_unit.items():
            facts = _NOTHING | {"townships": townships, "clustered": townships >= enough}
            yield from _begun(pack, rules, facts, orders, unit, tuple(matters), now)


def _begun(
    pack: Pack,
    rules: Supervision,
    facts: Mapping[str, object],
    orders: _Orders,
    unit: str,
    matters: tuple[Held, ...],
    now: datetime,
) -> Iterator[Due]:
    """The orders that the table asks for, without those that are there or were until lately."""
    day = pack.calendar.local(now).date().isoformat()
    for ground in grounds_for(pack, rules, facts):
        if not orders.has(ground.ground, matters):
            about = "/".join((day, ground.ground, unit, *(each.case_id for each in matters)))
            yield Due(f"supervise-{sha256(about.encode()).hexdigest()[:32]}", ground, unit, matters)


_NOTHING: dict[str, object] = {
    "overdue": False,
    "overdue_days": 0,
    "hours_left": None,
    "share_used": None,
    "idle_days": 0,
    "townships": 0,
    "clustered": False,
    "rung": NO_RUNG,
}
"""The facts of a matter of which nothing is to be said."""


def _facts(pack: Pack, held: Held, moved_at: datetime, now: datetime) -> dict[str, object]:
    calendar = pack.calendar
    local, idle_since = calendar.local(now), calendar.local(moved_at)
    facts = {**_NOTHING, "idle_days": (local.date() - idle_since.date()).days}
    if held.due_at is None:
        return facts
    due = calendar.local(held.due_at)
    left, whole = calendar.working_minutes(local, due), calendar.working_minutes(held.opened_at, due)
    share = 100 * (whole - left) // whole if whole > 0 else 100 if now >= held.due_at else 0
    late_days = sum(
        calendar.is_working_day(due.date() + timedelta(days=n)) for n in range(1, (local.date() - due.date()).days + 1)
    )
    is_late = held.due_at < now
    said = {"overdue": is_late, "overdue_days": late_days if is_late else 0, "hours_left": max(left, 0) // 60}
    return facts | said | {"share_used": share}
