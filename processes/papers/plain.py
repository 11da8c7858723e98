"""Plain text: no bytes of a program, no page, no script, in an encoding that Chinese offices use."""

from __future__ import annotations

import re

from processes.papers.claim import MARKUP, Claim

_ENCODINGS = ("utf-8-sig", "gb18030")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_SCRIPT = re.compile(rb"\s*(#!|<\?xml|@echo off)", re.IGNORECASE)


def check_plain(claim: Claim) -> None:
    """Raises PaperContentMismatch when the file is no text, or is a page or a script."""
    if _SCRIPT.match(claim.head.removeprefix(b"\xef\xbb\xbf")):
        raise claim.mismatch("脚本或 XML")
    if MARKUP.search(claim.head):
        raise claim.mismatch("网页")
    text = _decoded(claim.path.read_bytes())
    if text is None or _CONTROLS.search(text):
        raise claim.mismatch()


def _decoded(content: bytes) -> str | None:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
