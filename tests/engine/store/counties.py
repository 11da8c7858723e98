"""A county with a few cases, blocks and anchors, and what a check of its journal says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.run import complete, start
from engine.store.cases import take_up
from engine.store.database import Database
from engine.store.evidence.anchors import Anchor, write_anchor
from engine.store.evidence.blocks import last_block, make_block
from engine.store.evidence.verify import Fault, verify
from engine.store.keep import Act, keep
from engine.store.tables import TaskRow
from engine.store.tables_chain import BlockRow, RefusalRow
from tests.engine.store.stories import COUNTY, a_case
from tests.kit.diagrams import drawn
from tests.kit.walks import MONDAY, a_world

LINE = drawn("start -> a -> b -> c -> d -> e -> done")


class Case:
    """One of several cases in a database: five tasks in a row, each completion a revision of two lines or more."""

    def __init__(self, db: Database, at: datetime) -> None:
        self.db = db
        step = start(LINE, "main", {}, a_world(at))
        with db.write() as session:
            self.kept = a_case(session, step, Act(at, "clerk"))

    @property
    def id(self) -> str:
        """Its id."""
        return self.kept.case_id

    def do(self, *steps: str, at: datetime = MONDAY) -> Case:
        """Complete these tasks, one transaction each."""
        for name in steps:
            with self.db.write() as session:
                self.keep(session, name, at)
        return self

    def keep(self, session: Session, name: str, at: datetime) -> None:
        """Complete a task in a transaction of the caller's."""
        before, state = take_up(session, COUNTY, self.id)
        task = session.scalars(select(TaskRow.id).filter_by(case_id=self.id, step=name, state="open")).one()
        step = complete(LINE, state, task, {}, "submit", a_world(at))
        self.kept = keep(session, before, step, Act(at, "wang", task, "submit"))


@dataclass
class County:
    """Blocks are made when the test says so, each an hour after the one before."""

    db: Database
    folder: Path
    now: datetime = MONDAY
    cases: dict[str, Case] = field(default_factory=dict)

    @property
    def anchors(self) -> Path:
        """Its anchor file."""
        return self.folder / f"{COUNTY}.txt"

    def begin(self, *names: str) -> County:
        """Start cases that are called so."""
        for name in names:
            self.cases[name] = Case(self.db, self.now)
        return self

    def do(self, name: str, *steps: str) -> County:
        """Complete tasks of the case called so, now."""
        self.cases[name].do(*steps, at=self.now)
        return self

    def refuse(self, sentence: str = "不由您办理") -> str:
        """Put a refusal on record; its id."""
        row = {"county": COUNTY, "id": uuid4().hex, "at": self.now, "by": "wang", "act": "tasks.claim"}
        with self.db.write() as session:
            session.execute(insert(RefusalRow).values(**row, code="not_yours", sentence=sentence))
        return str(row["id"])

    def seal(self, *, anchor: bool = True, **later: float) -> BlockRow | None:
        """Make a block, and its anchor if the day has none."""
        self.now += timedelta(**later) if later else timedelta(hours=1)
        with self.db.write() as session:
            made = make_block(session, COUNTY, self.now)
            last = last_block(session, COUNTY)
        if anchor and last is not None:
            write_anchor(self.anchors, Anchor(self.now.date(), last.no, last.digest, last.cases))
        return made

    def faults(self) -> list[Fault]:
        """What a check finds; every fault must be able to say what it is."""
        found = list(verify(self.db, COUNTY, anchors=self.anchors))
        assert all(each.sentence and each.english for each in found)
        return found

    def places(self) -> set[tuple[str, str, int | None]]:
        """(kind, name of the case, revision) of each fault."""
        names = {case.id: name for name, case in self.cases.items()}
        return {(each.kind, names.get(each.case_id or "", ""), each.revision) for each in self.faults()}

    def rows(self, table: Any, *where: Any) -> list[Any]:
        """Rows of a table."""
        with self.db.read() as session:
            return list(session.scalars(select(table).where(*where)))


def a_county(db: Database, folder: Path) -> County:
    """Three cases over three days, four blocks, three anchors, two refusals."""
    county = County(db, folder).begin("t1", "t2", "t3")
    county.do("t1", "a", "b").refuse()
    county.seal()
    county.do("t1", "c").do("t2", "a")
    county.seal(hours=2)
    county.do("t1", "d").refuse()
    county.seal(days=1)
    county.do("t1", "e")
    county.seal(days=1)
    return county


def days(anchors: Iterable[tuple[int, Anchor | None]]) -> list[date]:
    """The days of an anchor file."""
    return [anchor.day for _, anchor in anchors if anchor is not None]
