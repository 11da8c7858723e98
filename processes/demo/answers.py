"""Fills in a county's forms as people might: as is wished, else as the folder's stories do, else at random.

Mostly right: a few tries give a valid form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from engine.values import plain
from processes.demo.wishes import NO_HINTS, NOTHING, WORDS, Hints, come_to
from processes.forms import Field, Form, World, as_formdata, clean
from processes.forms.clean import Cleaned
from processes.forms.refusals import Invalid

_PHONE = "13800000001"
_TRIES = 40
_BY_WISH = 3
"""How often one tries as is wished before what was refused is filled in otherwise."""
_SELDOM = 0.5


def a_valid_form(
    form: Form, outcome: str, world: World, now: datetime, rng: Random, hints: Hints = NO_HINTS
) -> Cleaned | None:
    """A form filled in and checked as it will be when it is sent; None when that cannot be done with this outcome."""
    spoilt: set[str] = set()
    for tries in range(_TRIES):
        answers = a_filled_form(form, outcome, world, now, rng, hints, spoilt)
        try:
            return clean(form, as_formdata(form, answers), world=world, outcome=outcome)
        except Invalid as invalid:
            if tries >= _BY_WISH:
                spoilt |= {error.path.partition("-")[0] for error in invalid.errors}
    return None


def a_filled_form(
    form: Form,
    outcome: str,
    world: World,
    now: datetime,
    rng: Random,
    hints: Hints = NO_HINTS,
    spoilt: Collection[str] = (),
) -> dict[str, object]:
    """Answers for the fields of this outcome; some of what may be left empty is. For `spoilt` fields no hint counts."""
    answers: dict[str, object] = {}
    for key, field in form.inputs.items():
        asked = not field.outcomes or outcome in field.outcomes
        hidden = field.hide is not None and field.hide.holds(answers.get(field.hide.key))
        if asked and not hidden:
            filler = _Filler(world, now, rng, NO_HINTS if key in spoilt else hints, hints)
            answer = filler.answer(field, key, (NO_HINTS if key in spoilt else hints).wishes.get(key, NOTHING))
            if answer is not NOTHING:
                answers[key] = answer
    return answers


@dataclass(frozen=True)
class _Filler:
    """Somebody at a form: `hints` counts for choices and dates; `words` are where texts are taken from in any case."""

    world: World
    now: datetime
    rng: Random
    hints: Hints
    words: Hints

    def answer(self, field: Field, path: str, wish: Any, unit: str = "") -> object:
        """An answer to one field; NOTHING to leave it empty. `unit` is whom its row is about."""
        if field.kind == "dynamiclist":
            return self._rows(field, path, wish)
        if field.kind in ("checklist", "filepicker"):
            return self._several(field, wish)
        wished = come_to(wish, self.hints, self.now, self.rng, unit)
        if wished is NOTHING:
            skip = not field.required and (wish is not NOTHING or self.rng.random() < _SELDOM)
            return NOTHING if skip else self._usual(field, path)
        return self._fitting(field, path, wished)

    def _fitting(self, field: Field, path: str, wished: Any) -> object:
        """What was wished in the shape that the field takes."""
        match field.kind:
            case "textfield" | "textarea":
                return str(wished)[: field.limits.longest]
            case "checkbox":
                return wished is True or wished in ("yes", "true")
            case "date":
                return date.fromisoformat(wished) if isinstance(wished, str) and wished else wished
            case "select" | "radio":
                found = (each.value for each in self.world.lists.options(field) if str(each.value) == str(wished))
                return next(found, None) or self._usual(field, path)
        return wished  # a number or a moment

    def _usual(self, field: Field, path: str) -> object:
        """What people answer whom nobody told what: as in the stories, else anything."""
        match field.kind:
            case "textfield" | "textarea":
                return self.rng.choice(self._texts(field, path))
            case "number":
                least, most = int(field.limits.smallest or 0), int(field.limits.largest or 100)
                return self.rng.randint((least + 2 * most) // 3, most)
            case "checkbox":
                return self.rng.random() < 0.7
            case "date":
                return self.rng.choice(_days(self.world.values, self.now))
            case "datetime":
                return (self.now + timedelta(hours=self.rng.randint(-50, 50))).replace(microsecond=0)
        return self._choice(field, path)

    def _texts(self, field: Field, path: str) -> list[str]:
        limits = field.limits
        told = [str(each)[: limits.longest] for each in self.words.told(path) if isinstance(each, str)]
        told = [text for text in (*told, field.label, _PHONE) if not limits.pattern or re.search(limits.pattern, text)]
        told = [text for text in told if not (field.impersonal and self.world.personal(text))]
        longest = f"{field.label}。" * (limits.shortest // (len(field.label) + 1) + 1)
        fitting = [text for text in told if limits.shortest <= len(text) <= limits.longest]
        return [text for text in fitting if text not in (field.label, _PHONE)] or fitting[-1:] or [longest]

    def _choice(self, field: Field, path: str) -> object:
        options = [option.value for option in self.world.lists.options(field)]
        told = [each for each in self.hints.told(path) if each in options] if not field.source else []
        known = [each for each in options if each in _words(self.world.values)] if self.rng.random() < 0.3 else []
        pool = told or known or options
        return self.rng.choice(pool) if pool else NOTHING

    def _several(self, field: Field, wish: Any) -> object:
        """Files by their names, or the boxes to tick."""
        if isinstance(wish, dict) and "maybe" in wish:
            wish = wish["then"] if self.rng.randrange(100) < wish["maybe"] else []
        if field.kind == "filepicker":
            return self._papers(field, wish)
        options = [option.value for option in self.world.lists.options(field)]
        match wish:
            case {"all": True}:
                return options
            case {"some": [int(least), int(most)]}:
                return self._picked(options, self.rng.randint(least, most))
            case list():
                wished = [come_to(each, self.hints, self.now, self.rng) for each in wish]
                return [each for each in options if each in wished]
        if not field.required and self.rng.random() < _SELDOM:
            return NOTHING
        return self._picked(options, self.rng.randint(1, len(options))) if options else NOTHING

    def _picked(self, options: list[Any], most: int) -> list[Any]:
        chosen = self.rng.sample(range(len(options)), min(most, len(options)))
        return [options[place] for place in sorted(chosen)]

    def _papers(self, field: Field, wish: Any) -> object:
        if isinstance(wish, list):
            found = [self.world.papers.get(str(each)) for each in wish]
            return [paper.plain for paper in found if paper is not None]
        if not field.required and self.rng.random() < _SELDOM:
            return NOTHING
        papers = self.world.papers.values()
        fitting = [paper for paper in papers if not field.accept or paper.name.lower().endswith(field.accept)]
        return [self.rng.choice(fitting).plain] if fitting else []

    def _rows(self, field: Field, path: str, wish: Any) -> object:
        columns = wish if isinstance(wish, dict) and not WORDS & wish.keys() else {}
        if wish == []:
            return NOTHING
        return [self._row(field, path, row, columns) for row in self._begun(field, columns)]

    def _begun(self, field: Field, columns: Mapping[str, Any]) -> Iterator[Mapping[str, object]]:
        """The rows as they are given, or so many as are wished, each with what is known of it beforehand."""
        if field.each is not None:
            given = plain(field.each.evaluate(self.world.values))
            yield from given if isinstance(given, list) else []
            return
        column = field.find(str(columns.get("options", "")))
        if column is not None:
            options = self.world.lists.options(column)[: int(columns.get("most", 60))]
            yield from ({column.key: option.value} for option in options)
        elif "each" in columns:
            yield from ({"": each} for each in self.hints.facts.get(str(columns["each"]), ()))
        else:
            least, most = columns.get("rows", (int(field.required), 3))
            yield from ({} for _ in range(self.rng.randint(least, most)))

    def _row(self, field: Field, path: str, row: Mapping[str, object], columns: Mapping[str, Any]) -> dict[str, object]:
        given = {str(key): value for key, value in row.items() if key}
        facts = {**self.hints.facts, **given, **({"each": row[""]} if "" in row else {})}
        filler = replace(self, hints=replace(self.hints, facts=facts))
        for column in field.fields:
            if column.key not in given:
                wish = columns.get(column.key, NOTHING)
                answer = filler.answer(column, f"{path}.{column.key}", wish, str(given.get("unit", "")))
                if answer is not NOTHING:
                    given[column.key] = answer
        return given


def _days(values: Mapping[str, object], now: datetime) -> list[date]:
    known = [value for value in values.values() if type(value) is date]
    return [*known, *(now.date() + timedelta(days=days) for days in (0, 1, 7, 30))]


def _words(value: object) -> set[object]:
    """Every text in the case's values: people often choose what is concerned already."""
    if isinstance(value, Mapping):
        return set().union(*map(_words, value.values()))
    return set().union(*map(_words, value)) if isinstance(value, list) else {value} if isinstance(value, str) else set()
