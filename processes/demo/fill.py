"""Fills an empty demonstration with made-up months, played to this moment; refuses a database that is in use."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from engine.errors import Rejected
from engine.store.cases import HotCases
from engine.store.tables import CaseRow
from processes.demo.rhythm import arrivals, midnight, months_before
from processes.demo.script import script_of
from processes.demo.walker import Progress, Walker
from processes.installation import Installation
from processes.outbox import Channel
from processes.pack import Pack
from processes.queries.counties import only_county
from processes.tables import PersonRow

_WARM = 4000
"""How many live cases are kept at hand: all of them."""


class NotEmpty(Rejected):
    """There are cases in this database already: made-up ones are only added to an empty one."""

    code = "not_empty"
    message = "这里已经有 {count} 件事项，不能再生成演示数据。"
    advice = "请用 --data 另指定一个空文件夹；确定不要里面的数据的，先停止服务，删去这个文件夹再试。"


class RealPeople(Rejected):
    """Real people have accounts here: made-up months are for demonstrations only."""

    code = "real_people"
    message = "这里已经有真实人员的账号，是正式使用的系统，不能生成演示数据。"
    advice = "请用 --data 另指定一个空文件夹。"


@dataclass(frozen=True)
class Wanted:
    """How much is to be made up: so many `cases` in so many `months`, by this `seed`."""

    months: int = 6
    cases: int = 500
    seed: str = "1"


class _Nowhere:
    """A way out of the house that ends at the door: in a demonstration nothing is sent to anybody."""

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """Taken, and kept by nobody."""


class _AllNowhere(dict[str, Channel]):
    def get(self, key: str, default: object = None) -> Channel:
        return _Nowhere()


def fill(inst: Installation, wanted: Wanted, now: datetime, progress: Progress) -> Counter[str]:
    """Make up months that end `now`; returns how much of what there is. Raises NotEmpty, RealPeople."""
    refuse_used(inst)
    inst = replace(inst, hot=HotCases(_WARM), channels=_AllNowhere())
    with inst.db.read() as session:
        pack = only_county(inst, session)
    script, first = script_of(pack), _first(pack, wanted, now)
    walker = Walker(inst, script, wanted.seed, now)
    planned = arrivals(pack, script, wanted.seed, first, now, wanted.cases)
    with inst.db.hurrying(), _seldom_tidied():
        walker.walk(planned, _mornings(pack, first, now), progress)
    return walker.told


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Meanwhile garbage is looked for seldom, and not among what is there already: a tenth of the time saved."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def refuse_used(inst: Installation) -> None:
    """Raises NotEmpty, RealPeople."""
    with inst.db.read() as session:
        if session.scalar(select(exists().where(PersonRow.is_demo.is_(False)))):
            raise RealPeople
        if session.scalar(select(exists(select(CaseRow.id)))):
            raise NotEmpty(count=len(session.scalars(select(CaseRow.id)).all()))


def _first(pack: Pack, wanted: Wanted, now: datetime) -> datetime:
    return midnight(pack, months_before(pack.calendar.local(now).date(), wanted.months))


def _mornings(pack: Pack, first: datetime, last: datetime) -> Iterator[datetime]:
    """When offices open on each day."""
    day = pack.calendar.local(first).date()
    while (at := pack.calendar.opening(day)) < last:
        yield at
        day += timedelta(days=1)
