"""Supervision done: daily and when a light turns red, orders begin on their grounds, and end as matters move.

An order is a case that a message begins, and a message ends, so that what an order is stands in the diagram alone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.jobs import Job
from engine.store.waits import keep_message
from processes.installation import Installation
from processes.orders_due import Due, orders_due
from processes.pack import Pack
from processes.queries.supervision import moved_orders, told_already, waiting_for
from processes.recurring import put_back
from processes.supervision import Supervision

_LONGEST_TITLE = 200


def supervise(inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `supervise`: look at every running matter, and come again at the county's hour of the next day."""
    pack = inst.current_pack(session, job.county)
    rules = Supervision.of(pack.county)
    if rules is None:
        put_back(session, job, now)
        return
    _look(session, pack, rules, now)
    put_back(session, job, now, at=rules.next_run(pack.calendar.local(now)))


def supervise_case(inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `supervise_case`: look at one matter, because something happened to it."""
    pack = inst.current_pack(session, job.county)
    rules = Supervision.of(pack.county)
    if rules is not None:
        _look(session, pack, rules, now, only=job.case)


def follow_orders(inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `follow_orders`: tell the orders whose matters have moved."""
    pack = inst.current_pack(session, job.county)
    rules = Supervision.of(pack.county)
    if rules is not None:
        _tell_moved(session, pack.code, rules, now)


def _look(session: Session, pack: Pack, rules: Supervision, now: datetime, only: str | None = None) -> None:
    _tell_moved(session, pack.code, rules, now)
    due = {each.id: each for each in orders_due(session, pack, rules, now, only)}
    sent = told_already(session, pack.code, due) if due else set()
    for order in due.values():
        if order.id not in sent:
            keep_message(session, pack.code, order.id, rules.message, "", _payload(pack, order), now)


def _tell_moved(session: Session, county: str, rules: Supervision, now: datetime) -> None:
    """Each order that waits is told once; it waits without a correlation key, so its own case's id is its key."""
    moved = moved_orders(session, county)
    waiting = waiting_for(session, county, rules.moved, moved) if moved else set()
    ids = {f"moved-{order}": order for order in moved if order in waiting}
    sent = told_already(session, county, ids) if ids else set()
    for id, order in ids.items():
        if id not in sent:
            keep_message(session, county, id, rules.moved, order, {}, now)


def _payload(pack: Pack, due: Due) -> dict[str, object]:
    """What the message carries: codes for the diagram, words for letters and notices."""
    word = pack.word("grounds", due.ground.ground, default=due.ground.ground)
    titles = [each.title for each in due.matters]
    more = f"等 {len(titles)} 件" if len(titles) > 1 else ""
    return {
        "title": f"{word}：{pack.unit_name(due.unit)} {titles[0]}{more}"[:_LONGEST_TITLE],
        "ground": due.ground.ground,
        "ground_words": pack.word("ground_sentences", due.ground.ground, default=word),
        "rung": due.ground.rung,
        "unit": due.unit,
        "unit_name": pack.units[due.unit].name,
        "matters": [each.case_id for each in due.matters],
        "numbers": [each.number for each in due.matters],
        "subjects": titles,
        "townships": list(dict.fromkeys(pack.unit_name(each.township) for each in due.matters)),
    }
