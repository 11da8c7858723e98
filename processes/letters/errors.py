"""What is wrong with a letter, as sentences."""

from __future__ import annotations

from engine.errors import Rejected


class LetterRefused(Rejected):
    """A letter template cannot be used."""

    code = "letter_refused"
    message = "信函模板不能用：{why}"
    advice = "请用 WPS 或 Word 打开模板改正，另存为 .docx。"

    def __init__(self, why: str) -> None:
        """`why` is a Chinese sentence."""
        self.why = why
        super().__init__(why=why)


class NoFont(Rejected):
    """The machine has no Chinese font to set a letter in."""

    code = "no_font"
    message = "这台机器没有可用的中文字体，信函排不成 PDF。"
    advice = "请管理员安装字体包 pylopdf-fonts-zh-cn，或者安装系统中文字体。"
