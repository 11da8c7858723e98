"""Small real files of every kind a story hands in."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
_OFFICE = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
}


def a_paper(name: str) -> bytes:
    """The bytes of a small real file whose kind is told by its name."""
    extension = name.rpartition(".")[2].lower()
    if extension in ("jpg", "jpeg", "png"):
        return a_picture("PNG" if extension == "png" else "JPEG")
    return an_office_file(extension) if extension in _OFFICE else PDF


def a_picture(kind: str = "JPEG") -> bytes:
    """A small photo."""
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(buffer, kind)
    return buffer.getvalue()


def an_office_file(extension: str) -> bytes:
    """A document or sheet as far as its container goes."""
    part, content_type = _OFFICE[extension]
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    manifest = f'<Types xmlns="{types}"><Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", manifest)
        archive.writestr(part, "<x/>")
    return buffer.getvalue()
