"""Fills in a county's forms at random, as people might: mostly right, so that a few tries give a valid form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random

from engine.values import plain
from processes.forms import Field, Form, World

_TEXTS = (
    "13800000001",
    "同意，请按期办结并及时回复群众。",
    "情况属实。材料里写明了地点、时间和诉求，" * 3 + "请尽快办理。",
)


def a_filled_form(form: Form, outcome: str, world: World, now: datetime, rng: Random) -> dict[str, object]:
    """Answers for the fields of this outcome; some of what may be left empty is."""
    answers: dict[str, object] = {}
    for key, field in form.inputs.items():
        asked = not field.outcomes or outcome in field.outcomes
        hidden = field.hide is not None and field.hide.holds(answers.get(field.hide.key))
        if asked and not hidden and (field.required or rng.random() < 0.7):
            answers[key] = _answer(field, world, now, rng)
    return answers


def _answer(field: Field, world: World, now: datetime, rng: Random) -> object:
    match field.kind:
        case "textfield" | "textarea":
            return rng.choice(_fitting_texts(field))
        case "number":
            least, most = int(field.limits.smallest or 0), int(field.limits.largest or 100)
            return rng.randint((least + 2 * most) // 3, most) if rng.random() < 0.8 else rng.randint(least, most)
        case "checkbox":
            return rng.random() < 0.7
        case "date":
            return rng.choice(_days(world.values, now))
        case "datetime":
            return (now + timedelta(hours=rng.randint(-50, 50))).replace(microsecond=0)
        case "filepicker":
            fitting = [
                paper for paper in world.papers.values() if not field.accept or paper.name.endswith(field.accept)
            ]
            return [paper.plain for paper in fitting[:1]]
        case "dynamiclist":
            return _rows(field, world, now, rng)
    options = [option.value for option in world.lists.options(field)]
    known = [option for option in options if option in _words(world.values)] if rng.random() < 0.3 else []
    options = known or (options[:4] if rng.random() < 0.3 else options)  # or what stands first
    return rng.sample(options, rng.randint(1, len(options))) if field.kind == "checklist" else rng.choice(options)


def _fitting_texts(field: Field) -> list[str]:
    limits = field.limits
    texts = [text[: limits.longest] for text in _TEXTS if not limits.pattern or re.search(limits.pattern, text)]
    assert texts, f"no text here fits {limits.pattern}"
    return [text for text in texts if len(text) >= limits.shortest]


def _days(values: Mapping[str, object], now: datetime) -> list[date]:
    known = [value for value in values.values() if type(value) is date]
    return [*known, *(now.date() + timedelta(days=days) for days in (0, 1, 7, 30))]


def _words(value: object) -> set[object]:
    """Every text in the case's values: people often choose what is concerned already."""
    if isinstance(value, Mapping):
        return set().union(*map(_words, value.values()))
    return set().union(*map(_words, value)) if isinstance(value, list) else {value} if isinstance(value, str) else set()


def _rows(field: Field, world: World, now: datetime, rng: Random) -> list[dict[str, object]]:
    if field.each is not None:
        given = plain(field.each.evaluate(world.values))
        assert isinstance(given, list)
    else:
        given = [{} for _ in range(rng.randint(int(field.required), 3))]
    return [{**row, **_row(field, world, now, rng)} for row in given]


def _row(field: Field, world: World, now: datetime, rng: Random) -> dict[str, object]:
    asked = (column for column in field.fields if column.required or rng.random() < 0.7)
    return {column.key: _answer(column, world, now, rng) for column in asked}
