"""Who stands in for a post that nobody holds, or whose holders may not do a step (posts.csv, `fallback`; DC-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.step import Group, OpenTask, Step
from engine.store.keep import Act, Kept
from engine.store.tables import TaskRow
from processes.pack import Pack
from processes.staff import Groups

Find = Callable[[Iterable[tuple[str, str]]], Groups]
"""Finds who holds posts at units."""


def with_substitutes(find: Find, pack: Pack, step: Step, did: list[tuple[str, str]]) -> Step:
    """Give tasks that nobody may do to the posts that stand in (posts.csv, `fallback`).

    Nobody may do a task when nobody holds its posts, or when all who do have done a step (`did`: step, person) that
    another person must have done (DC-3).
    """
    if not step.opened:
        return step
    chains = {group: _chain(group, pack) for task in step.opened for group in task.groups}
    held = find({(group.post, group.unit) for chain in chains.values() for group in chain})
    return replace(step, opened=tuple(_substituted(task, chains, held, did) for task in step.opened))


def steps_done(session: Session, before: Kept, step: Step, act: Act) -> list[tuple[str, str]]:
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
    held: Groups,
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
