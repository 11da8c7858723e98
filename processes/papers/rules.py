"""What a paper may be, and what is known of one once it is kept."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024
PICTURES = frozenset(["jpg", "jpeg", "png", "webp", "gif", "heic"])
OFFICE = frozenset(["doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et"])
DEFAULT_ACCEPT = PICTURES | OFFICE | frozenset(["pdf", "ofd", "txt", "csv", "mp4"])


@dataclass(frozen=True)
class PaperRules:
    """The limits for one upload: bytes, extensions (lower case, no dot), pixels of a picture."""

    max_bytes: int = 20 * MEBIBYTE
    accept: frozenset[str] = DEFAULT_ACCEPT
    max_pixels: int = 64_000_000


@dataclass(frozen=True)
class StoredPaper:
    """A paper that is kept.

    `sha256` is the original, the evidence. A picture also has a JPEG for looking at without place or device in it
    (`view_sha256`), a small one (`thumb_sha256`), and the size in pixels it has when upright.
    """

    sha256: str
    view_sha256: str | None
    name: str
    size: int
    media_type: str
    width: int | None
    height: int | None
    thumb_sha256: str | None = None
