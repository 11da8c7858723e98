"""The county's rules for supervision (county.toml, `[supervision]`; DC-12): what is looked at, when, by which table.

The table itself is a decision of the folder; the numbers it compares with stand there and in limits.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.dmn import NoRuleMatches
from engine.step import Group
from processes.pack import Pack

FACTS = ("overdue", "overdue_days", "hours_left", "share_used", "idle_days", "townships", "clustered", "rung")
"""What the table may look at, for each matter and unit that holds a step of it:

`overdue` and by how many working days; working hours left; percent of its time used; calendar days without a completed
step; how many townships raised the same duty item lately, and whether these are enough to be a cluster; the rung of the
last order about it that is not over, "none" without one.
"""
NO_RUNG = "none"


@dataclass(frozen=True)
class Supervision:
    """Which `decision` is asked, for matters of which `starts`, about steps that units of `unit_kinds` hold.

    Steps named in `leaves` are left alone: nobody need do them. `message` begins an order, `moved` ends it. `item` is
    step.field, the answer that says the duty item. Orders on `public_rungs` are told to everybody. The next three name
    thresholds of limits.toml: how many townships within how many days are a cluster, and for how many days after an
    order the same ground is left alone.
    """

    daily_at: str
    decision: str
    message: str
    moved: str
    starts: tuple[str, ...]
    unit_kinds: tuple[str, ...]
    item: str
    public_rungs: tuple[str, ...]
    cluster_days: str
    cluster_townships: str
    quiet_days: str
    leaves: tuple[str, ...] = ()

    @classmethod
    def of(cls, county: Mapping[str, Any]) -> Supervision | None:
        """As county.toml says, None without the section; raises ValueError for what is no rule."""
        section = county.get("supervision")
        if section is None:
            return None
        names = {each.name for each in fields(cls)}
        if not isinstance(section, Mapping) or {*section, "leaves"} != names:
            raise ValueError("supervision")
        return cls(**{key: _read(key, value) for key, value in section.items()})

    @property
    def thresholds(self) -> tuple[str, str, str]:
        """The thresholds it names."""
        return self.cluster_days, self.cluster_townships, self.quiet_days

    @property
    def step_and_field(self) -> tuple[str, str]:
        """The step whose answer says the duty item, and the field."""
        step, _, field = self.item.partition(".")
        return step, field

    def next_run(self, now: datetime) -> datetime:
        """The next moment of the day at which all is looked at; `now` is in the county's zone."""
        today = datetime.combine(now.date(), time.fromisoformat(self.daily_at), now.tzinfo)
        return today if today > now else today + timedelta(days=1)

    def is_watched(self, pack: Pack, unit: str) -> bool:
        """Whether a unit is of a kind that is supervised."""
        return unit in pack.units and pack.units[unit].kind in self.unit_kinds

    def number(self, pack: Pack, threshold: str, on: date) -> int:
        """A threshold in force on a date, as a whole number."""
        return int(pack.limits.threshold(threshold, on))


@dataclass(frozen=True)
class Ground:
    """That an order is due: why, and on which rung it begins."""

    ground: str
    rung: str


def grounds_for(pack: Pack, rules: Supervision, facts: Mapping[str, object]) -> list[Ground]:
    """What the county's table says of these facts; raises what the decision raises."""
    try:
        hits = pack.definition.decisions[rules.decision].decide(facts)
    except NoRuleMatches:
        return []
    told = [(hit.get("ground"), hit.get("rung")) for hit in hits]
    return [Ground(ground, rung) for ground, rung in told if isinstance(ground, str) and isinstance(rung, str)]


def is_watched(pack: Pack, holders: Iterable[Group]) -> bool:
    """Whether one of these holders of a step is of a unit that the county supervises."""
    rules = Supervision.of(pack.county)
    return rules is not None and any(rules.is_watched(pack, holder.unit) for holder in holders)


def _read(key: str, value: object) -> Any:
    if key in ("starts", "unit_kinds", "public_rungs", "leaves"):
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValueError(key)
        return tuple(value)
    if not isinstance(value, str) or (key == "item" and value.count(".") != 1):
        raise ValueError(key)
    if key == "daily_at" and time.fromisoformat(value).tzinfo is not None:
        raise ValueError(key)
    return value
