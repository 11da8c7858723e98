"""A county in the middle of its work: two dozen matters of different kinds, each as far as its day allows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from processes.agenda import strike
from processes.installation import Installation
from processes.stories import Story, StoryStep
from tests.kit.actors import Actors, pack_of

NOW = datetime.fromisoformat("2026-11-19T10:20:00+08:00")
"""A Thursday morning: the moment at which the county is looked at."""


@dataclass(frozen=True)
class Matter:
    """One matter of matters.toml."""

    day: date
    story: str
    subject: str
    township: str
    category: str
    item: str
    units: list[str]
    description: str
    stuck: int | None = None
    later: int = 0
    absent: str | None = None


def at_work(inst: Installation) -> dict[str, str]:
    """Play every matter up to NOW; returns case ids by subject."""
    stories = pack_of(inst).stories
    cases = {each.subject: Actors(inst).play(_story(each, stories)) for each in _matters()}
    strike(inst, NOW)
    return cases


def _matters() -> Iterator[Matter]:
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    yield from (Matter(**each) for each in told["matters"])


def _story(matter: Matter, stories: Mapping[str, Story]) -> Story:
    """The matter's own story: moved to its day, its place and its units, up to now or to where it got stuck."""
    story = stories[matter.story]
    later = timedelta(days=(matter.day - story.begins.date()).days, minutes=matter.later)
    swaps = dict(_swaps(matter, story))
    steps = [_moved(told, later, swaps, matter) for told in story.steps if told.does and not told.then.refused]
    steps = [told for told in steps if told.at and told.at < NOW and told.unit != matter.absent]
    return replace(story, begins=story.begins + later, steps=tuple(steps[: matter.stuck]))


def _swaps(matter: Matter, story: Story) -> Iterator[tuple[str, str]]:
    triage = next(told.answers for told in story.steps if told.does == "triage")
    theirs = [triage["lead"], *(each["unit"] for each in triage.get("assistants", ()))]
    yield from zip(theirs, matter.units, strict=True)
    yield triage["matter_item"], matter.item
    yield story.steps[0].by.partition("@")[2], matter.township


def _moved(told: StoryStep, later: timedelta, swaps: Mapping[str, str], matter: Matter) -> StoryStep:
    post, _, unit = told.by.partition("@")
    answers = _swapped(told.answers, swaps, timedelta(days=later.days))
    if told.does == "propose":
        answers |= {"subject": matter.subject, "category": matter.category, "description": matter.description}
    by = f"{post}@{swaps.get(unit, unit)}"
    return replace(told, by=by, unit=swaps.get(told.unit, told.unit), at=_later(told.at, later), answers=answers)


def _later(at: datetime | None, later: timedelta) -> datetime | None:
    return at + later if at else None


def _swapped(value: Any, swaps: Mapping[str, str], later: timedelta) -> Any:
    match value:
        case dict():
            return {key: _swapped(each, swaps, later) for key, each in value.items()}
        case list():
            return [_swapped(each, swaps, later) for each in value]
        case date():
            return value + later
        case _:
            return swaps.get(value, value) if isinstance(value, str) else value
