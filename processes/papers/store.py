"""Keeps papers as files named by their content's hash: the same paper is kept once, and none is altered unseen."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from processes.papers.claim import Claim
from processes.papers.errors import NO_ROOM, NoRoom, PaperEmpty, PaperNotFound, PaperTooLarge, size_words
from processes.papers.kinds import kind_claimed
from processes.papers.names import clean_name, extension_of
from processes.papers.pictures import Views, is_picture, views_of
from processes.papers.rules import PaperRules, StoredPaper

CHUNK = 64 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class PaperStore:
    """A folder of papers; several processes may share it.

    A file appears under its hash only when it is whole and on the disk: it is written beside, flushed, and renamed.
    """

    root: Path

    def put(self, stream: BinaryIO, filename: str | None, rules: PaperRules) -> StoredPaper:
        """Checks and keeps one upload, read to its end or to the limit.

        Raises a PaperRejected (see errors.py) for a file that is not accepted or has no room, OSError when the disk
        fails; either way nothing is kept.
        """
        name = clean_name(filename)
        try:
            return self._put(stream, name, rules)
        except OSError as error:
            if error.errno in NO_ROOM:
                raise NoRoom(name=name) from error
            raise

    def _put(self, stream: BinaryIO, name: str, rules: PaperRules) -> StoredPaper:
        extension = extension_of(name)
        kind = kind_claimed(name, extension, rules.accept)
        with self._incoming() as path:
            digest, size = _receive(stream, path, name, rules)
            kind.check(Claim(path, name, extension))
            views = views_of(path, name, extension, rules) if is_picture(extension) else None
            view, thumb = self._keep_views(views)
            self._keep(path, digest)
        width, height = (views.width, views.height) if views else (None, None)
        return StoredPaper(digest, view, name, size, kind.media_type, width, height, thumb)

    def open(self, sha256: str) -> BinaryIO:
        """The paper's bytes, to be closed by the caller. Raises PaperNotFound."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise PaperNotFound(name=sha256) from error

    def path(self, sha256: str) -> Path:
        """Where the paper lies. Raises PaperNotFound for anything but the hash of a kept paper."""
        if not _HASH.fullmatch(sha256):
            raise PaperNotFound(name=sha256[:80])
        path = self._place(sha256)
        if not path.is_file():
            raise PaperNotFound(name=sha256)
        return path

    def discard(self, sha256: str, now: datetime, idle: timedelta = timedelta(hours=1)) -> bool:
        """Delete a paper that nobody names any more; False when it was handed in anew within `idle` before `now`.

        It is first taken out of its place: whoever hands the same bytes in from then on keeps a file of their own.
        """
        place, aside = self._place(sha256), self._waiting / token_hex(16)
        self._waiting.mkdir(parents=True, exist_ok=True)
        try:
            place.replace(aside)
        except FileNotFoundError:
            return True
        if not _written_before(aside, (now - idle).timestamp()):
            aside.replace(place)
            return False
        aside.unlink()
        return True

    def sweep(self, now: datetime, idle: timedelta = timedelta(hours=1)) -> int:
        """Deletes what uploads cut short left behind and nobody wrote to for `idle`; gives how many.

        `now` is timezone-aware.
        """
        before = (now - idle).timestamp()
        left = [path for path in self._waiting.glob("*") if _written_before(path, before)]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    @property
    def _waiting(self) -> Path:
        return self.root / "incoming"

    def _place(self, digest: str) -> Path:
        return self.root / digest[:2] / digest[2:4] / digest

    @contextmanager
    def _incoming(self) -> Iterator[Path]:
        """A new file of our own that is gone afterwards, whatever happens, unless it was renamed."""
        self._waiting.mkdir(parents=True, exist_ok=True)
        path = self._waiting / token_hex(16)
        path.touch(mode=0o600, exist_ok=False)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _keep_views(self, views: Views | None) -> tuple[str | None, str | None]:
        if views is None:
            return None, None
        return self._keep_bytes(views.view), self._keep_bytes(views.thumbnail)

    def _keep_bytes(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        with self._incoming() as path:
            with path.open("wb") as file:
                file.write(content)
                _flush(file)
            self._keep(path, digest)
        return digest

    def _keep(self, path: Path, digest: str) -> None:
        """Gives a whole file its final name. A twin that came first stays, as new: it has the same content."""
        place = self._place(digest)
        try:
            os.utime(place)
        except FileNotFoundError:
            pass
        else:
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        path.chmod(0o440)
        path.replace(place)
        for folder in (place.parent, place.parent.parent, self.root):
            _flush_folder(folder)


def _receive(stream: BinaryIO, path: Path, name: str, rules: PaperRules) -> tuple[str, int]:
    """Writes the stream to the path; gives its hash and size. Stops reading once the limit is passed."""
    digest, size = sha256(), 0
    with path.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > rules.max_bytes:
                raise PaperTooLarge(name=name, limit=size_words(rules.max_bytes), received=size_words(size))
            digest.update(chunk)
            file.write(chunk)
        if not size:
            raise PaperEmpty(name=name)
        _flush(file)
    return digest.hexdigest(), size


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """A new name is safe only when its folder is on the disk. Windows cannot open a folder, and needs not."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written_before(path: Path, instant: float) -> bool:
    try:
        return path.stat().st_mtime < instant
    except FileNotFoundError:  # its upload finished in the meantime
        return False
