"""What can go wrong with an expression: it cannot be read, it asks for too much, or it meets a foreign value."""

from __future__ import annotations

from engine.errors import Rejected


class FeelError(Rejected):
    """The FEEL expression cannot be used."""

    code = "feel"
    message = "表达式有误：{reason}。"
    advice = "请在建模工具中改正这条表达式，再重新发布。"

    def __init__(self, reason: str = "无法使用", english: str = "The FEEL expression cannot be used", **facts: object):
        """Take the reason in both languages, without a full stop."""
        self._english = english
        super().__init__(reason=reason, **facts)

    @property
    def english(self) -> str:
        """The English sentence."""
        return f"{self._english}."


class FeelSyntaxError(FeelError):
    """The FEEL expression cannot be read."""

    code = "feel_syntax"
    message = "表达式第 {column} 个字符处：{reason}。"

    def __init__(self, text: str, position: int, reason: str, english: str) -> None:
        """Take the source, the offset in it (from 0) and what is wrong there."""
        self.text = text
        self.position = position
        super().__init__(reason, f"At character {position + 1}: {english}", column=position + 1)


class FeelBudgetError(FeelError):
    """The FEEL expression asks for more steps, depth, text or time than one evaluation may use."""

    code = "feel_budget"
    message = "表达式过于庞大：{reason}。"
    advice = "请把表达式拆小，或减少循环的次数。"
