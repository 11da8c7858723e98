"""A finding is one sentence about one element of one file: what is wrong there and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule has to say about one place in a county folder.

    `rule` is the rule's stable name and the name of its page in docs/lint. `file` is the path inside the folder.
    `element_id` and `element_name` are empty when the finding is about the whole file. An error keeps the folder from
    being sealed; a warning does not.
    """

    rule: str
    file: str
    element_id: str
    element_name: str
    message_zh: str
    message_en: str
    severity: Severity = "error"


def about_file(rule: str, file: str, zh: str, en: str) -> Finding:
    """A finding about a whole file; `zh` and `en` continue a sentence that begins with the file's name."""
    return Finding(rule, file, "", "", f"文件“{file}”{zh}", f"File “{file}” {en}")
