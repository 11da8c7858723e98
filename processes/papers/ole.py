"""Looks into OLE compound files (doc, xls, ppt, wps, et): the names of their streams tell what they are ([MS-CFB])."""

from __future__ import annotations

import re
from collections.abc import Mapping
from struct import error as StructError  # noqa: N812  # a class, under a name that says whose error it is
from struct import unpack_from

from processes.papers.claim import Claim
from processes.papers.errors import ContainerSuspicious, MacroFound, PaperLocked

_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST_SECTOR = 0xFFFFFFFA  # numbers above are marks: end of chain, free, table
_ENTRY = 128
_MAIN_STREAMS: Mapping[str, frozenset[str]] = {
    "doc": frozenset(["worddocument"]),
    "wps": frozenset(["worddocument"]),
    "xls": frozenset(["workbook", "book"]),
    "et": frozenset(["workbook", "book"]),
    "ppt": frozenset(["powerpoint document"]),
}
_CALLED: Mapping[str, str] = {"worddocument": "doc", "workbook": "xls", "book": "xls", "powerpoint document": "ppt"}
_MACROS = frozenset(["macros", "vba", "_vba_project", "_vba_project_cur", "_vba_project_cur_1"])
# [MS-PPT] 2.4.10 and 2.4.11: a presentation keeps its macros in a record that says whether there are any
_PPT_MACRO = re.compile(
    rb"\x1f\x00\xff\x03\x14\x00\x00\x00\x02\x00\x00\x04\x0c\x00\x00\x00.{4}\x01\x00\x00\x00", re.DOTALL
)


def check_ole(claim: Claim) -> None:
    """Raises PaperContentMismatch, MacroFound, PaperLocked or ContainerSuspicious unless it is what it says."""
    if not claim.head.startswith(_SIGNATURE):
        raise claim.mismatch()
    content = claim.path.read_bytes()
    try:
        names = {name.lower() for name in _Compound(content).names()}
    except (StructError, ValueError) as error:
        raise ContainerSuspicious(name=claim.name) from error
    if "encryptedpackage" in names:
        raise PaperLocked(name=claim.name)
    if not names & _MAIN_STREAMS[claim.extension]:
        raise claim.mismatch(_found(names))
    if names & _MACROS or _PPT_MACRO.search(content):
        raise MacroFound(name=claim.name)


def _found(names: set[str]) -> str | None:
    called = [word for stream, word in _CALLED.items() if stream in names]
    return f" {called[0]} 文件" if called else "别的复合文档"


class _Compound:
    """As much of [MS-CFB] as it takes to list the names; every chain is bounded, for the file may lie."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        shift = unpack_from("<H", content, 0x1E)[0]
        if shift not in (9, 12):
            raise ValueError("sector size")
        self._size: int = 1 << shift
        self._most = len(content) // self._size
        self._table_sectors = self._tables()

    def names(self) -> list[str]:
        """The names of all streams and storages. Raises ValueError and struct.error for a broken file."""
        found = []
        for sector in self._chain(unpack_from("<I", self._content, 0x30)[0]):
            for at in range(self._at(sector), self._at(sector) + self._size, _ENTRY):
                length = unpack_from("<H", self._content, at + 64)[0]
                if 2 <= length <= 64:
                    found.append(self._content[at : at + length - 2].decode("utf-16-le", "replace"))
        return found

    def _tables(self) -> list[int]:
        """The sectors of the allocation table: 109 in the header, the rest in a chain of their own (2.5)."""
        tables = list(unpack_from("<109I", self._content, 0x4C))
        following, per_sector = unpack_from("<I", self._content, 0x44)[0], self._size // 4
        for _ in range(self._most):
            if following > _LAST_SECTOR:
                break
            more = unpack_from(f"<{per_sector}I", self._content, self._at(following))
            tables += more[:-1]
            following = more[-1]
        return [sector for sector in tables if sector <= _LAST_SECTOR]

    def _chain(self, sector: int) -> list[int]:
        chain: list[int] = []
        while sector <= _LAST_SECTOR:
            chain.append(sector)
            if len(chain) > self._most:
                raise ValueError("endless chain")
            sector = self._next(sector)
        return chain

    def _next(self, sector: int) -> int:
        table, place = divmod(sector, self._size // 4)
        if table >= len(self._table_sectors):
            raise ValueError("sector outside the table")
        following: int = unpack_from("<I", self._content, self._at(self._table_sectors[table]) + 4 * place)[0]
        return following

    def _at(self, sector: int) -> int:
        return (sector + 1) * self._size
