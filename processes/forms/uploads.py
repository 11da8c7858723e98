"""Files first: each uploaded file is stored before the form is checked, so a refused form does not lose them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.errors import Rejected
from processes.forms.form import Field, Form
from processes.forms.posted import Posted
from processes.forms.refusals import FieldError
from processes.forms.world import PaperRef


class Upload(Protocol):
    """One file of a request, as the web framework gives it."""

    filename: str | None


class Files(Protocol):
    """A request's files: names with one or more uploads each."""

    def __iter__(self) -> Iterator[str]:
        """The names, each once."""

    def getlist(self, key: str) -> list[Upload]:
        """All uploads of a name."""


@dataclass(frozen=True, slots=True)
class Received:
    """The posted texts with the new papers' ids among them, the new papers, and what could not be kept."""

    posted: Posted
    papers: Mapping[str, PaperRef]
    refused: tuple[FieldError, ...]


def receive(form: Form, posted: Posted, files: Files, keep: Callable[[Upload], PaperRef]) -> Received:
    """Store every uploaded file through `keep` and note its id under its field.

    `keep` raises Rejected for a file it will not have; that file alone is refused, with `keep`'s sentence. In a field
    for one file a new file takes the place of the one kept. Files under a name that is no file field are refused.
    """
    papers: dict[str, PaperRef] = {}
    refused: list[FieldError] = []
    for name in files:
        field = _file_field(form, name)
        uploads = [upload for upload in files.getlist(name) if upload.filename]
        if field is None:
            refused += [FieldError("", "附件", "上传了表单之外的文件，没有保存") for _ in uploads[:1]]
            continue
        fresh, errors = _keep_each(field, name, uploads, keep)
        refused += errors
        papers |= {paper.id: paper for paper in fresh}
        kept = posted.getlist(name) if field.multiple or not fresh else []
        posted = posted.having(name, *kept, *(paper.id for paper in fresh)) if fresh else posted
    return Received(posted, papers, tuple(refused))


def _file_field(form: Form, name: str) -> Field | None:
    row = re.fullmatch(r"([a-z0-9_]+)-[0-9]{1,4}-([a-z0-9_]+)", name)
    if row is None:
        field = form.inputs.get(name)
    else:
        field = form.inputs[row[1]].find(row[2]) if row[1] in form.inputs else None
    return field if field is not None and field.kind == "filepicker" else None


def _keep_each(
    field: Field, name: str, uploads: list[Upload], keep: Callable[[Upload], PaperRef]
) -> tuple[list[PaperRef], list[FieldError]]:
    papers, errors = [], []
    for upload in uploads:
        try:
            papers.append(keep(upload))
        except Rejected as refusal:
            message = f"“{(upload.filename or '')[:80]}”没有保存：{refusal.sentence}"
            errors.append(FieldError(name, field.label, message))
    return papers, errors
