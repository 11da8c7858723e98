"""Who holds which post, kept in memory for as long as nobody's posts change: every step asks about those it opens.

A county counts the changes (`CountyRow.staff`); a command reads the count under its case's lock and asks for that
state, so no process goes by what another has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared
from processes.tables import CountyRow, PostingRow

Groups = Mapping[tuple[str, str], list[str]]
"""Ids of the people who hold each (post, unit)."""

_ALL = Prepared(
    select(PostingRow.post, PostingRow.unit, PostingRow.person).where(PostingRow.county == bindparam("county"))
)


class Staff:
    """The holders of every post, by county, each as of the last change that was asked for."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: dict[str, tuple[int, Groups]] = {}
        self._lock = Lock()

    def holders(self, session: Session, county: str, groups: Iterable[tuple[str, str]], as_of: int) -> Groups:
        """Who holds each of these posts at units after so many changes."""
        with self._lock:
            known = self._known.get(county)
        if known is None or known[0] != as_of:
            known = as_of, _everybody(session, county)
            with self._lock:
                self._known[county] = known
        return {group: known[1].get(group, []) for group in groups}


def note_change(session: Session, county: str) -> None:
    """Count that somebody's posts have changed; whoever changes them says so in the same transaction."""
    session.execute(update(CountyRow).where(CountyRow.code == county).values(staff=CountyRow.staff + 1))


def _everybody(session: Session, county: str) -> Groups:
    found: dict[tuple[str, str], list[str]] = {}
    for post, unit, person in _ALL.rows(session, {"county": county}):
        found.setdefault((post, unit), []).append(person)
    return found
