"""The id is what forms, stories and journals call the step, so it must be a word one can say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, Process

WORDS = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST = 60


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Ids of processes and elements are English words in snake_case; those of flows and lanes may be the editor's."""
    places: tuple[Process | Element, ...] = (*diagram.processes, *diagram.elements)
    for place in places:
        if not WORDS.fullmatch(place.id) or len(place.id) > LONGEST:
            yield error(
                place,
                "的编号（id）不是小写英文单词加下划线。请改成说得出的词，例如 report_in。",
                "has an id that is not words in snake_case; give it a name one can say, such as report_in.",
            )
