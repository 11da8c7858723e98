"""What is offered to whom, beside the open tasks it follows from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import FOREVER, OfferRow, TaskRow


def assert_offers_follow(session: Session, *where: Any) -> None:
    """There is an offer for each group of each open task, which says what the task says, and no other."""
    tasks = session.scalars(select(TaskRow).where(*where)).all()
    offers = session.scalars(select(OfferRow).where(OfferRow.case_id.in_({task.case_id for task in tasks}))).all()
    wanted = [_offer(task, post, unit) for task in tasks if task.state == "open" for post, unit in task.groups]
    assert sorted(map(_told, offers), key=str) == sorted(wanted, key=str)


def offers_of(tasks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of offers for open tasks that were written by hand, by column names."""
    rows = [TaskRow(**task) for task in tasks]
    columns = [column.key for column in OfferRow.__table__.columns]
    return [dict(zip(columns, _offer(row, post, unit), strict=True)) for row in rows for post, unit in row.groups]


def _offer(task: TaskRow, post: str, unit: str) -> tuple[Any, ...]:
    until = task.due_at or FOREVER
    return (task.county, task.id, post, unit, task.case_id, until, task.opened_at, task.other_than, task.claimed_by)


def _told(offer: OfferRow) -> tuple[Any, ...]:
    return tuple(getattr(offer, column.key) for column in OfferRow.__table__.columns)
