"""Looking for inputs that no rule of a table covers."""

from __future__ import annotations

from collections.abc import Sequence

from engine.dmn.columns import Column
from engine.dmn.pieces import ANYTHING, Piece

MOST_STATES = 200_000
_MOST_GAPS = 5


class GapSearch:
    """Walks column by column with the set of rules still matching (as bits); an empty set is a gap.

    Pieces that let the same rules through are one, and a set of rules is followed only once from each column, so
    even large tables are quick.
    """

    def __init__(self, columns: Sequence[Column], rules: int) -> None:
        self._columns = columns
        self._kinds = [_kinds(column) for column in columns]
        self._rules = rules
        self._seen: set[tuple[int, int]] = set()
        self.states = 0

    def samples(self) -> list[dict[str, Piece]]:
        """Up to a handful of gaps, each told by the pieces that lead into it."""
        found: list[dict[str, Piece]] = []
        self._descend(0, (1 << self._rules) - 1, {}, found)
        return found

    def _descend(self, place: int, rules: int, sample: dict[str, Piece], found: list[dict[str, Piece]]) -> None:
        self.states += 1
        if (place, rules) in self._seen or len(found) >= _MOST_GAPS or self.states > MOST_STATES:
            return
        self._seen.add((place, rules))
        if not rules:
            found.append(sample | {column.label: ANYTHING for column in self._columns[place:]})
        elif place < len(self._columns):
            column = self._columns[place]
            for bits, piece in self._kinds[place].items():
                self._descend(place + 1, rules & bits, sample | {column.label: column.pieces[piece]}, found)


def _kinds(column: Column) -> dict[int, int]:
    """The rules (as bits) that pieces of the column let through, with the first piece of each kind."""
    kinds: dict[int, int] = {}
    for piece in sorted(column.domain):
        bits = sum(1 << rule for rule, covered in enumerate(column.covers) if piece in covered)
        kinds.setdefault(bits, piece)
    return kinds
