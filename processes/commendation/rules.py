"""How a county draws up candidates (commendation.toml): from which assessments, who is barred, how persons score."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from engine.feel import Expression, FeelError, compile_expression
from engine.model.checking import nearest
from engine.model.files import Files
from processes.assessment.read import rules_in
from processes.pack import Pack
from processes.toml_tables import RulesUnreadable, Table

FILE = "commendation.toml"
NAMES = frozenset({"on_time", "rated", "cases"})
"""What the formula of a person's score may name."""
DRAWS = "draw_candidates"
_TOP = ("periods", "barred_rungs", "persons")
_PERSONS = ("steps", "at_least", "most", "decimals", "score")


@dataclass(frozen=True)
class Commending:
    """A county's rules of commendation.

    Units stand by the score of a published assessment of one of `periods`. Units that an order of supervision brought
    to one of `barred_rungs` meanwhile are barred, and their people. Persons of at least `at_least` cases stand by
    `score`: a FEEL text over `on_time` (the share of their `steps` done in time), `rated` (what their units got in
    those cases, as a share of `most`; null where nothing was rated) and `cases`.
    """

    periods: tuple[str, ...]
    barred_rungs: tuple[str, ...]
    steps: tuple[str, ...]
    at_least: int
    most: Decimal
    decimals: int
    score: Expression


def commending_in(files: Files) -> Commending | None:
    """The rules of a folder, None when it has none; raises RulesUnreadable."""
    raw = files.get(FILE)
    return None if raw is None else read_commending(raw)


@lru_cache(maxsize=32)
def read_commending(raw: bytes) -> Commending:
    """The rules that a file holds; raises RulesUnreadable."""
    try:
        entries = tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesUnreadable(f"不是正确的 TOML（{error}）") from error
    top = Table("", entries)
    top.only(_TOP)
    persons = top.table("persons")
    persons.only(_PERSONS)
    return Commending(
        periods=top.texts("periods"),
        barred_rungs=top.texts("barred_rungs") if top.has("barred_rungs") else (),
        steps=persons.texts("steps"),
        at_least=persons.whole("at_least", 1, 10_000),
        most=persons.number("most", above=0),
        decimals=persons.whole("decimals", 0, 4),
        score=_formula(persons.text("score")),
    )


def loose_commending(pack: Pack) -> Iterator[str]:
    """What is wrong with the file, as sentences without their full stop; nothing where the county has none."""
    try:
        rules, assessing = commending_in(pack.files), rules_in(pack.files)
    except RulesUnreadable as error:
        yield str(error)
        return
    elements = [each for process in pack.definition.processes for each in process.elements]
    if rules is None:
        for each in elements:
            if each.attributes.get("topic") == DRAWS:
                yield f"“{each.name}”要用它拟出人选，文件夹里却没有这个文件"
        return
    periods = tuple(assessing.periods) if assessing else ()
    steps = {each.id for each in elements if each.is_for_people}
    yield from _unknown("periods", "考核周期", rules.periods, periods)
    yield from _unknown("barred_rungs", "督办的级", rules.barred_rungs, tuple(pack.words.get("rungs", {})))
    yield from _unknown("[persons] steps", "步骤", rules.steps, tuple(sorted(steps)))


def _formula(text: str) -> Expression:
    try:
        score = compile_expression(text)
    except FeelError as error:
        raise RulesUnreadable(f"[persons] score 的算式不是正确的 FEEL（{error.sentence.rstrip('。')}）") from error
    for name in sorted((score.names - NAMES) | score.functions):
        raise RulesUnreadable(f"[persons] score 的算式里只能用 {'、'.join(sorted(NAMES))}，没有“{name}”")
    return score


def _unknown(where: str, kind: str, names: tuple[str, ...], known: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if name not in known:
            near = nearest(name, known)
            yield f"{where} 用到了没有的{kind}“{name}”" + (f"，您是不是想写“{near}”" if near else "")
