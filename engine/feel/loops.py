"""What `for`, `some`, `every` and filters do with lists and ranges, one paid step at a time (clause 10.3.2.14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.budget import spend
from engine.feel.decimals import CONTEXT, is_whole
from engine.feel.functions.aggregates import all_true, any_true
from engine.feel.instants import Date
from engine.feel.signatures import Unfit
from engine.feel.values import Range, Run, Scope, Value


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop variable, where its values come from, and the other end when they are counted."""

    name: str
    source: Run
    end: Run | None = None

    def items(self, scope: Scope) -> Iterable[Value]:
        """The values, one after the other. Raises Unfit when there is nothing to go through."""
        first = self.source(scope)
        if self.end is not None:
            return _counted(first, self.end(scope))
        if isinstance(first, Range):
            return _counted_within(first)
        if first is None:
            raise Unfit
        return first if isinstance(first, list) else [first]


def _counted_within(span: Range) -> Iterable[Value]:
    inner = {span.start: span.start_included, span.end: span.end_included}
    return (value for value in _counted(span.start, span.end) if inner.get(value, True))


def _counted(first: Value, last: Value) -> Iterator[Value]:
    if _is_countable(first) and _is_countable(last):
        return map(Decimal, _steps(int(first), int(last)))
    if type(first) is Date and type(last) is Date:
        return map(Date, _steps(first.days, last.days))
    raise Unfit


def _is_countable(value: Value) -> bool:
    return type(value) is Decimal and is_whole(value) and value.adjusted() < CONTEXT.prec


def _steps(first: int, last: int) -> range:
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def scopes(loops: Sequence[Loop], scope: Scope) -> Iterator[Scope]:
    """A scope for every combination of the loop variables; a later loop sees the variables of those before."""
    if not loops:
        yield scope
        return
    for item in loops[0].items(scope):
        spend(1 + (len(scope) >> 3))
        yield from scopes(loops[1:], {**scope, loops[0].name: item})


def collected(loops: Sequence[Loop], result: Run, scope: Scope, *, partial: bool) -> list[Value] | None:
    """The results of `for`. With `partial`, each iteration sees a copy of the results before it."""
    results: list[Value] = []
    try:
        for inner in scopes(loops, scope):
            if partial:
                spend(len(results) >> 3)
                inner = {**inner, "partial": results.copy()}
            results.append(result(inner))
    except Unfit:
        return None
    return results


def quantified(loops: Sequence[Loop], condition: Run, scope: Scope, *, every: bool) -> bool | None:
    """The answer of `some` or `every`; the first that decides ends the search."""
    answers: list[Value] = []
    try:
        for inner in scopes(loops, scope):
            answer = condition(inner)
            if isinstance(answer, bool) and answer != every:
                return not every
            answers.append(answer)
    except Unfit:
        return None
    return all_true(answers) if every else any_true(answers)


def filtered(source: Value, condition: Run, scope: Scope) -> Value:
    """The items for which the condition holds, or the one item at a position when it is a number."""
    items = source if isinstance(source, list) else [] if source is None else [source]
    if not items:
        return None if type(condition(scope)) is Decimal else []
    kept = []
    for place, item in enumerate(items):
        answer = condition(_item_scope(scope, item))
        if place == 0 and type(answer) is Decimal:
            return _item_at(items, answer)
        if answer is True:
            kept.append(item)
    return kept


def _item_scope(scope: Scope, item: Value) -> Scope:
    if not isinstance(item, dict):
        spend(1 + (len(scope) >> 3))
        return {**scope, "item": item}
    spend(1 + (len(scope) + len(item) >> 3))
    return {**scope, "item": item, **item}


def _item_at(items: list[Value], position: Decimal) -> Value:
    if not is_whole(position) or not 0 < abs(position) <= len(items):
        return None
    return items[int(position) - 1] if position > 0 else items[int(position)]
