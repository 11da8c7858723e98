"""Small real files, made on the spot."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from PIL import Image

from processes.papers import PaperRules, PaperStore, StoredPaper

Put = Callable[..., StoredPaper]
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@pytest.fixture
def store(tmp_path: Path) -> PaperStore:
    return PaperStore(tmp_path / "papers")


@pytest.fixture
def put(store: PaperStore) -> Put:
    """A function that hands the store one upload."""

    def hand_over(content: bytes, filename: str, **rules: object) -> StoredPaper:
        return store.put(BytesIO(content), filename, PaperRules(**rules))  # type: ignore[arg-type]  # the test's own

    return hand_over


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """A function that makes a picture; `exif` puts a place and an orientation into it."""

    def build(form: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **saving: object) -> bytes:
        written = BytesIO()
        Image.new(mode, size, 200 if len(mode) == 1 else None).save(written, form, **saving)
        return written.getvalue()

    return build


@pytest.fixture
def zipped() -> Callable[..., bytes]:
    """A function that packs parts (name → content) into an archive."""

    def build(parts: dict[str, str | bytes]) -> bytes:
        written = BytesIO()
        with ZipFile(written, "w", ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return written.getvalue()

    return build


@pytest.fixture
def office(zipped: Callable[..., bytes]) -> Callable[..., bytes]:
    """A function that makes an office document whose main part is of a content type, with more parts if given."""

    def build(main: str = MAIN, **more: str) -> bytes:
        types = (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
        )
        return zipped({"[Content_Types].xml": types, "word/document.xml": "<document/>", **more})

    return build


@pytest.fixture
def compound() -> Callable[..., bytes]:
    """A function that makes an OLE compound file with streams and storages of these names."""

    def build(*names: str, tail: bytes = b"") -> bytes:
        entries = [_entry(name, 5 if place == 0 else 2) for place, name in enumerate(["Root Entry", *names])]
        sectors = -(-len(entries) // 4)
        directory = b"".join(entries).ljust(sectors * 512, b"\0")
        chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
        table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
        header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
        header = header.ljust(44, b"\0") + struct.pack("<III", 1, 1, 0) + struct.pack("<I", 4096)
        header += struct.pack("<IIII", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
        return header + table + directory + tail

    return build


def _entry(name: str, kind: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return encoded.ljust(64, b"\0") + struct.pack("<HB", len(encoded), kind) + bytes(61)
