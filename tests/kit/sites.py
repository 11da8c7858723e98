"""Whole installations, as `whistle serve` makes them, in a folder of the test's own."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import delete, select

from engine.model import Files, read_folder
from engine.model.files import digest
from engine.store.database import Database
from engine.store.tables_jobs import JobRow
from processes.demo import settle
from processes.installation import Installation
from processes.pack import Pack, read_pack
from processes.papers import PaperStore
from processes.people import Me, find_person
from processes.queries.counties import only_county
from processes.rehearsal import settle_purpose
from processes.schema import upgrade
from processes.sealing import seal
from processes.staff import note_change
from processes.tables import PersonRow, PostingRow
from tests.kit.foundations import lay
from tests.kit.memory import a_place_for_files
from web.app import create_app

COUNTIES = Path(__file__).parents[2] / "bpmn"
OPENED = datetime(2026, 9, 1, tzinfo=UTC)
SEALED: dict[tuple[str, str], Pack] = {}
"""Sealed folders by their hash: one installation has read them for all others of this process."""


class HandedOver:
    """A way out of the house that takes everything, and keeps what it took by its key."""

    def __init__(self) -> None:
        self.taken: dict[str, Mapping[str, object]] = {}

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """Taken once more, or for the first time."""
        self.taken[key] = payload


@cache
def the_folder(name: str = "duchang") -> Files:
    """A shipped county folder."""
    return read_folder(COUNTIES / name)


@cache
def the_pack(name: str = "duchang") -> Pack:
    """A shipped county, read."""
    return read_pack(the_folder(name))


def a_site(
    root: Path, url: str | None = None, *, folder: Files | None = None, demo: bool = True, rehearsal: bool = False
) -> Installation:
    """An installation with a county and somebody in every post; without `url` on a SQLite file in `root`."""
    files, papers = the_folder() if folder is None else folder, PaperStore(root / "papers")

    def build(db: Database) -> None:
        upgrade(db)
        settle_purpose(db, rehearsal=rehearsal)
        seal(db, files, now=OPENED)
        with db.write() as session:
            # a county's chores have tests of their own; elsewhere they would be counted
            session.execute(delete(JobRow))
            settle(session, only_county(Installation(db, papers, _sealed=SEALED), session))

    name = f"{'rehearsal' if rehearsal else 'site'}-{digest(files)}"
    db = lay(url or f"sqlite:///{root / 'whistle.sqlite'}", name, build)
    channels = {"exchange": HandedOver()}
    return Installation(db, papers, demo=demo, rehearsal=rehearsal, channels=channels, _sealed=SEALED)


def an_app(inst: Installation, *, csrf: bool = False) -> Flask:
    """The web application of a site; CSRF is off unless the test is about it."""
    app = create_app(inst, secret=b"a secret of thirty-two bytes ...")
    app.config["WTF_CSRF_ENABLED"] = csrf
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(_compiled_templates())
    return app


@cache
def _compiled_templates() -> str:
    """Each test has an application of its own, which would compile every template again."""
    folder = mkdtemp(prefix="whistle-templates-", dir=a_place_for_files())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def person_id(inst: Installation, by: str) -> str:
    """The id of the one who holds post@unit."""
    post, _, unit = by.partition("@")
    with inst.db.read() as session:
        found = session.scalar(
            select(PostingRow.person)
            .join(PersonRow, PersonRow.id == PostingRow.person)
            .where(PostingRow.post == post, PostingRow.unit == unit)
        )
    assert found is not None, f"nobody is {by}"
    return found


def me(inst: Installation, by: str) -> Me:
    """The person who holds post@unit."""
    with inst.db.read() as session:
        found = find_person(session, only_county(inst, session), person_id(inst, by))
    assert found is not None
    return found


def a_person(inst: Installation, name: str, *posts: str) -> Me:
    """A person of this name who (also) holds these posts."""
    with inst.db.write() as session:
        pack = only_county(inst, session)
        person = f"named-{name}"
        if session.get(PersonRow, (pack.code, person)) is None:
            session.add(PersonRow(county=pack.code, id=person, login=person, name=name, password=None, is_demo=True))
            session.flush()
        for post, _, unit in (by.partition("@") for by in posts):
            if session.get(PostingRow, (pack.code, person, post, unit)) is None:
                session.add(PostingRow(county=pack.code, person=person, post=post, unit=unit))
                note_change(session, pack.code)
        session.flush()
        found = find_person(session, pack, person)
    assert found is not None
    return found
