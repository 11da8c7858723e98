"""A folder as plain bytes under plain names, so that every later step is the same for disk, zip and database."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from engine.errors import Rejected

Files: TypeAlias = Mapping[str, bytes]

MAX_FILES = 500
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_NAME_LENGTH = 200
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})  # desktops drop these by themselves; nobody wrote them
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # a zip with these cannot be unpacked
NAME_PART = re.compile(r"\w(?:[\w .()（）、，·+-]*[\w)）+-])?")


class UnfitFolder(Rejected):
    """The folder holds something that a county folder may not hold."""

    code = "unfit_folder"
    message = "文件夹不能使用：“{name}”{reason}。"
    advice = "请改正后重新检查；文件夹里只应有流程图、表单、决策表、清单和说明。"


def read_folder(path: Path) -> Files:
    """The files below `path` as relative posix path → content, sorted by path; empty folders leave no trace.

    Raises `UnfitFolder` for links, devices, strange names, files above 2 MB and more than 500 files.
    """
    if not path.is_dir():
        raise UnfitFolder(name=path.name, reason="不是文件夹")
    return fit_files({name: _read(path, name) for name in _walk(path)})


def fit_files(files: Files) -> Files:
    """The same files in the order of their names, wherever they came from (disk, zip, database).

    Raises `UnfitFolder` as `read_folder` does, and for two names that differ only in upper and lower case.
    """
    _refuse_crowd(len(files))
    seen: dict[str, str] = {}
    for name, content in files.items():
        _refuse_strange(name)
        _refuse_large(name, len(content))
        if (twin := seen.setdefault(name.casefold(), name)) != name:
            raise UnfitFolder(name=name, reason=f"与“{twin}”只有大小写不同")
    return dict(sorted(files.items()))


def digest(files: Files) -> str:
    """The folder's sha256 in hexadecimal: the same names and contents give the same text on every machine."""
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        for part in (name.encode(), content):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def _walk(path: Path) -> Iterator[str]:
    entries = 0
    for folder, subfolders, names in os.walk(path):
        entries += len(subfolders) + len(names)
        _refuse_crowd(entries)
        for subfolder in subfolders:
            _refuse_link(path, Path(folder) / subfolder)
        for name in names:
            if name not in LITTER:
                yield (Path(folder) / name).relative_to(path).as_posix()


def _read(path: Path, name: str) -> bytes:
    place = path / name
    _refuse_strange(name)
    _refuse_link(path, place)
    if not place.is_file():
        raise UnfitFolder(name=name, reason="不是普通文件")
    _refuse_large(name, place.stat().st_size)
    return place.read_bytes()


def _refuse_link(path: Path, place: Path) -> None:
    """A link is refused wherever it points: an exported folder must hold what the sealed one held."""
    if place.is_symlink():
        raise UnfitFolder(name=place.relative_to(path).as_posix(), reason="是链接，请放入文件本身")


def _refuse_crowd(count: int) -> None:
    if count > MAX_FILES:
        raise UnfitFolder(name="…", reason=f"等文件超过 {MAX_FILES} 个")


def _refuse_large(name: str, size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise UnfitFolder(name=name, reason=f"超过 {MAX_FILE_BYTES // 1024 // 1024} MB")


def _refuse_strange(name: str) -> None:
    parts = name.split("/")
    plain = all(NAME_PART.fullmatch(part) and not RESERVED.fullmatch(part) for part in parts)
    stable = PurePosixPath(name).as_posix() == name == unicodedata.normalize("NFC", name)
    if not (plain and stable and len(name) <= MAX_NAME_LENGTH):
        raise UnfitFolder(name=ascii(name)[1:60], reason="文件名含有不能使用的字符")
