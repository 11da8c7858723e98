"""A table of a county's TOML file, read entry by entry: what is wrong is one Chinese sentence that names the line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.model.checking import nearest

_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


class RulesUnreadable(ValueError):
    """The file cannot be used; the text is the Chinese sentence that says why, without its full stop."""


@dataclass(frozen=True)
class Table:
    """One table of the file, by the name that stands in its brackets ("" for the top)."""

    name: str
    entries: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Its own name, without those above it."""
        return self.name.rpartition(".")[2]

    def only(self, known: Iterable[str]) -> None:
        """Raises RulesUnreadable for an entry that is none of these."""
        for key in self.entries:
            if key not in known:
                near = nearest(key, known)
                raise self._wrong(key, f"没有这一项，您是不是想写“{near}”？" if near else "没有这一项，请删去")

    def without(self, keys: Iterable[str]) -> None:
        """Raises RulesUnreadable for an entry of these."""
        for key in keys:
            if key in self.entries:
                raise self._wrong(key, "按这样计数（counts）用不到，请删去")

    def has(self, key: str) -> bool:
        """Whether the entry is there."""
        return key in self.entries

    def text(self, key: str) -> str:
        """A text that says something."""
        value = self.entries.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, "应写文字")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, one at least."""
        value = self.entries.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise self._wrong(key, '应写成一列文字，如 ["accept"]')
        return tuple(value)

    def one_of(self, key: str, words: tuple[str, ...]) -> str:
        """One of these words."""
        value = self.text(key)
        if value not in words:
            raise self._wrong(key, f"应为 {'、'.join(words)} 中的一个")
        return value

    def number(self, key: str, *, above: int | None = None) -> Decimal:
        """A number, not below 0, or above what is named."""
        value = self.entries.get(key)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise self._wrong(key, "应写数字")
        if value < 0 or (above is not None and value <= above):
            raise self._wrong(key, f"应大于 {above}" if above is not None else "不能小于 0")
        return Decimal(value)

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number between these."""
        value = self.entries.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._wrong(key, f"应为 {least} 至 {most} 的整数")
        return value

    def table(self, key: str) -> Table:
        """The table below this one."""
        value = self.entries.get(key)
        if not isinstance(value, Mapping) or not value:
            raise RulesUnreadable(f"缺少 [{key}]")
        return Table(f"{self.name}.{key}".lstrip("."), value)

    def tables(self, key: str) -> list[tuple[str, Table]]:
        """The tables below one, each under a key that FEEL can name."""
        above = self.table(key)
        for each in above.entries:
            if not _KEY.fullmatch(each):
                raise RulesUnreadable(f"[{key}.{each}] 的编号应为小写英文、数字和下划线")
        return [(each, above.table(each)) for each in above.entries]

    def _wrong(self, key: str, why: str) -> RulesUnreadable:
        return RulesUnreadable(f"{f'[{self.name}] ' if self.name else ''}{key} {why}")
