"""Which kind of file this is, by its content; what the name says must agree, for a name is only a claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from processes.papers.claim import MARKUP, Claim
from processes.papers.errors import HiddenContent, PaperTypeRefused
from processes.papers.ole import check_ole
from processes.papers.plain import check_plain
from processes.papers.zips import check_ofd, check_office_zip, ends_in_zip

_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    """A kind of file: the media type it is served with, and the check its content must pass."""

    media_type: str
    check: Callable[[Claim], None]


def kind_claimed(name: str, extension: str, accept: frozenset[str]) -> Kind:
    """The kind an extension stands for, not yet checked. Raises PaperTypeRefused when it is not accepted.

    Its `check` raises PaperContentMismatch when the content is something else, and HiddenContent, MacroFound,
    PaperLocked or ContainerSuspicious when it holds what no paper should.
    """
    if extension not in accept or extension not in KINDS:
        raise PaperTypeRefused(name=name, accepted="、".join(sorted(accept & KINDS.keys())))
    return KINDS[extension]


def _check_picture(claim: Claim) -> None:
    """A picture that a careless browser could run as a page is no picture."""
    _check_head(claim)
    if MARKUP.search(claim.path.read_bytes()):
        raise HiddenContent(name=claim.name, found="网页或脚本代码")
    _refuse_zip(claim)


def _check_pdf(claim: Claim) -> None:
    _check_head(claim)
    _refuse_zip(claim)


def _check_heic(claim: Claim) -> None:
    if claim.head[4:8] != b"ftyp" or claim.head[8:12] not in _HEIC_BRANDS:
        raise claim.mismatch()


def _check_video(claim: Claim) -> None:
    if claim.head[4:8] != b"ftyp" or not _VIDEO_BRANDS.fullmatch(claim.head[8:12]):
        raise claim.mismatch()
    _refuse_zip(claim)


def _check_head(claim: Claim) -> None:
    starts, media_type = _HEADS[claim.extension]
    if not claim.head.startswith(starts) or media_type not in claim.media_types:
        raise claim.mismatch()


def _refuse_zip(claim: Claim) -> None:
    if ends_in_zip(claim.path):
        raise HiddenContent(name=claim.name, found="压缩包")


_HEIC_BRANDS = frozenset([b"heic", b"heix", b"hevc", b"mif1", b"msf1"])
_VIDEO_BRANDS = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|M4V |M4VP|MSNV|dash|3g[pr2][1-9a-z]")
# extension → how the content starts, and what the second opinion must find too
_HEADS: Mapping[str, tuple[tuple[bytes, ...], str]] = {
    "jpg": ((b"\xff\xd8\xff",), "image/jpeg"),
    "jpeg": ((b"\xff\xd8\xff",), "image/jpeg"),
    "png": ((b"\x89PNG\r\n\x1a\n",), "image/png"),
    "webp": ((b"RIFF",), "image/webp"),
    "gif": ((b"GIF87a", b"GIF89a"), "image/gif"),
    "pdf": ((b"%PDF-",), "application/pdf"),
}
KINDS: Mapping[str, Kind] = {
    "jpg": Kind("image/jpeg", _check_picture),
    "jpeg": Kind("image/jpeg", _check_picture),
    "png": Kind("image/png", _check_picture),
    "webp": Kind("image/webp", _check_picture),
    "gif": Kind("image/gif", _check_picture),
    "heic": Kind("image/heic", _check_heic),
    "pdf": Kind("application/pdf", _check_pdf),
    "docx": Kind(f"{_OFFICE}wordprocessingml.document", check_office_zip),
    "xlsx": Kind(f"{_OFFICE}spreadsheetml.sheet", check_office_zip),
    "pptx": Kind(f"{_OFFICE}presentationml.presentation", check_office_zip),
    "ofd": Kind("application/ofd", check_ofd),
    "doc": Kind("application/msword", check_ole),
    "xls": Kind("application/vnd.ms-excel", check_ole),
    "ppt": Kind("application/vnd.ms-powerpoint", check_ole),
    "wps": Kind("application/vnd.ms-works", check_ole),
    "et": Kind("application/vnd.ms-excel", check_ole),
    "txt": Kind("text/plain", check_plain),
    "csv": Kind("text/csv", check_plain),
    "mp4": Kind("video/mp4", _check_video),
}
