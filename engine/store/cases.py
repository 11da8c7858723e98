"""Taking up a case for its next step: its row under the revision check, and the live instance if we still have it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.run import State, Step
from engine.spiff.instance import Instance
from engine.store.keep import Kept
from engine.store.tables import CaseRow, TaskRow


class NoSuchCase(Rejected):
    """There is no such case."""

    code = "no_such_case"
    message = "没有找到这件事。"
    advice = "请核对编号，或在上方查找。"


class HotCases:
    """The live instances that the last steps left, newest kept; each is handed out once and only at its revision.

    A fault in a step simply loses the instance: the next step loads the bytes that were committed.
    """

    def __init__(self, capacity: int = 256) -> None:
        """Keep at most `capacity` live cases (about 130 KiB each)."""
        self._capacity = capacity
        self._live: OrderedDict[tuple[str, str], tuple[int, Instance]] = OrderedDict()
        self._lock = Lock()

    def take(self, at: Kept) -> Instance | None:
        """The live instance of this case, if it stands at this revision; the caller owns it now."""
        with self._lock:
            revision, instance = self._live.pop((at.county, at.case_id), (0, None))
        return instance if revision == at.revision else None

    def put(self, at: Kept, step: Step) -> None:
        """Offer what a committed step left."""
        if step.ended:
            return
        with self._lock:
            self._live[at.county, at.case_id] = (at.revision, step.live)
            while len(self._live) > self._capacity:
                self._live.popitem(last=False)


def take_up(session: Session, county: str, case_id: str, hot: HotCases | None = None) -> tuple[Kept, State]:
    """The case as committed, locked for this transaction, and its state; raises NoSuchCase."""
    row = session.scalar(select(CaseRow).where(CaseRow.county == county, CaseRow.id == case_id).with_for_update())
    if row is None:
        raise NoSuchCase
    return standing(row, hot)


def lock_case_of(session: Session, county: str, task_id: str) -> CaseRow | None:
    """The case of a task, locked: whoever comes second waits here, and then sees what the first has done."""
    its_case = select(TaskRow.case_id).where(TaskRow.county == county, TaskRow.id == task_id).scalar_subquery()
    locked = select(CaseRow).where(CaseRow.county == county, CaseRow.id == its_case).with_for_update()
    return session.scalar(locked)


def standing(row: CaseRow, hot: HotCases | None = None) -> tuple[Kept, State]:
    """Where a locked case stands: as a live instance if we still have it, else as bytes."""
    kept = Kept(row.county, row.id, row.revision, row.digest)
    return kept, (hot.take(kept) if hot else None) or row.state
