"""A number compared with a text, or a condition that is no yes or no, gives null and stops the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.feel import FeelError, Kind, compile_expression, word
from engine.model.checking import Folder, Remark, error
from engine.model.conditions import MAX_LENGTH
from engine.model.diagram import Diagram, Element, Flow
from engine.model.feel_texts import FeelText, feel_texts
from engine.model.variable_kinds import answer_kinds, kinds_in


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Whatever an expression compares, adds or calls fits together, and every condition can be true or false."""
    for process in diagram.processes:
        variables = kinds_in(process, folder)
        for text in feel_texts(process, folder.known):
            if len(text.text) <= MAX_LENGTH:
                yield from _check_text(text, _kinds_at(text, variables, folder))


def _kinds_at(text: FeelText, variables: Mapping[str, Kind], folder: Folder) -> Mapping[str, Kind]:
    if text.local is None:
        return {}
    unsure = dict.fromkeys(text.local)
    answers = answer_kinds(text.place, folder.known) if isinstance(text.place, Element) and text.local else {}
    return {**variables, **unsure, **{name: kind for name, kind in answers.items() if name in text.local}}


def _check_text(text: FeelText, kinds: Mapping[str, Kind]) -> Iterator[Remark]:
    try:
        kind, faults = compile_expression(text.text).infer(kinds)
    except FeelError:
        return  # feel_syntax reports it
    for fault in faults:
        yield error(
            text.place,
            f"{text.zh}“{text.text}”有误：第 {fault.position + 1} 个字符处，{fault.zh}。",
            f"has a faulty {text.en} “{text.text}”: at character {fault.position + 1}, {fault.en}.",
        )
    if _is_condition(text) and kind not in (None, "boolean"):
        yield error(
            text.place,
            f"{text.zh}“{text.text}”得出的是{word(kind)}，不是“是”或“否”。请写成比较，例如 amount > 5。",
            f"has a {text.en} “{text.text}” that gives a {kind}, not true or false; compare it with something.",
        )


def _is_condition(text: FeelText) -> bool:
    return isinstance(text.place, Flow) or text.en in ("completionCondition", "loopCondition")
