"""What should be filled in, written as data: one text, one of several, a number between, a day so many days ahead.

A text may name facts of the case in braces: `{village}的路灯不亮`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from string import Formatter
from typing import Any

NOTHING = object()
"""What a wish comes to that leaves the field empty, or that says nothing about it."""
WORDS = frozenset({"between", "days", "hours", "among", "maybe", "then", "scored", "some", "all"})
"""What a wish written as a table may begin with; another table holds the wishes for the columns of a list."""

Facts = Mapping[str, Any]
Told = Callable[[str], Sequence[object]]
"""What the folder's stories answer to a field (`reason`, or `ratings.reason` in a list)."""


@dataclass(frozen=True)
class Hints:
    """What someone who fills in a form goes by.

    `wishes` are by the key of the field, `facts` what texts may name; `lean` says between how many percent of the full
    score a unit comes.
    """

    wishes: Mapping[str, Any] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    told: Told = lambda key: ()
    lean: Callable[[str], tuple[int, int]] = lambda unit: (70, 100)


NO_HINTS = Hints()


def come_to(wish: Any, hints: Hints, now: datetime, rng: Random, unit: str = "") -> Any:
    """What one wish comes to this time; NOTHING when the field is to stay empty. Tables of columns stay as they are."""
    match wish:
        case str():
            return said(wish, hints.facts)
        case list():
            return come_to(rng.choice(wish), hints, now, rng, unit) if wish else NOTHING
        case {"maybe": int(percent), "then": then}:
            return come_to(then, hints, now, rng, unit) if rng.randrange(100) < percent else NOTHING
        case dict():
            return _drawn(wish, hints, now, rng, unit)
    return wish


def _drawn(wish: Mapping[str, Any], hints: Hints, now: datetime, rng: Random, unit: str) -> Any:
    """A number, a score, a day or a moment between two ends, or one of several things by its share."""
    match wish:
        case {"between": [int(least), int(most)]}:
            return rng.randint(least, most)
        case {"scored": [int(least), int(most)]}:
            low, high = hints.lean(unit)
            return least + round((most - least) * rng.randint(low, high) / 100)
        case {"days": [int(least), int(most)]}:
            return now.date() + timedelta(days=rng.randint(least, most))
        case {"hours": [int(least), int(most)]}:
            return (now + timedelta(minutes=rng.randint(60 * least, 60 * most))).replace(second=0, microsecond=0)
        case {"among": dict(shares)}:
            return weighed(shares, rng)
    return wish


def weighed(shares: Mapping[Any, int], rng: Random) -> Any:
    """One of the keys, each as often as its share says."""
    return rng.choices([*shares], [*shares.values()])[0]


def said(text: str, facts: Facts) -> str:
    """A text with the facts it names; facts may name others in turn, two deep."""
    for _ in range(3):
        if "{" not in text:
            break
        text = text.format_map(_Known(facts))
    return text


def named(text: str) -> set[str]:
    """The facts that a text names; raises ValueError when its braces do not fit."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""
