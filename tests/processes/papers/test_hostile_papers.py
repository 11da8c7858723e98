"""Whatever the bytes, an upload is kept or refused in words: no crash, and nothing half kept."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.papers import DEFAULT_ACCEPT, PaperRejected, PaperRules, PaperStore


class Bytes:
    """A stream of given bytes."""

    def __init__(self, content: bytes) -> None:
        self.rest = content

    def read(self, size: int) -> bytes:
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken


def keep_or_refuse(content: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        store = PaperStore(Path(folder))
        try:
            paper = store.put(Bytes(content), name, PaperRules())  # type: ignore[arg-type]  # reads are all it takes
        except PaperRejected as refused:
            assert refused.sentence
        else:
            assert store.path(paper.sha256).read_bytes() == content
        for path in store.root.rglob("*"):
            assert path.is_dir() or sha256(path.read_bytes()).hexdigest() == path.name


@given(st.binary(max_size=2000), st.sampled_from(sorted(DEFAULT_ACCEPT)))
@settings(max_examples=200, deadline=None)
def test_any_bytes_under_any_name(content, extension):
    keep_or_refuse(content, f"材料.{extension}")


@pytest.mark.parametrize("extension", ["jpg", "png", "gif", "webp", "docx", "ofd", "doc", "xls", "ppt"])
def test_genuine_papers_with_some_bytes_changed(extension, picture, office, zipped, compound):
    files = {
        "docx": office(),
        "ofd": zipped({"OFD.xml": '<OFD xmlns="http://www.ofdspec.org/2016"/>'}),
        "doc": compound("WordDocument", "1Table"),
        "xls": compound("Workbook"),
        "ppt": compound("PowerPoint Document"),
    }
    content = files.get(extension) or picture({"jpg": "JPEG"}.get(extension, extension.upper()))

    @given(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), min_size=1, max_size=6))
    @settings(max_examples=120, deadline=None, database=None)
    def changed(edits):
        spoilt = bytearray(content)
        for place, value in edits:
            spoilt[place] = value
        keep_or_refuse(bytes(spoilt), f"材料.{extension}")

    changed()


def test_a_comment_among_the_content_types_is_no_content_type(put, zipped):
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = f'<Types><!-- x --><?y z?><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    assert put(zipped({"[Content_Types].xml": types}), "a.docx").size
