"""Reads assessment.toml; what is wrong with it is one Chinese sentence, so that staff know which line to mend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, cast

from engine.feel import Expression, FeelError, compile_expression
from engine.model.checking import nearest
from engine.model.files import Files
from processes.assessment.rules import FILE, Band, Counts, Measure, Period, Rules

_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
_COUNTS = ("on_time", "again", "rating", "reopened")
_SHOWS = ("own", "ranks", "all")
_TOP = ("name", "points", "decimals", "processes", "ends", "unit", "kinds", "raters", "draft_shows", "score")
_TABLES = ("periods", "figures", "band")
_FIGURE = ("name", "counts", "points", "steps", "outcomes", "aspects", "most", "starts", "missing")
_BAND = ("name", "kinds", "starts", "per_days", "least", "most", "below", "within", "above")
MOST_DECIMALS = 4


class RulesUnreadable(ValueError):
    """The file cannot be used; the text is the Chinese sentence that says why, without its full stop."""


def rules_in(files: Files) -> Rules | None:
    """The rules of a folder, None when it has no such file; raises RulesUnreadable."""
    raw = files.get(FILE)
    return None if raw is None else read_rules(raw)


@lru_cache(maxsize=32)
def read_rules(raw: bytes) -> Rules:
    """The rules that a file holds; raises RulesUnreadable."""
    try:
        table = tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesUnreadable(f"不是正确的 TOML（{error}）") from error
    top = _Table("", table)
    top.only((*_TOP, *_TABLES))
    measures = {key: _measure(each) for key, each in top.tables("figures")}
    return Rules(
        name=top.text("name"),
        points=top.number("points"),
        decimals=top.whole("decimals", 0, MOST_DECIMALS),
        processes=top.texts("processes"),
        ends=top.texts("ends"),
        unit=top.text("unit"),
        kinds=top.texts("kinds"),
        raters=top.texts("raters"),
        draft_shows=cast(Literal["own", "ranks", "all"], top.one_of("draft_shows", _SHOWS)),
        score=_formula(top.text("score")),
        periods={key: _period(each) for key, each in top.tables("periods")},
        measures=measures,
        band=_band(top.table("band")),
    )


def _formula(text: str) -> Expression:
    try:
        return compile_expression(text)
    except FeelError as error:
        raise RulesUnreadable(f"score 的算式不是正确的 FEEL（{error.sentence.rstrip('。')}）") from error


def _period(table: _Table) -> Period:
    table.only(("name", "at_least"))
    return Period(table.key, table.text("name"), table.whole("at_least", 1, 10_000))


def _measure(table: _Table) -> Measure:
    table.only(_FIGURE)
    counts = table.one_of("counts", _COUNTS)
    rating = counts == "rating"
    reopened = counts == "reopened"
    table.without(("steps", "outcomes") if rating else ("aspects", "most"))
    table.without(() if reopened else ("starts",))
    return Measure(
        key=table.key,
        name=table.text("name"),
        counts=cast(Counts, counts),
        points=table.number("points"),
        steps=() if rating else table.texts("steps"),
        outcomes=table.texts("outcomes") if table.has("outcomes") else (),
        aspects=table.texts("aspects") if rating else (),
        most=table.number("most", above=0) if rating else Decimal(1),
        starts=table.texts("starts") if reopened else (),
        missing=table.number("missing") if table.has("missing") else None,
    )


def _band(table: _Table) -> Band:
    table.only(_BAND)
    band = Band(
        name=table.text("name"),
        kinds=table.texts("kinds"),
        starts=table.texts("starts"),
        per_days=table.whole("per_days", 1, 366),
        least=table.number("least"),
        most=table.number("most"),
        **{word: table.text(word) for word in ("below", "within", "above")},
    )
    if band.least > band.most:
        raise RulesUnreadable("[band] 的 least 不能大于 most")
    return band


@dataclass(frozen=True)
class _Table:
    """One table of the file, by the name that stands in its brackets ("" for the top)."""

    name: str
    entries: Mapping[str, Any]

    @property
    def key(self) -> str:
        return self.name.rpartition(".")[2]

    def only(self, known: Iterable[str]) -> None:
        for key in self.entries:
            if key not in known:
                near = nearest(key, known)
                raise self._wrong(key, f"没有这一项，您是不是想写“{near}”？" if near else "没有这一项，请删去")

    def without(self, keys: Iterable[str]) -> None:
        for key in keys:
            if key in self.entries:
                raise self._wrong(key, "按这样计数（counts）用不到，请删去")

    def has(self, key: str) -> bool:
        return key in self.entries

    def text(self, key: str) -> str:
        value = self.entries.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, "应写文字")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.entries.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise self._wrong(key, '应写成一列文字，如 ["accept"]')
        return tuple(value)

    def one_of(self, key: str, words: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in words:
            raise self._wrong(key, f"应为 {'、'.join(words)} 中的一个")
        return value

    def number(self, key: str, *, above: int | None = None) -> Decimal:
        value = self.entries.get(key)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise self._wrong(key, "应写数字")
        if value < 0 or (above is not None and value <= above):
            raise self._wrong(key, f"应大于 {above}" if above is not None else "不能小于 0")
        return Decimal(value)

    def whole(self, key: str, least: int, most: int) -> int:
        value = self.entries.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._wrong(key, f"应为 {least} 至 {most} 的整数")
        return value

    def table(self, key: str) -> _Table:
        value = self.entries.get(key)
        if not isinstance(value, Mapping) or not value:
            raise RulesUnreadable(f"缺少 [{key}]")
        return _Table(f"{self.name}.{key}".lstrip("."), value)

    def tables(self, key: str) -> list[tuple[str, _Table]]:
        """The tables below one, each under a key that FEEL can name."""
        above = self.table(key)
        for each in above.entries:
            if not _KEY.fullmatch(each):
                raise RulesUnreadable(f"[{key}.{each}] 的编号应为小写英文、数字和下划线")
        return [(each, above.table(each)) for each in above.entries]

    def _wrong(self, key: str, why: str) -> RulesUnreadable:
        return RulesUnreadable(f"{f'[{self.name}] ' if self.name else ''}{key} {why}")
