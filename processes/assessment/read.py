"""Reads assessment.toml; what is wrong with it is one Chinese sentence, so that staff know which line to mend."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

from engine.feel import Expression, FeelError, compile_expression
from engine.model.files import Files
from processes.assessment.rules import FILE, Band, Counts, Measure, Period, Rules
from processes.toml_tables import RulesUnreadable, Table

_COUNTS = ("on_time", "again", "rating", "reopened")
_SHOWS = ("own", "ranks", "all")
_TOP = ("name", "points", "decimals", "processes", "ends", "unit", "kinds", "raters", "draft_shows", "score")
_TABLES = ("periods", "figures", "band")
_FIGURE = ("name", "counts", "points", "steps", "outcomes", "aspects", "most", "starts", "missing")
_BAND = ("name", "kinds", "starts", "per_days", "least", "most", "below", "within", "above")
MOST_DECIMALS = 4


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
    top = Table("", table)
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


def _period(table: Table) -> Period:
    table.only(("name", "at_least"))
    return Period(table.key, table.text("name"), table.whole("at_least", 1, 10_000))


def _measure(table: Table) -> Measure:
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


def _band(table: Table) -> Band:
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
