"""Deletes the bytes of papers that nobody names any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.jobs import Job
from processes.installation import Installation
from processes.tables import PaperRow


class JustUploaded(Exception):
    """The same bytes are being uploaded anew at this moment; the job comes again."""


def discard_files(inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `discard`: delete the files that its payload names, unless another paper has the same bytes."""
    told = job.payload["files"]
    files = {str(each) for each in told} if isinstance(told, list) else set()
    for sha256 in sorted(files - _named(session, files)):
        if not inst.papers.discard(sha256, now):
            raise JustUploaded(sha256)


def _named(session: Session, files: set[str]) -> set[str]:
    """Those of the files that a paper of any county, or a picture of one, still is."""
    columns = (PaperRow.sha256, PaperRow.view_sha256, PaperRow.thumb_sha256)
    papers = session.execute(select(*columns).where(or_(*(column.in_(files) for column in columns))))
    return {sha256 for paper in papers for sha256 in paper if sha256}
