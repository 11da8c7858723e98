"""What kind of value each process variable holds, as far as the forms and the drawing make that sure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from engine.feel import FeelError, Kind, compile_expression
from engine.model.checking import Folder, Known
from engine.model.conditions import MAX_LENGTH
from engine.model.diagram import Element, Process
from engine.model.variables import begins_with, seen_inside, written_by


def kinds_in(process: Process, folder: Folder) -> Mapping[str, Kind]:
    """Variable → the FEEL kind that everything that writes it gives; one whose kind is open, or may be, has None."""
    begun = begins_with(process, folder)
    if begun is None or any(out.everything for element in process.elements for out in element.outs):
        return {}
    found: dict[str, set[Kind]] = defaultdict(set, {name: {None} for name in begun})
    for element in process.elements:
        answers = answer_kinds(element, folder.known)
        for name in written_by(element) | seen_inside(element):
            found[name].add("list" if _collects(element, name) else _kind(element.outputs.get(name, ""), answers))
    return {name: kinds.pop() if len(kinds) == 1 else None for name, kinds in found.items()}


def answer_kinds(element: Element, known: Known) -> Mapping[str, Kind]:
    """What a user task's outputs can see, with its kinds: the form's answers and the outcome."""
    form = element.attributes.get("formKey", "")
    return {**known.kinds.get(form, {}), "outcome": "string"} if form in known.forms else {}


def _collects(element: Element, name: str) -> bool:
    return element.multi_instance is not None and element.multi_instance.output_collection == name


def _kind(text: str, kinds: Mapping[str, Kind]) -> Kind:
    try:
        return compile_expression(text).infer(kinds)[0] if 0 < len(text) <= MAX_LENGTH else None
    except FeelError:
        return None
