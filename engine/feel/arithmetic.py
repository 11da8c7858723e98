"""The operators + - * / ** by the kinds of their operands; what has no meaning is null (clause 10.3.2.15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel import temporal
from engine.feel.budget import spend_text
from engine.feel.decimals import CONTEXT
from engine.feel.temporal import midnight_utc, plus_months, whole_months
from engine.feel.values import Value, YearsMonths

Operation = Callable[[Value, Value], Value]
_Table = dict[tuple[type, type], Operation]


def operation(sign: str) -> Operation:
    """The operation of an operator: null when the operands do not fit or the result cannot be held."""
    table = _TABLES[sign]

    def operate(left: Value, right: Value) -> Value:
        operate_kinds = table.get((type(left), type(right)))
        if operate_kinds is None:
            return None
        try:
            return operate_kinds(left, right)
        except (ArithmeticError, ValueError):
            return None

    return operate


def negate(value: Value) -> Value:
    """The opposite of a number or duration."""
    kind = type(value)
    if kind is Decimal:
        return CONTEXT.minus(value)
    if kind is YearsMonths:
        return YearsMonths(-value.months)
    return -value if kind is timedelta else None


def _join(left: str, right: str) -> str:
    spend_text(len(left) + len(right))
    return left + right


def _scale_months(duration: YearsMonths, factor: Decimal) -> YearsMonths:
    return whole_months(int(CONTEXT.multiply(Decimal(duration.months), factor)))


def _share_months(duration: YearsMonths, divisor: Decimal) -> YearsMonths:
    return whole_months(int(CONTEXT.divide(Decimal(duration.months), divisor)))


def _scale_time(duration: timedelta, factor: Decimal) -> timedelta:
    return int(CONTEXT.multiply(temporal.microseconds(duration), factor)) * temporal.MICROSECOND


def _share_time(duration: timedelta, divisor: Decimal) -> timedelta:
    return int(CONTEXT.divide(temporal.microseconds(duration), divisor)) * temporal.MICROSECOND


def _turned(operate: Operation) -> Operation:
    return lambda left, right: operate(right, left)


def _with_negated(operate: Operation) -> Operation:
    return lambda left, right: operate(left, negate(right))


_SHIFTS: _Table = {
    (date, YearsMonths): plus_months,
    (datetime, YearsMonths): plus_months,
    (date, timedelta): temporal.date_plus_days_time,
    (datetime, timedelta): temporal.plus_days_time,
    (time, timedelta): temporal.time_plus_days_time,
}
_DURATIONS: _Table = {
    (YearsMonths, YearsMonths): lambda left, right: whole_months(left.months + right.months),
    (timedelta, timedelta): lambda left, right: left + right,
}
_ADDITION: _Table = {
    (Decimal, Decimal): CONTEXT.add,
    (str, str): _join,
    **_DURATIONS,
    **_SHIFTS,
    **{(right, left): _turned(operate) for (left, right), operate in _SHIFTS.items()},
}
_SUBTRACTION: _Table = {
    (Decimal, Decimal): CONTEXT.subtract,
    **{kinds: _with_negated(operate) for kinds, operate in (_DURATIONS | _SHIFTS).items()},
    (date, date): lambda left, right: left - right,
    (time, time): temporal.between,
    (datetime, datetime): temporal.between,
    (date, datetime): lambda left, right: temporal.between(midnight_utc(left), right),
    (datetime, date): lambda left, right: temporal.between(left, midnight_utc(right)),
}
_MULTIPLICATION: _Table = {
    (Decimal, Decimal): CONTEXT.multiply,
    (YearsMonths, Decimal): _scale_months,
    (Decimal, YearsMonths): _turned(_scale_months),
    (timedelta, Decimal): _scale_time,
    (Decimal, timedelta): _turned(_scale_time),
}
_DIVISION: _Table = {
    (Decimal, Decimal): CONTEXT.divide,
    (YearsMonths, Decimal): _share_months,
    (timedelta, Decimal): _share_time,
    (YearsMonths, YearsMonths): lambda left, right: CONTEXT.divide(Decimal(left.months), Decimal(right.months)),
    (timedelta, timedelta): lambda left, right: CONTEXT.divide(
        temporal.microseconds(left), temporal.microseconds(right)
    ),
}
_TABLES: dict[str, _Table] = {
    "+": _ADDITION,
    "-": _SUBTRACTION,
    "*": _MULTIPLICATION,
    "/": _DIVISION,
    "**": {(Decimal, Decimal): CONTEXT.power},
}
