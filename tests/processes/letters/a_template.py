"""Letter templates as staff save them, made by the tests."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docx import Document


def a_template(*paragraphs: str, change: Callable[[Any], None] = lambda document: None) -> bytes:
    """A .docx with these paragraphs; `change` does the rest to it."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    change(document)
    return saved(document)


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    to = BytesIO()
    document.save(to)
    return to.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same file with one more part, or another in its place."""
    to = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(to, "w") as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, part)
    return to.getvalue()


def texts(content: bytes) -> list[str]:
    """The paragraphs of a letter, those in tables too."""
    document = Document(BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for each in (document, *cells) for paragraph in each.paragraphs]
