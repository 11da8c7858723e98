"""What a check has to say about a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ERROR, WARNING, NOTE = "error", "warning", "note"


_LONGEST = 80


def short(text: str) -> str:
    """A text of the model, cut to what fits into a sentence."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found wrong: where, in both languages, how bad, and (for gaps and overlaps) inputs that show it.

    An error keeps a decision from being published, a warning must be acknowledged, a note says what was not checked.
    """

    rule: str
    element_id: str
    element_name: str
    message_zh: str
    message_en: str
    severity: str
    sample: Mapping[str, str] = field(default_factory=dict)
