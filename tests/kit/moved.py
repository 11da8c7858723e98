"""Stories moved in time: their dates are of September 2026, and forms may ask that a date be not in the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from processes.stories import Story

STORIES_BEGIN = date(2026, 9, 7)


def moved(story: Story, begins: datetime) -> Story:
    """The story beginning at another moment, its dates moved with it by whole days."""
    by = begins - story.begins
    days = timedelta(days=(begins.date() - story.begins.date()).days)
    steps = tuple(
        replace(
            step,
            at=(step.at + by).astimezone(begins.tzinfo) if step.at else None,
            answers=_later(step.answers, days),
        )
        for step in story.steps
    )
    return replace(story, begins=begins, steps=steps)


def at_present(story: Story) -> Story:
    """The story moved by whole weeks, to begin within the last seven days; its answers as `to_present` has them."""
    return moved(story, story.begins + _weeks())


def to_present(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of a story with their dates moved by whole weeks, so that the story begins within the last seven days."""
    later: dict[str, Any] = _later(answers, _weeks())
    return later


def _weeks() -> timedelta:
    return timedelta(weeks=(datetime.now(UTC).date() - STORIES_BEGIN).days // 7)


def _later(value: Any, by: timedelta) -> Any:
    if isinstance(value, date):  # a datetime is a date
        return value + by
    if isinstance(value, list | tuple):
        return [_later(item, by) for item in value]
    return {key: _later(item, by) for key, item in value.items()} if isinstance(value, Mapping) else value
