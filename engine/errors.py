"""Refusals: one small family of errors that say what is wrong, in two languages, and what to do next."""

from __future__ import annotations


class Rejected(Exception):
    """The request was refused; nothing was written.

    Subclasses set `code` (stable, for programs), `message` (Chinese, for people) and `advice` (Chinese, what to do
    next). The docstring's first line is the English sentence. `message` may hold {placeholders} filled from `facts`.
    """

    code = "rejected"
    message = "操作未能完成，没有保存任何内容。"
    advice = "请返回上一页核对后重试；仍有问题请联系管理员。"

    def __init__(self, **facts: object) -> None:
        """Keep the facts (names, times, people) that the sentence needs."""
        self.facts = facts
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The Chinese sentence with its facts filled in."""
        return self.message.format(**self.facts) if self.facts else self.message

    @property
    def english(self) -> str:
        """The English sentence: the first line of the class docstring."""
        return (type(self).__doc__ or "").strip().splitlines()[0]
