"""A story names files by their names; when it is played each becomes a paper of that name, though nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from processes.forms import PaperRef

_FILE_ENDINGS = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".doc", ".xlsx", ".wps", ".ofd", ".mp4", ".txt")


def with_papers(answers: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, PaperRef]]:
    """The answers with their files as a form posts them, and the papers these are, by id."""
    named = sorted({name for value in answers.values() for name in _file_names(value)})
    papers = {
        f"paper{n}": PaperRef(f"paper{n}", name, 1024, "application/octet-stream") for n, name in enumerate(named)
    }
    ids = {paper.name: paper.id for paper in papers.values()}

    def swap(value: Any) -> Any:
        if isinstance(value, str) and value in ids:
            return {"id": ids[value]}
        if isinstance(value, list):
            return [swap(item) for item in value]
        return {key: swap(item) for key, item in value.items()} if isinstance(value, dict) else value

    return {key: swap(value) for key, value in answers.items()}, papers


def _file_names(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.lower().endswith(_FILE_ENDINGS):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _file_names(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _file_names(item)
