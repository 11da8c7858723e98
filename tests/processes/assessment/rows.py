"""Rows that figures are counted from, made by hand, and the rules of the model county."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from processes.assessment.figures import DoneStep, Rated
from processes.assessment.read import rules_in
from processes.assessment.rules import Rules
from tests.kit.sites import the_folder

DUE = datetime(2026, 9, 9, 9, 30, tzinfo=UTC)
CASES = [f"{number:032x}" for number in range(8)]


def the_rules() -> Rules:
    """How the model county assesses."""
    rules = rules_in(the_folder())
    assert rules is not None
    return rules


def rated(case: str, score: int, aspect: str = "arrival", unit: str = "water") -> Rated:
    """A score for a unit."""
    return Rated(case, unit, aspect, Decimal(score))


def did(case: str, step: str, late: bool = False, outcome: str = "submit", unit: str = "water") -> DoneStep:
    """A step that a unit did, a minute late or just in time."""
    return DoneStep(case, unit, step, outcome, DUE, DUE + timedelta(minutes=1 if late else 0))
