"""The catalogue of rules: every module in this package is one rule, found by listing the package."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import islice
from typing import TypeAlias

from engine.model.checking import Folder, FormFacts, Known, Remark
from engine.model.diagram import Diagram
from engine.model.files import Files
from engine.model.findings import Finding
from engine.model.naming import finding_of
from engine.model.read import READING_RULES, load_diagrams

__all__ = ["READING_RULES", "FormFacts", "Known", "lint", "lint_diagrams", "rules"]

MOST_REMARKS = 50  # of one rule on one file: nobody reads more, and a hostile drawing could earn thousands

Rule: TypeAlias = Callable[[Diagram, Folder], Iterator[Remark]]


def lint(files: Files, known: Known) -> list[Finding]:
    """Everything wrong with the folder's diagrams, file by file, errors first; empty when there is nothing to say.

    Never raises for any content of the files.
    """
    diagrams, findings = load_diagrams(files)
    return sorted([*findings, *lint_diagrams(diagrams, known)], key=_order)


def lint_diagrams(diagrams: Mapping[str, Diagram], known: Known) -> Iterator[Finding]:
    """What the rules say about diagrams that have been read."""
    folder = Folder(diagrams, known)
    for rule, check in rules().items():
        for diagram in diagrams.values():
            remarks = islice(check(diagram, folder), MOST_REMARKS)
            yield from (finding_of(rule, diagram, remark) for remark in remarks)


@cache
def rules() -> Mapping[str, Rule]:
    """Rule name → its check, in the order of the names."""
    return {name: import_module(f"{__name__}.{name}").check for _, name, _ in pkgutil.iter_modules(__path__)}


def _order(finding: Finding) -> tuple[str, bool, str, str]:
    return finding.file, finding.severity == "warning", finding.rule, finding.element_id
