"""Looks into zip containers (docx, xlsx, pptx, ofd) without unpacking them."""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from lzma import LZMAError
from pathlib import Path
from struct import error as StructError  # noqa: N812  # a class, under a name that says whose error it is
from struct import unpack_from
from zipfile import BadZipFile, ZipFile

from lxml import etree

from processes.papers.claim import Claim
from processes.papers.errors import ContainerSuspicious, MacroFound

MOST_ENTRIES = 10_000
MOST_UNPACKED = 1024 * 1024 * 1024
MOST_TIMES_LARGER = 200
MOST_READ = 1024 * 1024

# RuntimeError: a part with a password or a method we lack
_BROKEN = (
    BadZipFile,
    EOFError,
    LZMAError,
    OSError,
    OverflowError,
    RuntimeError,
    StructError,
    ValueError,
    etree.XMLSyntaxError,
    zlib.error,
)
_START = b"PK\x03\x04"
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_DIRECTORY = b"PK\x01\x02"
_CONTENT_TYPES = "[Content_Types].xml"
# ECMA-376 part 1, clause 11.3.10, 12.3.23 and 13.3.6: the content type of each main part
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN_PARTS: Mapping[str, str] = {
    "docx": f"{_OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet.main+xml",
    "pptx": f"{_OFFICE}presentationml.presentation.main+xml",
}
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml", "/macrosheets/", "/dialogsheets/")


def check_office_zip(claim: Claim) -> None:
    """Raises PaperContentMismatch, MacroFound or ContainerSuspicious unless it is what the extension says."""
    with _opened(claim) as archive:
        types = _content_types(archive, claim)
        _refuse_macros(archive, types, claim)
        if _MAIN_PARTS[claim.extension] not in types:
            raise claim.mismatch(_found(types))


def check_ofd(claim: Claim) -> None:
    """An OFD (GB/T 33190, clause 7.1) has OFD.xml at its root. Raises as check_office_zip does."""
    with _opened(claim) as archive:
        names = [name for name in archive.namelist() if name.lower() == "ofd.xml"]
        if not names or etree.QName(_xml(archive, names[0], claim)).localname != "OFD":
            raise claim.mismatch("普通压缩包")


def ends_in_zip(path: Path) -> bool:
    """Whether an archive hangs on the end of the file: a closing record whose directory is where it says."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - _END_SIZE - _LONGEST_COMMENT, 0))
        tail_at, tail = file.tell(), file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) - at < _END_SIZE:
            return False
        directory_at = tail_at + at - unpack_from("<I", tail, at + 12)[0]
        file.seek(max(directory_at, 0))
        return file.read(4) == _DIRECTORY


def _opened(claim: Claim) -> ZipFile:
    if not claim.head.startswith(_START):
        raise claim.mismatch()
    try:
        archive = ZipFile(claim.path)
    except _BROKEN as error:
        raise ContainerSuspicious(name=claim.name) from error
    if _is_unbearable(archive, claim.path.stat().st_size):
        archive.close()
        raise ContainerSuspicious(name=claim.name)
    return archive


def _is_unbearable(archive: ZipFile, packed: int) -> bool:
    """Too many parts, twice the same (programs differ in which they take), or too large when unpacked."""
    names = archive.namelist()
    bearable = min(max(MOST_TIMES_LARGER * packed, MOST_READ), MOST_UNPACKED)
    unpacked = sum(entry.file_size for entry in archive.infolist())
    return len(names) > MOST_ENTRIES or len(set(names)) < len(names) or unpacked > bearable


def _content_types(archive: ZipFile, claim: Claim) -> set[str]:
    if _CONTENT_TYPES not in archive.namelist():
        raise claim.mismatch("普通压缩包")
    nodes = _xml(archive, _CONTENT_TYPES, claim).iter("{*}Override", "{*}Default")
    return {node.get("ContentType", "") for node in nodes}


def _refuse_macros(archive: ZipFile, types: set[str], claim: Claim) -> None:
    names = [f"/{name.lower()}" for name in archive.namelist()]
    inside = any(part in name for name in names for part in _MACRO_PARTS)
    if inside or any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types):
        raise MacroFound(name=claim.name)


def _found(types: set[str]) -> str | None:
    found = [extension for extension, main in _MAIN_PARTS.items() if main in types]
    return f" {found[0]} 文件" if found else None


def _xml(archive: ZipFile, name: str, claim: Claim) -> etree._Element:
    """A small part, read as far as a small part may go: what the directory says of its size may be a lie."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with archive.open(name) as part:
            content = part.read(MOST_READ + 1)
        if len(content) > MOST_READ:
            raise ContainerSuspicious(name=claim.name)
        root = etree.fromstring(content, parser)
    except _BROKEN as error:
        raise ContainerSuspicious(name=claim.name) from error
    if root.getroottree().docinfo.internalDTD is not None:  # ECMA-376 part 2 forbids a DTD in any part
        raise ContainerSuspicious(name=claim.name)
    return root
