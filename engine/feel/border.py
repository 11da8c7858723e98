"""Python's values in, Python's values out; whatever FEEL has no name for is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel import instants
from engine.feel.budget import spend
from engine.feel.decimals import CONTEXT
from engine.feel.errors import FeelError
from engine.feel.instants import EPOCH, Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import Function, Range, Value

_MIDNIGHT = EPOCH.date()
_MOST_BITS = 20_000  # 6,000 digits, as many as a number may have before its exponent is too large
_PLAIN = frozenset({type(None), bool, str, YearsMonths, Date, Time, DateTime, DaysTime})


def imported(value: object) -> Value:
    """A Python value as a FEEL value: numbers become decimals, mappings contexts, sequences lists.

    Raises FeelError for anything FEEL has no name for.
    """
    kind = type(value)
    return value if kind in _PLAIN else _IMPORTS.get(kind, _imported_kin)(value)


def _imported_kin(value: object) -> Value:
    """A value whose class derives from a known one: an enumeration of texts, say."""
    for known, take in _IMPORTS.items():
        if isinstance(value, known):
            return take(value)
    raise FeelError(f"不能用于表达式的值：{type(value).__name__}", f"No FEEL value: {type(value).__name__}")


def _whole(value: int) -> Decimal:
    if value.bit_length() <= _MOST_BITS:
        return Decimal(value)
    raise FeelError("数字过大，不能用于表达式", "The number is too large for FEEL")


def _number(value: float | Decimal) -> Decimal:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if number.is_finite() and number.adjusted() <= CONTEXT.Emax:
        return number
    raise FeelError(f"不能用于表达式的数：{number}", f"No FEEL number: {number}")


def _list(value: Sequence[object]) -> list[Value]:
    spend(1 + (len(value) >> 3))
    return [imported(item) for item in value]


def _context(value: Mapping[object, object]) -> dict[str, Value]:
    spend(1 + (len(value) >> 3))
    return {_key(key): imported(entry) for key, entry in value.items()}


def _key(key: object) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    raise FeelError("上下文的键必须是文本", "A key of a context is no text")


def _imported_date_time(value: datetime) -> DateTime:
    ahead = value.utcoffset()
    nanoseconds = instants.nanoseconds_of(value.replace(tzinfo=None, fold=0) - EPOCH)
    if ahead is None:
        return DateTime(nanoseconds)
    return DateTime(nanoseconds, value.tzinfo, instants.nanoseconds_of(ahead))


def _imported_time(value: time) -> Time:
    clock = datetime.combine(_MIDNIGHT, value.replace(tzinfo=None)) - EPOCH
    return instants.time_of_day(instants.nanoseconds_of(clock), value.tzinfo)


_IMPORTS: Mapping[type, Callable[[Value], Value]] = {  # a class comes before the one it derives from
    str: str.__str__,
    int: _whole,
    Decimal: _number,
    float: _number,
    list: _list,
    tuple: _list,
    Mapping: _context,
    dict: _context,
    datetime: _imported_date_time,
    date: lambda value: Date((value - _MIDNIGHT).days),
    time: _imported_time,
    timedelta: lambda value: DaysTime(instants.nanoseconds_of(value)),
    Range: lambda value: dataclasses.replace(value, start=imported(value.start), end=imported(value.end)),
    Function: lambda value: value,
}


def exported(value: Value) -> Value:
    """A result on its way out: what Python's dates, times and durations can hold becomes one of them.

    Paid for part by part, for parts may be shared, so that a small result unfolds to more than any reader could hold.
    Raises FeelBudgetError then.
    """
    if isinstance(value, list):
        spend(1 + (len(value) >> 3))
        return [exported(item) for item in value]
    if isinstance(value, dict):
        spend(1 + (len(value) >> 3))
        return {key: exported(entry) for key, entry in value.items()}
    export = _EXPORTS.get(type(value))
    try:
        return export(value) if export else value
    except (OverflowError, ValueError):
        return value  # farther away than Python's years reach, or finer than its microseconds


def _microseconds(nanoseconds: int) -> timedelta:
    micros, rest = divmod(nanoseconds, 1000)
    if rest:
        raise ValueError(nanoseconds)
    return timedelta(microseconds=micros)


def _date_time(value: DateTime) -> datetime:
    moment = (EPOCH + _microseconds(value.nanoseconds)).replace(tzinfo=value.zone)
    told_twice = value.zone is not None and instants.nanoseconds_of(moment.utcoffset() or timedelta()) != value.offset
    return moment.replace(fold=1) if told_twice else moment


_EXPORTS: Mapping[type, Callable[[Value], Value]] = {
    Date: lambda value: _MIDNIGHT + timedelta(days=value.days),
    Time: lambda value: (EPOCH + _microseconds(value.nanoseconds)).time().replace(tzinfo=value.zone),
    DateTime: _date_time,
    DaysTime: lambda value: _microseconds(value.nanoseconds),
    Range: lambda value: dataclasses.replace(value, start=exported(value.start), end=exported(value.end)),
}
