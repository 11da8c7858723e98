"""A county folder as one zip, the same bytes for the same files: how versions are stored and handed on."""

from __future__ import annotations

import io
import zipfile

from engine.model.files import Files

_STILL = (1980, 1, 1, 0, 0, 0)  # a zip must hold a time; a constant keeps the same folder the same bytes


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
