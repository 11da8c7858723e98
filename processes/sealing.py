"""Sealing a county folder: checked, packed byte for byte, named by its hash, and made the version for new cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.model.files import Files, digest, fit_files
from engine.store.database import Database, take_turn
from processes.archive import pack_up
from processes.check import check
from processes.pack import Pack, PackRefused, read_pack
from processes.recurring import begin_recurring
from processes.tables import CountyRow, SealedFolderRow


def seal(db: Database, files: Files, *, now: datetime) -> str:
    """Seal a folder as its county's current version; returns its digest. Raises PackRefused when `check` finds errors.

    Sealing the same bytes again changes nothing; running cases keep the version they began with.
    """
    files = fit_files(files)
    checked = check(files)
    errors = [finding for finding in checked.findings if finding.severity == "error"]
    if errors or checked.pack is None:
        raise PackRefused(errors)
    return _seal(db, files, checked.pack, now)


def seal_unchecked(db: Database, files: Files, *, now: datetime) -> str:
    """Seal a folder that can be read but that `check` need not like: for trials and tests, never for a county.

    Raises PackRefused when it cannot be read.
    """
    return _seal(db, files, read_pack(files), now)


def _seal(db: Database, files: Files, pack: Pack, now: datetime) -> str:
    name = digest(files)
    with db.write() as session:
        take_turn(session.connection(), CountyRow.__tablename__)
        _store(session, pack.code, name, files, now)
        _make_current(session, pack.code, pack.name, name, now)
        begin_recurring(session, pack.code, now)
    return name


def _store(session: Session, county: str, name: str, files: Files, now: datetime) -> None:
    if session.get(SealedFolderRow, (county, name)) is None:
        values = {"county": county, "digest": name, "archive": pack_up(files), "sealed_at": now}
        session.execute(insert(SealedFolderRow).values(values))


def _make_current(session: Session, county: str, title: str, name: str, now: datetime) -> None:
    row = session.get(CountyRow, county)
    if row is None:
        session.add(CountyRow(code=county, name=title, digest=name, opened_at=now))
    else:
        row.name, row.digest = title, name
