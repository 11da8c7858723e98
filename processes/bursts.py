"""打分集中 (DC-11; county.toml, `[bursts]`): one person who rates many matters in a short time is told to the office.

Nothing is refused: it may be a person who works through what was left lying.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from engine.model.checking import nearest
from processes.pack import Pack


@dataclass(frozen=True)
class Act:
    """That a person rated the units of a matter."""

    by: str
    case_id: str
    rater: str
    at: datetime


@dataclass(frozen=True)
class Burst:
    """Acts of one person, each within the county's minutes of enough others."""

    by: str
    acts: tuple[Act, ...]

    @property
    def cases(self) -> frozenset[str]:
        """The matters that were rated."""
        return frozenset(act.case_id for act in self.acts)


@dataclass(frozen=True)
class BurstRules:
    """How many matters within how long are a burst."""

    matters: int
    within: timedelta


def burst_rules(pack: Pack, on: date) -> BurstRules | None:
    """The county's numbers in force on a day; None where it does not ask."""
    named = pack.county.get("bursts")
    if not isinstance(named, Mapping):
        return None
    matters, minutes = (int(pack.limits.threshold(str(named[key]), on)) for key in ("matters", "minutes"))
    return BurstRules(matters, timedelta(minutes=minutes))


def find_bursts(acts: Iterable[Act], rules: BurstRules) -> list[Burst]:
    """The bursts among these acts, the latest first."""
    ordered = sorted(acts, key=lambda act: (act.by, act.at, act.case_id))
    found = [burst for _, own in groupby(ordered, key=lambda act: act.by) for burst in _of_one(list(own), rules)]
    return sorted(found, key=lambda burst: burst.acts[-1].at, reverse=True)


def _of_one(acts: list[Act], rules: BurstRules) -> Iterator[Burst]:
    """Stretches of time that have enough matters; those that share an act are one burst."""
    found: list[tuple[int, int]] = []
    for first, act in enumerate(acts):
        after = next((n for n in range(first, len(acts)) if acts[n].at - act.at > rules.within), len(acts))
        if len({each.case_id for each in acts[first:after]}) >= rules.matters:
            joins = bool(found) and first < found[-1][1]
            found[-1:] = [(found[-1][0], after)] if joins else [*found[-1:], (first, after)]
    return (Burst(acts[first].by, tuple(acts[first:after])) for first, after in found)


def loose_bursts(pack: Pack) -> Iterator[str]:
    """What is wrong with the section, as sentences without their full stop."""
    named = pack.county.get("bursts")
    if named is None:
        return
    if not isinstance(named, Mapping) or {*named} != {"matters", "minutes"}:
        yield "[bursts] 要写 matters（几件）和 minutes（多少分钟），都是 limits.toml 里阈值的名称，不能多写"
        return
    for key, name in named.items():
        if name not in pack.limits.thresholds:
            near = nearest(str(name), pack.limits.thresholds)
            yield f"[bursts] {key} 里的“{name}”不是 limits.toml 里的阈值" + (
                f"，您是不是想写“{near}”？" if near else ""
            )
