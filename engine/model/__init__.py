"""Reads a county folder and knows what BPMN says, so that everything else can ask about a drawing before running it."""

from engine.model.diagram import Diagram, Element, EventDefinition, Flow, Lane, MultiInstance, Process, Timer
from engine.model.files import Files, UnfitFolder, digest, fit_files, read_folder
from engine.model.findings import Finding
from engine.model.read import load_diagrams

__all__ = [
    "Diagram",
    "Element",
    "EventDefinition",
    "Files",
    "Finding",
    "Flow",
    "Lane",
    "MultiInstance",
    "Process",
    "Timer",
    "UnfitFolder",
    "digest",
    "fit_files",
    "load_diagrams",
    "read_folder",
]
