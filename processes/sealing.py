"""Sealing a county folder: checked, packed byte for byte, named by its hash, and made the version for new cases."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.model.files import Files, digest, fit_files
from engine.store.database import Database
from processes.check import check
from processes.pack import PackRefused
from processes.tables import CountyRow, SealedFolderRow

_STILL = (1980, 1, 1, 0, 0, 0)  # a zip must hold a time; a constant keeps the same folder the same bytes


def seal(db: Database, files: Files, *, now: datetime) -> str:
    """Seal a folder as its county's current version; returns its digest. Raises PackRefused when `check` finds errors.

    Sealing the same bytes again changes nothing; running cases keep the version they began with.
    """
    files = fit_files(files)
    checked = check(files)
    errors = [finding for finding in checked.findings if finding.severity == "error"]
    if errors or checked.pack is None:
        raise PackRefused(errors)
    name = digest(files)
    with db.write() as session:
        _store(session, checked.pack.code, name, files, now)
        _make_current(session, checked.pack.code, checked.pack.name, name, now)
    return name


def pack_up(files: Files) -> bytes:
    """The folder as a zip that is the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _STILL), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpack(archive: bytes) -> Files:
    """The files of a zip that `pack_up` made."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in sorted(opened.namelist())}


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
