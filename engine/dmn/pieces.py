"""A column cut into pieces: single values, the stretches between them, and what nobody named, each with an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.decimals import CONTEXT, ONE
from engine.feel.instants import DAY, SECOND, Date, DateTime, DaysTime, Time, YearsMonths, at_instant
from engine.feel.text import shown
from engine.feel.values import Value, seconds


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece in words that follow the column's label, and a value that lies in it ("" when any will do)."""

    zh: str
    en: str
    example: str


ANYTHING = Piece("", "", "")
OTHER = Piece("取其他值", "is anything else", "其他")


@dataclass(frozen=True, slots=True)
class Cuts:
    """The pieces, where a value lies among them, and the last that ranges reach (null lies beyond it)."""

    pieces: tuple[Piece, ...]
    place: Callable[[Value], int]
    last: int


@dataclass(frozen=True, slots=True)
class Scale:
    """How values of a kind lie in order: the number of each, the value of a number, and how far away an example is.

    A number may have no value, and then nothing lies there. `whole` when nothing lies between a number and the next.
    """

    number: Callable[[Value], Decimal | int]
    value: Callable[[Decimal | int, Value], Value]
    step: Decimal | int
    whole: bool = True


def _date_time(number: Decimal | int, like: DateTime) -> DateTime | None:
    try:
        return at_instant(int(number) * SECOND, like.zone)
    except OverflowError:
        return None


def _time(number: Decimal | int, like: Time) -> Time | None:
    nanoseconds = int(number) * SECOND + like.offset
    return Time(nanoseconds, like.zone, like.offset) if 0 <= nanoseconds < DAY else None


SCALES: Mapping[type | None, Scale] = {
    Decimal: Scale(lambda value: value, lambda number, _: CONTEXT.plus(Decimal(number)), ONE, whole=False),
    Date: Scale(lambda value: value.days, lambda number, _: Date(int(number)), 1),
    YearsMonths: Scale(lambda value: value.months, lambda number, _: YearsMonths(int(number)), 1),
    DaysTime: Scale(lambda value: value.nanoseconds, lambda number, _: DaysTime(int(number)), DAY),
    DateTime: Scale(seconds, _date_time, DAY // SECOND),
    Time: Scale(seconds, _time, 1),
}


def line(named: Sequence[Value], scale: Scale) -> Cuts:
    """Values in order, each a piece, with the stretches before, between and after them, and null if it is named."""
    values = sorted({scale.number(value): value for value in named if value is not None}.items())
    pieces, places = _beyond(values[0], "<", scale), {}
    for place, (number, value) in enumerate(values):
        places[number] = len(pieces)
        pieces.append(_single(value))
        if place + 1 < len(values):
            pieces += _between(values[place : place + 2], scale)
    pieces += _beyond(values[-1], ">", scale)
    last = len(pieces) - 1
    if None in named:
        pieces.append(_single(None))
    return Cuts(tuple(pieces), lambda value: last + 1 if value is None else places[scale.number(value)], last)


def _beyond(end: tuple[Decimal | int, Value], sign: str, scale: Scale) -> list[Piece]:
    number, value = end
    example = scale.value(number - scale.step if sign == "<" else number + scale.step, value)
    words = f"{sign} {shown(value)}"
    return [] if example is None else [Piece(words, words, shown(example))]


def _between(ends: Sequence[tuple[Decimal | int, Value]], scale: Scale) -> list[Piece]:
    (low, low_value), (high, high_value) = ends
    if scale.whole and high - low < 2:
        return []
    middle = (int(low) + int(high)) // 2 if scale.whole else CONTEXT.divide(low + high, Decimal(2))
    low_text, high_text = shown(low_value), shown(high_value)
    zh, en = f"在 {low_text} 与 {high_text} 之间", f"between {low_text} and {high_text}"
    return [Piece(zh, en, shown(scale.value(middle, low_value)))]


def points(named: Sequence[Value], kind: type | None, *, closed: bool) -> Cuts:
    """Values without order, and one piece for all others unless the allowed values are given."""
    values = list(dict.fromkeys([*named, True, False] if kind is bool else named))
    pieces = [_single(value) for value in values]
    if kind is not bool and not closed:
        pieces.append(OTHER if values else ANYTHING)
    return Cuts(tuple(pieces), values.index, len(pieces) - 1)


def _single(value: Value) -> Piece:
    text = shown(value)
    return Piece(f"= {text}", f"= {text}", text)


def when(sample: Mapping[str, Piece]) -> str:
    """A sample in Chinese: 当 金额 > 5（如 6）时."""
    told = [f"{label} {piece.zh}{_such_as(piece, '（如 {}）')}" for label, piece in sample.items() if piece.zh]
    return f"当 {'、'.join(told)} 时".replace("） 时", "）时") if told else "无论填什么"


def where(sample: Mapping[str, Piece]) -> str:
    """A sample in English: where amount > 5 (say 6)."""
    told = [f"{label} {piece.en}{_such_as(piece, ' (say {})')}" for label, piece in sample.items() if piece.en]
    return f"where {' and '.join(told)}" if told else "to any input"


def _such_as(piece: Piece, words: str) -> str:
    stretch = not piece.en.startswith("=") and piece != OTHER
    return words.format(piece.example) if stretch and piece.example else ""
