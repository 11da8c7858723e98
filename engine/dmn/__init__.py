"""DMN 1.5: decision tables and requirement graphs, decided at run time and checked before they are published."""

from __future__ import annotations

from engine.dmn.decision import Decision, invoke, read_decisions, read_model
from engine.dmn.errors import (
    DecisionsCircular,
    DmnError,
    DmnTooLarge,
    DmnUnreadable,
    NoRuleMatches,
    RulesConflict,
    RulesNotUnique,
    ValueNotAllowed,
)
from engine.dmn.findings import Finding

__all__ = [
    "Decision",
    "DecisionsCircular",
    "DmnError",
    "DmnTooLarge",
    "DmnUnreadable",
    "Finding",
    "NoRuleMatches",
    "RulesConflict",
    "RulesNotUnique",
    "ValueNotAllowed",
    "invoke",
    "read_decisions",
    "read_model",
]
