"""demo.toml: what a county's made-up months are like; without it people go by the folder's stories alone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from typing import Any, TypeVar

from processes.pack import Pack

_T = TypeVar("_T")

FILE = "demo.toml"
SECTIONS = frozenset(
    {"rhythm", "units", "facts", "papers", "matters", "begun", "tempers", "steps", "messages", "again"}
)


@dataclass(frozen=True)
class Rhythm:
    """Which start is begun again and again, how the months compare, and how many assistants a matter has.

    `assistants` are shares of matters that need none, one, two … of those that the duty list names. A kind of matter
    comes from so many `homes` of its own, unless it is `everywhere`; claimed first are `claims` tasks in a hundred.
    """

    start: str = ""
    growth: tuple[int, ...] = (1,)
    assistants: tuple[int, ...] = (1,)
    homes: int = 0
    claims: int = 0


@dataclass(frozen=True)
class Matter:
    """A kind of matter, of an item of the duty list; more of them in its `months`. `facts` are wishes by name."""

    item: str
    weight: int = 1
    months: tuple[int, ...] = ()
    urgent: int = 0
    everywhere: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Begun:
    """Another start, on these days: so many after the first, or before the last when below nought."""

    start: str
    days: tuple[int, ...]
    at: time = time(9, 30)


@dataclass(frozen=True)
class Again:
    """A start about an ended case: of how many in a hundred that it may be about, and how many days after their end."""

    share: int
    days: tuple[int, int]


@dataclass(frozen=True)
class Temper:
    """How a share of the units works: how much of a limit it uses, how often it is late and by how much (percent)."""

    share: int = 1
    uses: tuple[int, int] = (15, 85)
    late: int = 5
    by: tuple[int, int] = (110, 180)
    scores: tuple[int, int] = (70, 98)


@dataclass(frozen=True)
class StepManner:
    """How one step is done: by which button, after how many office hours, what is filled in.

    `by` says more for one button. `chance`: of how many in a hundred cases an optional step is done; `left`: of how
    many a step is never done.
    """

    outcomes: Mapping[str, int] = field(default_factory=dict)
    takes: tuple[int, int] | None = None
    chance: int = 0
    left: int = 0
    late: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    by: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """How a message comes that a case waits for: in how many of a hundred cases, after how many days, with what."""

    share: int
    days: tuple[int, int]
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Script:
    """Everything demo.toml says."""

    rhythm: Rhythm = Rhythm()
    units: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    matters: tuple[Matter, ...] = ()
    begun: tuple[Begun, ...] = ()
    again: Mapping[str, Again] = field(default_factory=dict)
    tempers: Mapping[str, Temper] = field(default_factory=lambda: {"": Temper()})
    steps: Mapping[str, StepManner] = field(default_factory=dict)
    messages: Mapping[str, Answered] = field(default_factory=dict)


def script_of(pack: Pack) -> Script:
    """The folder's script; raises ValueError with a sentence when it cannot be read."""
    raw = pack.files.get(FILE)
    return read_script(raw) if raw is not None else Script()


def read_script(raw: bytes) -> Script:
    """The script; raises ValueError with a sentence."""
    try:
        told = tomllib.loads(raw.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"不是正确的 TOML（{error}）") from error
    if strange := told.keys() - SECTIONS:
        raise ValueError(f"有不认识的部分 {'、'.join(sorted(strange))}")
    return Script(
        rhythm=_made(Rhythm, "rhythm", told.get("rhythm", {})),
        units=_table("units", told),
        facts=_table("facts", told),
        papers=_table("papers", told),
        matters=tuple(_matter(number, each) for number, each in enumerate(told.get("matters", []), 1)),
        begun=tuple(_made(Begun, "begun", each) for each in told.get("begun", [])),
        again={key: _made(Again, f"again.{key}", each) for key, each in _table("again", told).items()},
        tempers={key: _made(Temper, f"tempers.{key}", each) for key, each in _table("tempers", told).items()}
        or {"": Temper()},
        steps={key: _made(StepManner, f"steps.{key}", each) for key, each in _table("steps", told).items()},
        messages={key: _made(Answered, f"messages.{key}", each) for key, each in _table("messages", told).items()},
    )


def _table(name: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
    table = told.get(name, {})
    if not isinstance(table, Mapping):
        raise ValueError(f"[{name}] 应为一节")
    return table


def _matter(number: int, told: Any) -> Matter:
    own = {"item", "weight", "months", "urgent", "everywhere"}
    if not isinstance(told, Mapping) or not isinstance(told.get("item"), str):
        raise ValueError(f"第 {number} 个 [[matters]] 缺少 item（事项编码）")
    facts = {key: value for key, value in told.items() if key not in own}
    return _made(Matter, f"第 {number} 个 matters", {**{key: told[key] for key in own & told.keys()}, "facts": facts})


def _made(kind: type[_T], where: str, told: Any) -> _T:
    """A value of this kind; lists become tuples, a time of day is written "09:30"."""
    try:
        given: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in told.items()}
        if isinstance(given.get("at"), str):
            given["at"] = time.fromisoformat(given["at"])
        made = kind(**given)
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"[{where}] 缺少或写错了项目（{error}）") from error
    wrong = [each.name for each in fields(kind) if not _fits(str(each.type), getattr(made, each.name))]  # type: ignore[arg-type]
    if wrong:
        raise ValueError(f"[{where}] 里的 {'、'.join(wrong)} 写得不对")
    return made


def _fits(said: str, value: Any) -> bool:
    """Whether a value is of the sort that its field says."""
    if value is None:
        return "None" in said
    if said.startswith("tuple"):
        return isinstance(value, tuple) and all(type(each) is int for each in value) and _paired(said, value)
    if said.startswith("Mapping"):
        numbers = "int]" in said
        return isinstance(value, Mapping) and (not numbers or all(type(each) is int for each in value.values()))
    return type(value).__name__ == said.partition(" ")[0]


def _paired(said: str, value: tuple[int, ...]) -> bool:
    """Whether what should be from – to has two ends in their order."""
    return "..." in said or (len(value) == 2 and value[0] <= value[1])
