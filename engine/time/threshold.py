"""What a threshold is: a plain number a diagram compares with, by whose rule, and since when, as a limit is dated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST = 10**12
"""Larger numbers are slips of the keyboard, and no number of cases, days or yuan in a county."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A threshold's number (0 to `MOST`) in force from the date `since` on, by the clause `source`."""

    number: int | Decimal
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class DatedThreshold:
    """A threshold with all its figures over time, earliest first; `name` is what people call it."""

    name: str
    values: tuple[Figure, ...]
