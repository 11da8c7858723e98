"""An upload that claims to be something, and what its first bytes say instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import puremagic

from processes.papers.errors import PaperContentMismatch

HEAD = 4096
MARKUP = re.compile(rb"<(script|html|iframe|svg|\?php|!doctype\s+html)[\s>]|<\?php", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """A file as it came in: where it lies, its cleaned name, the extension it claims."""

    path: Path
    name: str
    extension: str

    @cached_property
    def head(self) -> bytes:
        """The first 4096 bytes."""
        with self.path.open("rb") as file:
            return file.read(HEAD)

    @cached_property
    def media_types(self) -> set[str]:
        """What the content may be, by the second opinion."""
        return {match.mime_type for match in _matches(self.head)}

    def mismatch(self, found: str | None = None) -> PaperContentMismatch:
        """The refusal that says what the content looks like."""
        return PaperContentMismatch(name=self.name, extension=self.extension, found=found or _looks_like(self.head))


def _looks_like(head: bytes) -> str:
    """What people call the content."""
    if head.startswith((b"MZ", b"\x7fELF")):
        return "可执行程序"
    if MARKUP.search(head[:1024]):
        return "网页"
    extensions = [match.extension.lstrip(".") for match in _matches(head) if match.extension]
    return f" {extensions[0]} 文件" if extensions else "别的内容"


def _matches(head: bytes) -> list[puremagic.PureMagicWithConfidence]:
    try:
        return list(puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return []
