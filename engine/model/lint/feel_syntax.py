"""An expression that does not compile stops the case at the worst moment: when somebody is at work."""

from __future__ import annotations

from collections.abc import Iterator

from engine.feel import FeelError, compile_expression
from engine.model.checking import Folder, Remark, error
from engine.model.conditions import MAX_LENGTH
from engine.model.diagram import Diagram
from engine.model.feel_texts import FeelText, feel_texts

FOREIGN = ("${", "#{")  # dollar_expression reports these


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every expression of the diagram is FEEL that compiles."""
    for process in diagram.processes:
        for text in feel_texts(process, folder.known):
            if not any(mark in text.text for mark in FOREIGN):
                yield from _check_text(text)


def _check_text(text: FeelText) -> Iterator[Remark]:
    if len(text.text) > MAX_LENGTH:
        yield error(
            text.place,
            f"{text.zh}超过 {MAX_LENGTH} 个字符，没有人看得懂。请改用决策表，或拆成几个输出参数。",
            f"has a {text.en} longer than {MAX_LENGTH} characters; use a decision table or several outputs.",
        )
        return
    try:
        compile_expression(text.text)
    except FeelError as fault:
        short = text.text if len(text.text) <= 80 else text.text[:80] + "…"
        yield error(
            text.place,
            f"{text.zh}“{short}”不是正确的 FEEL 表达式（{fault.sentence.rstrip('。')}）。请检查引号、括号和运算符。",
            f"has a faulty {text.en} “{short}” ({fault.english.rstrip('.')}); check quotes, brackets and operators.",
        )
