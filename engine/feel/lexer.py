"""Source text to tokens. Names with inner blanks are put together later, by whoever knows which names exist."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.feel.budget import SOURCE_LENGTH
from engine.feel.errors import FeelBudgetError, FeelSyntaxError

NAME, NUMBER, TEXT, SYMBOL, END = "name", "number", "text", "symbol", "end"

# DMN 1.5 grammar rules 28-30 without full-width punctuation: typed by accident in place of , ( ) it must not pass as
# part of a name, and a declared name that holds it (金额（元）) is still matched token by token.
_WIDE = "\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_START = (
    "?A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3004-\u3007\u3012-\u3013\u3020-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff10-\uff19\uff21-\uff3a"
    "\uff41-\uff5a\uff66-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_BLANK = r"\s\u0085\u180e\u200b\ufeff"
_TOKEN = re.compile(
    rf"""(?P<blank>(?:[{_BLANK}]|//[^\n]*|/\*.*?\*/)+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>(?![{_BLANK}])[{_START}](?:(?![{_BLANK}])[{_PART}])*)
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<symbol>\*\*|\.\.|<=|>=|!=|->|[-+*/<>=(){{}}\[\],.:@'%\u2018-\u201d{_WIDE}])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source from `start` to `end`; `spaced` when a blank stands before it."""

    kind: str
    text: str
    start: int
    end: int
    spaced: bool


def tokenize(text: str) -> list[Token]:
    """Split a source into tokens, the last of kind END.

    Raises FeelBudgetError when it is too long and FeelSyntaxError at a character that belongs to no token.
    """
    if len(text) > SOURCE_LENGTH:
        raise FeelBudgetError("表达式过长", f"The expression is longer than {SOURCE_LENGTH} characters").at(
            SOURCE_LENGTH
        )
    tokens: list[Token] = []
    at, spaced = 0, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        if match.lastgroup != "blank":
            tokens.append(Token(str(match.lastgroup), match[0], at, match.end(), spaced))
        spaced = match.lastgroup == "blank"
        at = match.end()
    tokens.append(Token(END, "", len(text), len(text), spaced))
    return tokens


def _unreadable(text: str, at: int) -> FeelSyntaxError:
    if text[at] == '"':
        return FeelSyntaxError(text, at, "文本缺少右引号", "a text is not closed")
    return FeelSyntaxError(text, at, f"不认识的字符 {text[at]!r}", f"unknown character {text[at]!r}")


def unquote(text: str) -> str:
    """The value of a quoted text, its escapes replaced (grammar rule 35)."""
    plain = _ESCAPE.sub(_unescape, text[1:-1])
    # Characters beyond the basic plane may be written as two escapes, which only UTF-16 joins.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescape(match: re.Match[str]) -> str:
    escape = match[1]
    if len(escape) == 1:
        return _ESCAPED.get(escape, match[0])
    code = int(escape[1:], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"
