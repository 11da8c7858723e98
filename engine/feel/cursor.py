"""A place in the tokens: looking, taking, expecting, reading names, and counting how deep the nesting goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.feel.budget import NESTING
from engine.feel.errors import FeelBudgetError, FeelSyntaxError
from engine.feel.lexer import END, NAME, SYMBOL, TEXT, Token, tokenize
from engine.feel.text import printable
from engine.feel.vocabulary import Vocabulary

RESERVED = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
        "not",
    ]
)


_MOST_SHOWN = 40


class Cursor:
    """Walks over the tokens of a source. `brackets_filter` is off where `[` can only close a range."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.brackets_filter = True
        self._tokens = tokenize(text)
        self._at = 0
        self._depth = 0
        self.token = self._tokens[0]

    @contextmanager
    def nested(self, *, brackets_filter: bool = True) -> Iterator[None]:
        """Count one level of nesting. Raises FeelBudgetError beyond the limit."""
        if self._depth >= NESTING:
            raise FeelBudgetError("表达式嵌套过深", "The expression is nested too deeply").at(self.token.start)
        before, self.brackets_filter = self.brackets_filter, brackets_filter
        self._depth += 1
        yield
        self._depth -= 1
        self.brackets_filter = before

    def peek(self, ahead: int) -> Token:
        """The token so many places ahead, or the end."""
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    def advance(self, count: int = 1) -> Token:
        """Step over tokens and give the first of them."""
        token = self.token
        self._at = min(self._at + count, len(self._tokens) - 1)
        self.token = self._tokens[self._at]
        return token

    def at_symbol(self, symbol: str) -> bool:
        """Whether this symbol comes next."""
        return self.token.kind == SYMBOL and self.token.text == symbol

    def take(self, symbol: str) -> bool:
        """Step over this symbol if it comes next."""
        found = self.at_symbol(symbol)
        if found:
            self.advance()
        return found

    def take_word(self, word: str) -> bool:
        """Step over this keyword if it comes next."""
        found = self.token.kind == NAME and self.token.text == word
        if found:
            self.advance()
        return found

    def expect(self, symbol: str) -> None:
        """Step over this symbol. Raises FeelSyntaxError when something else comes next."""
        if not self.take(symbol):
            raise self.error(f"此处应为 {symbol}", f"{symbol} is expected")

    def expect_word(self, word: str) -> None:
        """Step over this keyword. Raises FeelSyntaxError when something else comes next."""
        if not self.take_word(word):
            raise self.error(f"此处应为 {word}", f"{word} is expected")

    def expect_end(self) -> None:
        """Raise FeelSyntaxError when anything is left."""
        if self.token.kind != END:
            raise self.error("此处表达式应已结束", "the end is expected")

    def error(self, reason: str, english: str) -> FeelSyntaxError:
        """The error at the next token, which it names."""
        found = printable(self.token.text[:_MOST_SHOWN])
        if found:
            reason, english = f"{reason}，却是 {found}", f"{english}, not {found}"
        if self.token.kind == SYMBOL and not found.isascii():
            reason, english = f"{reason}（全角符号请改为半角）", f"{english} (use the ASCII sign)"
        return FeelSyntaxError(self.text, self.token.start, reason, english)

    def known_name(self) -> tuple[str, int]:
        """The longest known name of several tokens that comes next, and how many it has; ("", 0) if none does."""
        return self.vocabulary.longest(self._tokens, self._at)

    def name(self) -> str:
        """Read a name that is already known, or is one token long and no keyword."""
        name, length = self.known_name()
        if length:
            self.advance(length)
            return name
        if self.token.kind != NAME or self.token.text in RESERVED:
            raise self.error("此处应为名称", "a name is expected")
        return self.advance().text

    def declared_name(self, *, symbols: tuple[str, ...] = (), words: tuple[str, ...] = ()) -> str:
        """Read a new name, which ends before one of these symbols or words, and make it known."""
        first = last = self.token
        if first.kind != NAME or self._ends_name(symbols, words):
            raise self.error("此处应为名称", "a name is expected")
        while not self._ends_name(symbols, words):
            last = self.advance()
        name = " ".join(self.text[first.start : last.end].split())
        self.vocabulary.declare(name)
        return name

    def _ends_name(self, symbols: tuple[str, ...], words: tuple[str, ...]) -> bool:
        token = self.token
        if token.kind == SYMBOL:
            return token.text in symbols or token.text in '(){}[],:"@' or token.text in ("..", "->")
        return token.kind in (END, TEXT) or (token.kind == NAME and token.text in words)

    def at_argument_name(self) -> bool:
        """Whether a name and a colon come next."""
        if self.token.kind != NAME:
            return False
        ahead = 1
        while not _breaks_name(self.peek(ahead)):
            ahead += 1
        return self.peek(ahead).text == ":" and self.peek(ahead).kind == SYMBOL

    def is_wholly_negated(self) -> bool:
        """Whether all that is left reads `not(…)`, its parenthesis closing at the very end."""
        if self.token.text != "not" or self.token.kind != NAME or self.peek(1).text != "(":
            return False
        depth = 0
        for token in self._tokens[self._at + 1 : -1]:
            if token.kind == SYMBOL and token.text in "()":
                depth += 1 if token.text == "(" else -1
                if depth == 0:
                    return token is self._tokens[-2]
        return False


def _breaks_name(token: Token) -> bool:
    return token.kind in (END, TEXT) or (token.kind == SYMBOL and token.text in "(){}[],:")
