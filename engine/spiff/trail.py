"""The flows a case took, for the drawing; and short numbers for the names that its bytes would otherwise repeat."""

from __future__ import annotations

from collections.abc import Iterable

from engine.values import to_bytes


class Trail:
    """Names and flows are only ever added, so that numbers stay what they are."""

    def __init__(self, names: Iterable[str] = (), flows: Iterable[list[int]] = ()) -> None:
        """What was written, as `to_bytes` had it."""
        self._numbers = {name: number for number, name in enumerate(names)}
        self._flows = {(source, target): None for source, target in flows}
        self._written, self._size = b"", (-1, -1)

    def number(self, name: str) -> int:
        """The number of a name, a new one if need be."""
        return self._numbers.setdefault(name, len(self._numbers))

    def take(self, source: str, target: str) -> None:
        """Remember a flow."""
        self._flows[self.number(source), self.number(target)] = None

    def names(self) -> list[str]:
        """Every name, at the place of its number."""
        return list(self._numbers)

    def flows(self) -> frozenset[tuple[str, str]]:
        """(source, target) of every flow taken."""
        names = self.names()
        return frozenset((names[source], names[target]) for source, target in self._flows)

    def to_bytes(self) -> bytes:
        """[names, flows]"""
        size = (len(self._numbers), len(self._flows))
        if size != self._size:
            self._written, self._size = to_bytes([self.names(), list(self._flows)]), size
        return self._written
