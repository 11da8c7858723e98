"""The names an expression may hold that are more than one token long: `申请 日期`, `string length`, `a-b`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.feel.errors import FeelError
from engine.feel.lexer import END, NAME, Token, tokenize

_Word = tuple[str, bool]


class Vocabulary:
    """Known names, found by the longest match (DMN 1.5, clause 10.3.1.4)."""

    def __init__(self, names: Iterable[str] = (), beyond: Vocabulary | None = None) -> None:
        self._names: dict[str, list[tuple[tuple[_Word, ...], str]]] = {}
        self._beyond = beyond
        for name in names:
            self.declare(name)

    def declare(self, name: str) -> None:
        """Make a name known. A name that is one token long, or cannot be written in FEEL at all, needs no entry."""
        words = _words(name)
        if len(words) < 2:
            return
        known = self._names.setdefault(words[0][0], [])
        if (words, name) not in known:
            known.append((words, name))
            known.sort(key=lambda entry: -len(entry[0]))

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """The longest known name that starts at a token, and its number of tokens: ("", 0) if there is none."""
        found = ("", 0)
        for words, name in self._names.get(tokens[at].text, ()):
            if _stands_at(words, tokens, at):
                found = (name, len(words))
                break
        return max(found, self._beyond.longest(tokens, at), key=lambda match: match[1]) if self._beyond else found


def _words(name: str) -> tuple[_Word, ...]:
    try:
        tokens = tokenize(name)
    except FeelError:
        return ()
    if tokens[0].kind != NAME:
        return ()
    return tuple((token.text, token.spaced) for token in tokens if token.kind != END)


def _stands_at(words: tuple[_Word, ...], tokens: Sequence[Token], at: int) -> bool:
    if at + len(words) > len(tokens):
        return False
    first = tokens[at]
    rest = zip(words[1:], tokens[at + 1 :], strict=False)
    return first.kind == NAME and all(text == token.text and spaced == token.spaced for (text, spaced), token in rest)
