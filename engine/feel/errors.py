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
    message = "表达式{place}过于庞大：{reason}。"
    advice = "请把表达式拆小，或减少循环的次数。"

    def __init__(self, reason: str, english: str) -> None:
        """Take what is too much in both languages; where it is, is told by `at`."""
        self.position: int | None = None
        super().__init__(reason, english, place="")

    def at(self, position: int) -> FeelBudgetError:
        """The same error at an offset in the source (from 0), unless it already knows a more exact one."""
        if self.position is None:
            self.position = position
            self._english = f"At character {position + 1}: {self._english}"
            self.facts["place"] = f"第 {position + 1} 个字符处"
            self.args = (self.sentence,)
        return self
