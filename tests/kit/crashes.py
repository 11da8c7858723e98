"""A process that dies just before a commit: nothing of that transaction happened, all before it did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session


class Crash(BaseException):
    """The process died; nothing that looks after errors gets to hear of it."""


@contextmanager
def crashing(*, after: int = 0) -> Iterator[None]:
    """Every commit but the first few dies."""
    left = after

    def die(_session: Session) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Crash

    event.listen(Session, "before_commit", die)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", die)
