"""Taking up a case for its next step: its row under the revision check, and the live instance if we still have it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.run import State
from engine.spiff.instance import Instance
from engine.step import Step
from engine.store.keep import Kept
from engine.store.prepared import Prepared
from engine.store.tables import CaseRow


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
    row = _LOCKED.one(session, {"in_county": county, "its_id": case_id})
    if row is None:
        raise NoSuchCase
    kept = Kept(county, case_id, row.revision, row.digest, row.head, frozenset(row.units))
    return kept, state_of(session, kept, hot)


def state_of(session: Session, at: Kept, hot: HotCases | None = None) -> State:
    """The state of a case that this transaction has locked: the live instance if we still have it, else its bytes."""
    live = hot.take(at) if hot else None
    if live is not None:
        return live
    state: bytes = _STATE.one(session, {"in_county": at.county, "its_id": at.case_id}).state
    return state


def bytes_of(session: Session, county: str, case_id: str) -> bytes:
    """The state of a case as it was committed, to look at; raises NoSuchCase."""
    row = _STATE.one(session, {"in_county": county, "its_id": case_id})
    if row is None:
        raise NoSuchCase
    state: bytes = row.state
    return state


_THIS = (CaseRow.county == bindparam("in_county"), CaseRow.id == bindparam("its_id"))
_LOCKED = Prepared(
    select(CaseRow.revision, CaseRow.digest, CaseRow.head, CaseRow.units).where(*_THIS).with_for_update()
)
_STATE = Prepared(select(CaseRow.state).where(*_THIS))
