"""What a submit asks of the database, and what a finished case leaves there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, func, select

from engine.store.base import Row
from engine.store.tables import CaseRow
from processes.installation import Installation
from processes.stories import StoryStep
from tests.bench.sampling import median, tell
from tests.kit.actors import Browsers
from tests.kit.sites import a_site, an_app


def measure(root: Path) -> float:
    """Tell the statements of every submit of a whole story and what it leaves.

    Returns the most in a submit that hands in no file: each file is a command of its own before the form.
    """
    inst = a_site(root)
    browsers = Browsers(inst, an_app(inst))
    story = browsers.pack.stories["water_pipe"]
    for told in story.steps:
        browsers.of(told.by)
    before, counts = _rows(inst), []
    for number, told in enumerate(story.steps):
        with _counted(inst.db.reading, inst.db.writing) as statements:
            answer = browsers.do(told) if number else browsers.blow(story)
        assert answer.status_code == 302, f"{told.does}: {answer.status_code}"
        counts.append(float(sum(statements.values())))
    _tell_statements([told.does for told in story.steps], counts)
    _tell_left(inst, _rows(inst) - before)
    inst.db.close()
    return max(count for told, count in zip(story.steps, counts, strict=True) if not _hands_in_files(told))


def _hands_in_files(told: StoryStep) -> bool:
    lists = (value for value in told.answers.values() if isinstance(value, list))
    return any(isinstance(item, str) and "." in item for value in lists for item in value)


def _tell_statements(steps: list[str], counts: list[float]) -> None:
    most = steps[counts.index(max(counts))]
    tell("SQL statements in a form submit", median(counts), "statements", most=max(counts), in_step=most)


def _tell_left(inst: Installation, left: Counter[str]) -> None:
    with inst.db.read() as session:
        size = session.scalar(select(func.length(CaseRow.state))) or 0
    tell("state of a finished case", size, "bytes")
    tell("rows of a finished case", left.total(), "rows", by_table=dict(left.most_common()))


@contextmanager
def _counted(*engines: Engine) -> Iterator[Counter[str]]:
    """Counts every statement sent, by its verb; beginnings and ends of transactions are not statements."""
    found: Counter[str] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            found[statement.split(None, 1)[0]] += 1

    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", count)


def _rows(inst: Installation) -> Counter[str]:
    with inst.db.read() as session:
        counted = {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Row.metadata.sorted_tables
        }
    return Counter(counted)
