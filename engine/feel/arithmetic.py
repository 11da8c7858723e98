"""The operators + - * / ** by the kinds of their operands; what has no meaning is null (clause 10.3.2.15)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine.feel import temporal
from engine.feel.budget import spend_text
from engine.feel.decimals import CONTEXT
from engine.feel.instants import Date, DateTime, DaysTime, Time, YearsMonths, days_time
from engine.feel.temporal import midnight_utc, whole_months
from engine.feel.values import Value

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


def is_defined(sign: str, left: type, right: type) -> bool:
    """Whether an operator has a meaning for operands of these classes."""
    return (left, right) in _TABLES[sign]


def negate(value: Value) -> Value:
    """The opposite of a number or duration."""
    kind = type(value)
    if kind is Decimal:
        return CONTEXT.minus(value)
    if kind is YearsMonths:
        return YearsMonths(-value.months)
    return DaysTime(-value.nanoseconds) if kind is DaysTime else None


def _join(left: str, right: str) -> str:
    spend_text(len(left) + len(right))
    return left + right


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    result = CONTEXT.power(base, exponent)
    if not result.is_finite():  # zero to a negative power is infinite, and signals nothing
        raise OverflowError(exponent)
    return result


def _scale_months(duration: YearsMonths, factor: Decimal) -> YearsMonths:
    return whole_months(int(CONTEXT.multiply(Decimal(duration.months), factor)))


def _share_months(duration: YearsMonths, divisor: Decimal) -> YearsMonths:
    return whole_months(int(CONTEXT.divide(Decimal(duration.months), divisor)))


def _scale_time(duration: DaysTime, factor: Decimal) -> DaysTime:
    return days_time(int(CONTEXT.multiply(Decimal(duration.nanoseconds), factor)))


def _share_time(duration: DaysTime, divisor: Decimal) -> DaysTime:
    return days_time(int(CONTEXT.divide(Decimal(duration.nanoseconds), divisor)))


def _turned(operate: Operation) -> Operation:
    return lambda left, right: operate(right, left)


def _with_negated(operate: Operation) -> Operation:
    return lambda left, right: operate(left, negate(right))


_SHIFTS: _Table = {
    (Date, YearsMonths): temporal.date_plus_months,
    (DateTime, YearsMonths): temporal.plus_months,
    (Date, DaysTime): temporal.date_plus_days_time,
    (DateTime, DaysTime): temporal.plus_days_time,
    (Time, DaysTime): temporal.time_plus_days_time,
}
_DURATIONS: _Table = {
    (YearsMonths, YearsMonths): lambda left, right: whole_months(left.months + right.months),
    (DaysTime, DaysTime): lambda left, right: days_time(left.nanoseconds + right.nanoseconds),
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
    (Date, Date): temporal.days_between,
    (Time, Time): temporal.between,
    (DateTime, DateTime): temporal.between,
    (Date, DateTime): lambda left, right: temporal.between(midnight_utc(left), right),
    (DateTime, Date): lambda left, right: temporal.between(left, midnight_utc(right)),
}
_MULTIPLICATION: _Table = {
    (Decimal, Decimal): CONTEXT.multiply,
    (YearsMonths, Decimal): _scale_months,
    (Decimal, YearsMonths): _turned(_scale_months),
    (DaysTime, Decimal): _scale_time,
    (Decimal, DaysTime): _turned(_scale_time),
}
_DIVISION: _Table = {
    (Decimal, Decimal): CONTEXT.divide,
    (YearsMonths, Decimal): _share_months,
    (DaysTime, Decimal): _share_time,
    (YearsMonths, YearsMonths): lambda left, right: CONTEXT.divide(Decimal(left.months), Decimal(right.months)),
    (DaysTime, DaysTime): lambda left, right: CONTEXT.divide(Decimal(left.nanoseconds), Decimal(right.nanoseconds)),
}
_TABLES: dict[str, _Table] = {
    "+": _ADDITION,
    "-": _SUBTRACTION,
    "*": _MULTIPLICATION,
    "/": _DIVISION,
    "**": {(Decimal, Decimal): _power},
}
