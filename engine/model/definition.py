"""One sealed version of a folder, read and ready to be compiled: diagrams, decision tables, and its content hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.dmn import Decision, DmnError, read_decisions
from engine.model.diagram import Diagram, Process
from engine.model.files import Files, digest
from engine.model.findings import Finding, about_file
from engine.model.read import load_diagrams

Tables = Mapping[str, tuple[Decision, ...]]


class Unsound(Exception):
    """The folder's diagrams or tables cannot even be read; `findings` says why."""

    def __init__(self, findings: list[Finding]) -> None:
        """Keep the findings."""
        self.findings = findings
        super().__init__("; ".join(finding.message_en for finding in findings))


@dataclass(frozen=True)
class Definition:
    """What the engine runs. `files` are the folder's bytes, `digest` names this version for ever."""

    digest: str
    files: Files
    diagrams: Mapping[str, Diagram]
    tables: Tables

    @cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """Every decision of the folder by its id."""
        return {decision.id: decision for decisions in self.tables.values() for decision in decisions}

    @property
    def processes(self) -> list[Process]:
        """Every process drawn in the folder."""
        return [process for diagram in self.diagrams.values() for process in diagram.processes]

    def file_of(self, process_id: str) -> str:
        """The file in which a process is drawn."""
        return next(
            file for file, diagram in self.diagrams.items() if any(p.id == process_id for p in diagram.processes)
        )


def define(files: Files, tables: Tables | None = None) -> Definition:
    """Read a folder's files into a Definition; raises Unsound when one cannot be read. `tables`: those read before."""
    diagrams, findings = load_diagrams(files)
    if any(finding.severity == "error" for finding in findings):
        raise Unsound(findings)
    return Definition(digest(files), files, diagrams, read_tables(files) if tables is None else tables)


def read_tables(files: Files) -> Tables:
    """The decision tables of a folder by file; raises Unsound when one cannot be read."""
    return {name: _decisions_of(name, content) for name, content in files.items() if name.endswith(".dmn")}


def _decisions_of(file: str, content: bytes) -> tuple[Decision, ...]:
    try:
        return tuple(read_decisions(content).values())
    except DmnError as error:
        raise Unsound([about_file("decision_unreadable", file, f"：{error.sentence}", f": {error.english}")]) from error
