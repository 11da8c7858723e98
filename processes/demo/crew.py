"""The made-up people of a county: who may do a task, and what they send, with the papers they hand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import TaskRow
from processes.demo.samples import Samples
from processes.forms import Cleaned, Field, Form, PaperRef, Posted, as_formdata
from processes.installation import Installation
from processes.pack import Pack
from processes.people import Me, Posting, me_of
from processes.tables import PersonRow, PostingRow


class Crew:
    """Everybody who holds a post of a county."""

    def __init__(self, inst: Installation, pack: Pack, papers: Mapping[str, str]) -> None:
        """`papers` are what they may hand in: the texts of documents by file name."""
        self._samples = Samples(inst, papers)
        with inst.db.read() as session:
            self._people = _everybody(session, pack)

    @property
    def papers(self) -> Mapping[str, PaperRef]:
        """What they may hand in, by name, as a form looks at it."""
        return self._samples.catalogue

    def holder(self, post: str, unit: str) -> Me:
        """Who holds a post at a unit; somebody does."""
        return self._people[post, unit][0]

    def unit_with(self, post: str, unit: str) -> str | None:
        """Where somebody holds the post: at `unit`, else at the only unit that has it; None if several do."""
        units = {where for held, where in self._people if held == post}
        return unit if unit in units else units.pop() if len(units) == 1 else None

    def doer(self, session: Session, task: TaskRow, rng: Random) -> Me | None:
        """One of those who may do a task: who has claimed it, else anybody who has not done what another must."""
        held = [me for group in task.held_by for me in self._people.get((group.post, group.unit), ())]
        if task.claimed_by:
            held = [me for me in held if me.id == task.claimed_by]
        if task.other_than:
            did = select(TaskRow.closed_by).where(
                TaskRow.county == task.county, TaskRow.case_id == task.case_id, TaskRow.step.in_(task.other_than)
            )
            barred = set(session.scalars(did))
            held = [me for me in held if me.id not in barred]
        return rng.choice(held) if held else None

    def posted(self, me: Me, form: Form, cleaned: Cleaned, at: datetime) -> Posted:
        """The answers as they are sent, each paper handed in before."""
        return as_formdata(form, _with_papers(form.inputs.values(), cleaned.answers, self._hand_in(me, at)))

    def _hand_in(self, me: Me, at: datetime) -> Callable[[list[Any]], list[Any]]:
        return lambda papers: [ref.plain for ref in self._samples.hand_in(me, [each["id"] for each in papers], at)]


def _with_papers(fields: Iterable[Field], answers: Any, hand_in: Callable[[list[Any]], list[Any]]) -> dict[str, Any]:
    """Answers with each sample paper handed in, those in rows too."""
    kinds = {field.key: field for field in fields}
    found = dict(answers)
    for key, answer in answers.items():
        field = kinds.get(key)
        if field is not None and field.kind == "filepicker" and answer:
            found[key] = hand_in(answer)
        elif field is not None and field.kind == "dynamiclist" and isinstance(answer, list):
            found[key] = [_with_papers(field.fields, row, hand_in) for row in answer]
    return found


def _everybody(session: Session, pack: Pack) -> dict[tuple[str, str], list[Me]]:
    """Who holds each post at each unit."""
    held: dict[str, list[Posting]] = {}
    asked = select(PostingRow.person, PostingRow.post, PostingRow.unit).where(PostingRow.county == pack.code)
    for person, post, unit in session.execute(asked.order_by(PostingRow.person)):
        held.setdefault(person, []).append(Posting(post, unit))
    people = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.county == pack.code))
    found: dict[tuple[str, str], list[Me]] = {}
    for person, name in people:
        me = me_of(person, name, held.get(person, []), pack)
        for posting in me.postings:
            found.setdefault((posting.post, posting.unit), []).append(me)
    return found
