"""Stories: scenarios in a county's folder that say who does what, or what comes, and what must then hold.

A story tells of one case, and of those it names besides (`case`). What else begins on the way is said and not followed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.errors import Rejected
from engine.model.files import Files
from processes.comings import COMINGS, PERSONS, Coming, OddComing, read_awaited, read_coming


class StoryRefused(Rejected):
    """A story cannot be read."""

    code = "story_refused"
    message = "{why}"
    advice = "请改正后重新检查。"

    def __init__(self, file: str, why: str) -> None:
        """Remember the file."""
        self.file = file
        super().__init__(why=why)


@dataclass(frozen=True)
class Then:
    """What must hold after a step. `None` means: not asked. `open` and `due` name steps, step@unit within a branch.

    `awaited`: whether the case waited for the message or signal that came, or was begun by it.
    """

    open: tuple[str, ...] | None = None
    due: Mapping[str, datetime] = field(default_factory=dict)
    late: tuple[str, ...] | None = None
    ended: str | None = None
    refused: str | None = None
    awaited: bool = True


@dataclass(frozen=True)
class StoryStep:
    """One thing that happens: somebody `by` (post@unit) `does` a step, something `comes`, or the clock runs to `at`.

    It happens to `case` ("" is the story's own), which a person begins as a `start` of this name, `about` another case
    ("" is the story's own) where that start is about one. `fails`: which verbs meet which of their errors meanwhile,
    for in a story nothing else is there that they could find wanting.
    """

    by: str
    does: str
    person: str
    unit: str
    at: datetime | None
    after: timedelta | None
    outcome: str | None
    answers: Mapping[str, Any]
    then: Then
    comes: Coming | None = None
    case: str = ""
    start: str = ""
    about: str = ""
    fails: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A whole scenario."""

    id: str
    name: str
    about: str
    covers: tuple[str, ...]
    start: str
    begins: datetime
    steps: tuple[StoryStep, ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """The names of the cases it tells of, in the order in which they come up; "" is its own."""
        return tuple(dict.fromkeys(step.case for step in self.steps if step.by or step.comes or step.case))


_AFTER = re.compile(r"(\d+) (minute|hour|day)s?")
_THEN_KEYS = {"open", "due", "late", "ended", "refused", "awaited"}
_STEP_KEYS = PERSONS | COMINGS | {"at", "after", "then", "case", "fails"}


def read_stories(files: Files) -> dict[str, Story]:
    """Every story of a folder by its id (the file's stem); raises StoryRefused."""
    return {
        name.removeprefix("stories/").removesuffix(".toml"): read_story(name, raw)
        for name, raw in files.items()
        if name.startswith("stories/") and name.endswith(".toml")
    }


def read_story(file: str, raw: bytes) -> Story:
    """One story; raises StoryRefused with what is wrong and where."""
    try:
        told = tomllib.loads(raw.decode())
        steps = tuple(_step(file, number, each) for number, each in enumerate(told["steps"], 1))
        return Story(
            id=_stem(file),
            name=told["name"],
            about=told.get("about", ""),
            covers=tuple(told.get("covers", ())),
            start=told.get("start", ""),
            begins=_aware(file, told["begins"]),
            steps=steps,
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StoryRefused(file, f"不是正确的 TOML：{error}") from error
    except (AttributeError, KeyError, TypeError) as error:
        raise StoryRefused(file, f"缺少或写错了 {error}") from error


def _step(file: str, number: int, told: Mapping[str, Any]) -> StoryStep:
    strange = told.keys() - _STEP_KEYS
    if strange:
        raise StoryRefused(file, f"第 {number} 步有不认识的项目 {'、'.join(sorted(strange))}")
    for key in ("case", "start", "about"):
        if not isinstance(told.get(key, ""), str):
            raise StoryRefused(file, f"第 {number} 步的 {key} 应为文字")
    fails = told.get("fails", {})
    if not isinstance(fails, dict) or not all(isinstance(error, str) for error in fails.values()):
        raise StoryRefused(file, f'第 {number} 步的 fails 应写成 {{ 动作 = "错误" }} 的样子')
    then = told.get("then", {})
    if then.keys() - _THEN_KEYS:
        raise StoryRefused(file, f"第 {number} 步的 then 有不认识的项目 {'、'.join(sorted(then.keys() - _THEN_KEYS))}")
    try:
        comes, awaited = read_coming(told, f"{_stem(file)}-{number}"), read_awaited(told)
    except OddComing as odd:
        raise StoryRefused(file, f"第 {number} 步的 {odd}") from odd
    return StoryStep(
        by=told.get("by", ""),
        does=told.get("does", ""),
        person=told.get("person", ""),
        unit=told.get("unit", ""),
        at=_aware(file, told["at"]) if "at" in told else None,
        after=_after(file, number, told["after"]) if "after" in told else None,
        outcome=told.get("outcome"),
        answers=told.get("answers", {}),
        comes=comes,
        case=told.get("case", ""),
        start=told.get("start", ""),
        about=told.get("about", ""),
        fails=fails,
        then=Then(
            open=_maybe(then.get("open")),
            due={step: _aware(file, moment) for step, moment in then.get("due", {}).items()},
            late=_maybe(then.get("late")),
            ended=then.get("ended"),
            refused=then.get("refused"),
            awaited=awaited,
        ),
    )


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".toml")


def _maybe(names: list[str] | None) -> tuple[str, ...] | None:
    return tuple(sorted(names)) if names is not None else None


def _aware(file: str, moment: object) -> datetime:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise StoryRefused(file, f"时刻 {moment} 应写成 2026-09-07T09:00:00+08:00 的样子")
    return moment


def _after(file: str, number: int, text: str) -> timedelta:
    match = _AFTER.fullmatch(text)
    if match is None:
        raise StoryRefused(file, f"第 {number} 步的 after 应写成 “2 hours”“30 minutes”“1 day” 的样子")
    return timedelta(**{f"{match[2]}s": int(match[1])})
