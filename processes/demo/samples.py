"""Papers that made-up people hand in: small real files, each kept once and named as often as wanted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from random import Random

from docx import Document
from PIL import Image, ImageDraw

from engine.ids import new_id
from engine.store.rows import add_rows
from processes.forms import PaperRef
from processes.installation import Installation
from processes.letters.page import as_pdf
from processes.papers import PaperRules
from processes.papers.rules import StoredPaper
from processes.people import Me
from processes.tables import PaperRow

PICTURES = (".jpg", ".jpeg", ".png")
KINDS = (*PICTURES, ".pdf", ".docx")
"""What a sample can be made as."""
_SIZE = (960, 720)


class Samples:
    """The papers of a script: `texts` by file name, what stands in a document; pictures are drawn."""

    def __init__(self, inst: Installation, texts: Mapping[str, str]) -> None:
        """Nothing is made until somebody hands it in."""
        self._inst, self._texts = inst, texts
        self._kept: dict[str, StoredPaper] = {}

    @property
    def catalogue(self) -> dict[str, PaperRef]:
        """What may be handed in, by name, as a form looks at it."""
        return {name: PaperRef(name, name, 1, "application/octet-stream") for name in self._texts}

    def hand_in(self, me: Me, names: list[str], now: datetime) -> list[PaperRef]:
        """Papers of these names, as this person's own until a form takes them up."""
        papers = [self._stored(name) for name in names]
        rows = [self._row(me, paper, now) for paper in papers]
        with self._inst.db.write() as session:
            add_rows(session, PaperRow, rows)
        return [
            PaperRef(str(row["id"]), kept.name, kept.size, kept.media_type)
            for kept, row in zip(papers, rows, strict=True)
        ]

    def _stored(self, name: str) -> StoredPaper:
        if name not in self._kept:
            content = _made(name, self._texts.get(name, ""))
            self._kept[name] = self._inst.papers.put(BytesIO(content), name, PaperRules())
        return self._kept[name]

    @staticmethod
    def _row(me: Me, paper: StoredPaper, now: datetime) -> dict[str, object]:
        kept = {name: getattr(paper, name) for name in ("name", "size", "media_type", "sha256")}
        seen = {"view_sha256": paper.view_sha256, "thumb_sha256": paper.thumb_sha256}
        none = {"case_id": None, "task_id": None}
        return {"county": me.county, "id": new_id(now), **kept, **seen, **none, "by": me.id, "at": now}


def _made(name: str, text: str) -> bytes:
    if name.lower().endswith(PICTURES):
        return _picture(name)
    document = _document(name.rpartition(".")[0], text)
    return as_pdf(document, name) if name.lower().endswith(".pdf") else document


def _document(title: str, text: str) -> bytes:
    document, buffer = Document(), BytesIO()
    document.add_heading(title, level=1)
    for paragraph in text.splitlines():
        document.add_paragraph(paragraph)
    document.save(buffer)
    return buffer.getvalue()


def _picture(name: str) -> bytes:
    """A street under the sky, other houses for each name: plainly drawn, so that nobody takes it for a photograph."""
    rng, (width, height) = Random(name), _SIZE  # noqa: S311  # a drawing, no secret
    image = Image.new("RGB", _SIZE, (198 + rng.randrange(20), 214 + rng.randrange(15), 228))
    draw = ImageDraw.Draw(image)
    ground = height * 2 // 3
    left = 0
    while left < width:
        wide, high = rng.randint(90, 180), rng.randint(140, 340)
        tone = rng.randint(150, 205)
        draw.rectangle((left, ground - high, left + wide, ground), fill=(tone, tone - 8, tone - 20))
        for window in range(left + 18, left + wide - 30, 42):
            for floor in range(ground - high + 24, ground - 40, 58):
                draw.rectangle((window, floor, window + 20, floor + 26), fill=(96, 112, 126))
        left += wide + rng.randint(4, 30)
    draw.rectangle((0, ground, width, height), fill=(122, 122, 118))
    for dash in range(20, width, 120):
        draw.rectangle((dash, ground + 110, dash + 60, ground + 120), fill=(225, 222, 210))
    buffer = BytesIO()
    image.save(buffer, "PNG" if name.lower().endswith(".png") else "JPEG")
    return buffer.getvalue()
