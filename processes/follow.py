"""What follows from an engine step in the service: substitutes for empty posts, verbs asked for, units concerned.

Every command, and the clock, goes through `begin` or `move_on`; both write in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import exists, insert, literal, select
from sqlalchemy.orm import Session

from engine.run import Group, OpenTask, Step, answer, both
from engine.store.keep import Act, Kept, keep, keep_first
from engine.store.tables import TaskGroupRow, TaskRow
from processes.installation import Installation
from processes.pack import Pack
from processes.people import holders
from processes.tables import ConcernRow
from processes.verbs import VERBS, Asking


@dataclass(frozen=True)
class Moved:
    """A step that was written; call `committed` after the commit, so that the live case is kept warm."""

    kept: Kept
    step: Step
    committed: Callable[[], None]


def begin(
    session: Session,
    inst: Installation,
    pack: Pack,
    process: str,
    step: Step,
    act: Act,
    raised: OpenTask,
    describe: Callable[[Kept], None],
) -> Moved:
    """Write a new case with its first task, `raised`, already done; `describe` writes what it is about."""
    step = with_substitutes(session, pack, answered(pack, step, act), [(raised.step, act.by or "")])
    kept = keep_first(session, pack.code, process, pack.digest, step, act, raised)
    describe(kept)
    return _moved(session, inst, pack, kept, step, act, raised)


def move_on(session: Session, inst: Installation, pack: Pack, before: Kept, step: Step, act: Act) -> Moved:
    """Write the next step of a case; raises Stale."""
    step = answered(pack, step, act)
    step = with_substitutes(session, pack, step, _did(session, before, step, act))
    kept = keep(session, before, step, act)
    return _moved(session, inst, pack, kept, step, act)


def answered(pack: Pack, step: Step, act: Act) -> Step:
    """Go on past every verb asked for: those of today give nothing back, and run in the same transaction."""
    while step.asking:
        key = min(step.asking)
        step = both(step, answer(pack.program, step.live, key, {}, pack.world(act.at)))
    return step


def with_substitutes(session: Session, pack: Pack, step: Step, did: list[tuple[str, str]]) -> Step:
    """Give tasks that nobody may do to the posts that stand in (posts.csv, `fallback`).

    Nobody may do a task when nobody holds its posts, or when all who do have done a step (`did`: step, person) that
    another person must have done (DC-3).
    """
    if not step.opened:
        return step
    chains = {group: _chain(group, pack) for task in step.opened for group in task.groups}
    held = holders(session, pack.code, {(g.post, g.unit) for chain in chains.values() for g in chain})
    return replace(step, opened=tuple(_substituted(task, chains, held, did) for task in step.opened))


def _did(session: Session, before: Kept, step: Step, act: Act) -> list[tuple[str, str]]:
    """Who has done the steps that bar a person from a task now opened; the task being closed included."""
    barring = {name for task in step.opened for name in task.other_than}
    if not barring:
        return []
    rows = session.execute(
        select(TaskRow.step, TaskRow.closed_by, TaskRow.id).where(
            TaskRow.county == before.county, TaskRow.case_id == before.case_id, TaskRow.step.in_(barring)
        )
    )
    return [(name, by) for name, closed_by, key in rows if (by := act.by if key == act.task_id else closed_by)]


def _substituted(
    task: OpenTask,
    chains: dict[Group, list[Group]],
    held: dict[tuple[str, str], list[str]],
    did: list[tuple[str, str]],
) -> OpenTask:
    barred = {person for name, person in did if name in task.other_than}

    def is_held(group: Group) -> bool:
        return bool(set(held[group.post, group.unit]) - barred)

    if any(is_held(group) for group in task.groups):
        return task
    substitutes = (each for group in task.groups for each in chains[group] if is_held(each))
    found = next(substitutes, None)
    return replace(task, groups=(*task.groups, found)) if found else task


def _chain(group: Group, pack: Pack) -> list[Group]:
    """The group and who stands in for it, one after the other."""
    chain = [group]
    while (post := pack.posts.get(chain[-1].post)) is not None and post.fallback:
        name, _, unit = post.fallback.partition("@")
        substitute = Group(name, unit or chain[-1].unit)
        if substitute in chain:
            break
        chain.append(substitute)
    return chain


def _moved(
    session: Session, inst: Installation, pack: Pack, kept: Kept, step: Step, act: Act, raised: OpenTask | None = None
) -> Moved:
    _concern(session, kept, (*step.opened, raised) if raised else step.opened)
    for asked in step.asked:
        VERBS[asked.verb](Asking(session, pack, kept, asked, act))
    return Moved(kept, step, lambda: inst.hot.put(kept, step))


def _concern(session: Session, kept: Kept, opened: Iterable[OpenTask]) -> None:
    """Note the units that now have a part in the case, those not noted yet."""
    tasks = [task.id for task in opened]
    if not tasks:
        return
    noted = exists().where(
        ConcernRow.county == kept.county, ConcernRow.case_id == kept.case_id, ConcernRow.unit == TaskGroupRow.unit
    )
    fresh = (
        select(TaskGroupRow.county, literal(kept.case_id), TaskGroupRow.unit)
        .where(TaskGroupRow.county == kept.county, TaskGroupRow.task_id.in_(tasks), ~noted)
        .distinct()
    )
    session.execute(insert(ConcernRow).from_select(["county", "case_id", "unit"], fresh))
