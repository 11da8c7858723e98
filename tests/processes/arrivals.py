"""What comes to the site that test_machine drives: messages and signals that begin cases, move them, or both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import booleans, integers, sampled_from
from sqlalchemy import select

from engine.leases import LEASE
from engine.store.tables import CaseRow, JournalRow
from engine.store.tables_messages import MessageRow, WaitRow
from processes.agenda import strike
from processes.deliveries import AmbiguousReceiver
from processes.installation import Installation
from processes.messages import Message, Receipt, broadcast, send
from tests.kit.crashes import Crash, crashing
from tests.kit.diagrams import a_diagram, a_folder, about, begun, catch, service, throw
from tests.kit.errands import COUNTY, NOW, begins_by_itself, do, user
from tests.kit.journals import journal_lines

DIAGRAMS = a_folder(
    a_diagram(
        "begun -> look -> called_again -> tell -> warn -> done",
        begun("begun", about("message", "complaint"), outputs={"place": "place"}),
        service("tell", "notify_units", units='["water"]', text='"dispatched"'),
        user("look"),
        catch("called_again", about("message", "complaint"), key="place"),
        throw("warn", about("signal", "high_water")),
        id="complaint",
    ),
    a_diagram(
        "begun -> guard -> risen -> done",
        begun("begun", about("signal", "high_water")),
        user("guard"),
        catch("risen", about("signal", "high_water")),
        id="flood",
    ),
)
STARTS = begins_by_itself("complaint", "message", "complaint", "投诉") + begins_by_itself(
    "flood", "signal", "high_water", "防汛"
)
COMMITS = sampled_from([0, 1, 2, 3, 5, 1000, 1000])
"""After how many commits the process dies the first time."""
REMEMBERED = timedelta(days=30)
"""How long a message that comes again is known at least."""


class Arrivals(RuleBasedStateMachine):
    """A site to which messages and signals come. It is made once; only the cases of this run are looked at."""

    site: ClassVar[Installation]
    runs: ClassVar[int] = 0
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        Arrivals.runs += 1
        self.inst, self.now = self.site, NOW
        self.got: list[tuple[Message, Receipt, datetime]] = []
        self.came, self.odd = 0, False
        self.older = frozenset[str]()
        self.older = frozenset(self.cases)

    @property
    def cases(self) -> list[str]:
        """The cases of this run, however they began."""
        with self.inst.db.read() as session:
            return sorted(set(session.scalars(select(CaseRow.id))) - self.older)

    # -- what happens

    @rule(place=sampled_from(["东街", "西街"]), commits=COMMITS, looked=booleans())
    def a_complaint_comes(self, place: str, commits: int, looked: bool) -> None:
        """It goes to the case that waits for it, else it begins one, though the process died the first time it came."""
        message = Message(self._id(), "complaint", self._at(place), {"place": self._at(place)})
        waiting, before = self._waiting("message", "complaint", message.key), self.cases
        if len(waiting) > 1:
            with pytest.raises(AmbiguousReceiver):
                send(self.inst, COUNTY, message, now=self.now)
            return
        with self._dying(commits):
            send(self.inst, COUNTY, message, now=self.now)
        receipt = send(self.inst, COUNTY, message, now=self.now)
        (case,) = waiting or set(self.cases) - {*before}
        assert receipt == Receipt("delivered", case)
        assert bool(waiting) == (self.cases == before)
        self.got.append((message, receipt, self.now))
        self.seen["moved" if waiting else "begun"] += 1
        if looked and not waiting:
            do(self.inst, case, "look", now=self.now)  # and so it waits for the next

    @rule(which=integers(0, 9))
    def the_same_complaint_comes_again(self, which: int) -> None:
        known = [(message, receipt) for message, receipt, at in self.got if self.now - at < REMEMBERED]
        if known:
            message, receipt = known[which % len(known)]
            before = self._rows()
            assert send(self.inst, COUNTY, message, now=self.now) == receipt
            assert self._rows() == before
            self.seen["again"] += 1

    @precondition(lambda self: not self.odd)
    @rule()
    def a_complaint_without_a_place_begins_nothing(self) -> None:
        self.odd, before = True, self._rows()
        assert send(self.inst, COUNTY, Message(self._id(), "complaint", ""), now=self.now) == Receipt("kept", None)
        assert self._rows() == before

    @rule(commits=COMMITS)
    def the_water_rises(self, commits: int) -> None:
        """The signal begins one case and reaches all that wait, though the process died the first time it came."""
        strike(self.inst, self.now)
        waiting, id = self._waiting("signal", "high_water"), self._id()
        with self._dying(commits):
            broadcast(self.inst, COUNTY, id, "high_water", {}, now=self.now)
            strike(self.inst, self.now)
        broadcast(self.inst, COUNTY, id, "high_water", {}, now=self.now)
        strike(self.inst, self.now)
        lines = journal_lines(self.inst.db, JournalRow.case_id.in_(self.cases), fact="CaseStarted")
        assert [line.facts.get("id") for line in lines].count(id) == 1
        assert not waiting & self._waiting("signal", "high_water")
        self.seen["spread to some who wait" if waiting else "spread"] += 1

    # -- what always holds

    @invariant()
    def what_came_is_told_once_by_the_case_that_got_it(self) -> None:
        told = Counter(self._told())
        assert max(told.values(), default=1) == 1
        of_this_run = (MessageRow.name == "complaint", MessageRow.id.startswith(f"{Arrivals.runs}:"))
        with self.inst.db.read() as session:
            states = {row.id: row.state for row in session.scalars(select(MessageRow).where(*of_this_run))}
        assert {id for id, state in states.items() if state == "delivered"} == told.keys() & states.keys()

    # -- the pieces

    @contextmanager
    def _dying(self, commits: int) -> Iterator[None]:
        """The process dies after so many commits; what it held is free when its leases have run out."""
        with suppress(Crash), crashing(after=commits):
            yield
            return
        self.now += LEASE
        self.seen["died"] += 1

    def _id(self) -> str:
        self.came += 1
        return f"{Arrivals.runs}:{self.came}"

    def _at(self, place: str) -> str:
        """Cases of other runs wait elsewhere."""
        return f"{place}{Arrivals.runs}"

    def _waiting(self, kind: str, name: str, key: str | None = None) -> set[str]:
        """The cases that wait for this message or signal, under this key if it is given."""
        where = (WaitRow.kind == kind, WaitRow.name == name, *([WaitRow.key == key] if key else []))
        with self.inst.db.read() as session:
            return set(session.scalars(select(WaitRow.case_id).where(*where)))

    def _told(self) -> list[str]:
        """The ids of what came, as the cases' journals tell them."""
        lines = journal_lines(self.inst.db, JournalRow.case_id.in_(self.cases))
        came = [line for line in lines if line.fact in ("CaseStarted", "MessageDelivered")]
        return [str(line.facts["id"]) for line in came if "id" in line.facts]

    def _rows(self) -> list[Any]:
        with self.inst.db.read() as session:
            cases = session.execute(select(CaseRow.id, CaseRow.revision).where(CaseRow.id.in_(self.cases)))
            return sorted(map(tuple, cases))
