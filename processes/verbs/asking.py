"""What a verb is given: the transaction, the county's folder, the case, and what the diagram asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.step import Asked
from engine.store.keep import Act, Kept
from engine.store.tables import TaskRow
from processes.answers import Answer, answers_in
from processes.forms import Cases
from processes.pack import Pack
from processes.papers import PaperStore


class VerbMisused(Rejected):
    """A service task gave its verb inputs that do not fit."""

    code = "verb_misused"
    message = "流程图中的“{name}”给动作 {verb} 的参数不对：{why}。"
    advice = "请流程管理员修正流程图；修正前这一步会作为故障等待处理。"


def misused(asked: Asked, why: str) -> VerbMisused:
    """The refusal that names the service task."""
    return VerbMisused(name=asked.name, verb=asked.verb, why=why)


class BusinessError(Exception):
    """A verb met a case that its diagram may provide for: `code` is one of the verb's declared errors."""

    def __init__(self, code: str, why: str) -> None:
        """`why` is Chinese, for the journal and for the incident when no boundary event catches the error."""
        self.code = code
        super().__init__(why)


@dataclass(frozen=True)
class Asking:
    """One asking of a verb. `papers` is where files are kept: a file that no row comes to name is nobody's."""

    session: Session
    pack: Pack
    case: Kept
    asked: Asked
    act: Act
    papers: PaperStore

    def misused(self, why: str) -> VerbMisused:
        """The refusal that names the service task."""
        return misused(self.asked, why)

    def answers_to(self, steps: Collection[str]) -> list[tuple[Answer, TaskRow]]:
        """What was filled in at these steps of the case, each with its task, the oldest first."""
        of_case = (TaskRow.county == self.case.county, TaskRow.case_id == self.case.case_id)
        found = self.session.scalars(select(TaskRow).where(*of_case, TaskRow.step.in_(steps)))
        tasks = {task.id: task for task in found}
        answers = [*answers_in(tasks.values()), *self._just_given(tasks)]
        return [(answer, tasks[answer.task_id]) for answer in answers]

    def _just_given(self, tasks: Mapping[str, TaskRow]) -> Iterator[Answer]:
        """The answer of the act that asks: its task's row is written when all that follows from it is known."""
        act, task = self.act, tasks.get(self.act.task_id or "")
        if task is not None and task.answers is None and act.answers is not None:
            key = (task.county, task.case_id, task.id, task.step, task.form)
            yield Answer(*key, act.outcome or "", act.answers, act.at, act.by or "")


Result = Mapping[str, object] | None
"""What a verb gives back: the service task's output parameters may use these names."""


@dataclass(frozen=True)
class Verb:
    """One verb: what it does, and the codes of the errors that a boundary event may catch.

    `told` does it in a story, for a verb whose diagram goes on by what it gives: asked with the case's name there and
    the cases of the story. Other verbs do nothing in a story.
    """

    act: Callable[[Asking], Result]
    errors: frozenset[str] = frozenset()
    told: Callable[[Asked, str, Cases], Result] | None = None
