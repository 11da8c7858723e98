"""What every page knows: the county and its words, who is signed in, what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, g
from sqlalchemy.orm import Session

from processes.assessment.rules import FILE as ASSESSMENT
from processes.forms import Cases
from processes.incidents import count_incidents, may_manage
from processes.installation import Installation
from processes.ledgers import ledgers_of
from processes.pack import Pack
from processes.people import Me
from processes.queries.inbox import Counts, count_inbox
from processes.queries.waiting_cases import SeenCases
from processes.whistles import starts_of
from web import words
from web.guard import find_visit, visit
from web.tokens import csrf_token

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Named:
    """A post at a unit, in words."""

    post_name: str
    unit_name: str


def installation() -> Installation:
    """The installation this application serves."""
    found: Installation = current_app.extensions["whistle"]
    return found


def asking() -> Session:
    """The session for this request's questions, opened with the first of them; see `close_asking`."""
    if "asking" not in g:
        g.asking = installation().db.read()
    session: Session = g.asking
    return session


def close_asking(_error: BaseException | None = None) -> None:
    """Give back the connection of `asking`; what is asked afterwards borrows one again."""
    if "asking" in g:
        g.asking.close()


def seen_cases() -> Cases:
    """The cases that whoever asks may see, for what forms say of them."""
    if "seen_cases" not in g:
        g.seen_cases = SeenCases(asking(), visit().me, pack())
    found: Cases = g.seen_cases
    return found


def pack() -> Pack:
    """The county's folder as new cases use it."""
    found: Pack = g.pack
    return found


def now() -> datetime:
    """The moment of this request, in the county's zone."""
    if "local" not in g:
        g.local = g.now.astimezone(pack().calendar.zone)
    moment: datetime = g.local
    return moment


def counts() -> Counts:
    """What waits for the person; asked once for each request."""
    if "counts" not in g:
        found = find_visit()
        g.counts = count_inbox(asking(), found.me, now=g.now, soon=g.now + SOON) if found else None
    waiting: Counts = g.counts
    return waiting


def frame() -> dict[str, Any]:
    """The context of every template."""
    if "pack" not in g:
        return {}
    county = pack()
    known: dict[str, Any] = {
        "county": {"name": county.name, "short": county.name, "contact_words": county.contact},
        "words": county.sentences,
        "case_word": county.word("whistle", "case", default="事项"),
        "now": now(),
        "assesses": ASSESSMENT in county.files,
        "csrf_token": csrf_token,
    }
    found = find_visit()
    if installation().rehearsal:
        may_move = found is not None and may_manage(found.me, county)
        known["rehearsal"] = {"words": words.exact(now()), "may_move": may_move}
    if found is not None:
        known |= {"me": _me(found.me, county), "counts": _waiting(), "starts": _starts(found.me, county)}
        known |= _managing(found.me, county) | _places(found.me, county)
    return known


def _places(me: Me, county: Pack) -> dict[str, Any]:
    """Where this person may go besides, as far as the county has such places."""
    there = {
        "ledgers": bool(ledgers_of(county)),
        "supervises": me.sees_county and "supervision" in county.county,
        "knows": "knowledge" in county.county,
    }
    return {name: True for name, is_there in there.items() if is_there}


def _waiting() -> dict[str, str]:
    """What waits, as the rail says it; nothing where nothing waits."""
    found = counts()
    waiting = {"inbox": found.inbox, "late": found.late}
    return {name: words.count(number, found.most) if number else "" for name, number in waiting.items()}


def _managing(me: Me, county: Pack) -> dict[str, Any]:
    """What those who look after the service see besides."""
    if not may_manage(me, county):
        return {}
    return {"incidents": count_incidents(asking(), county.code)}


def _me(me: Me, county: Pack) -> dict[str, Any]:
    posts = [Named(county.post_name(held.post), county.unit_name(held.unit)) for held in me.postings]
    return {"name": me.name, "posts": posts}


def _starts(me: Me, county: Pack) -> list[dict[str, str]]:
    return [{"key": name, "name": name} for name in starts_of(county, me)]
