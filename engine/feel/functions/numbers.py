"""Functions on numbers (DMN 1.5, clause 10.3.4.5), and numbers from text."""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable
from decimal import Decimal

from engine.feel.callables import Library
from engine.feel.decimals import CONTEXT, ONE, WIDE, is_whole
from engine.feel.instants import DaysTime, YearsMonths

library = Library()
define = library.define

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SCALES = range(-6111, 6177)


@define(
    "number",
    "from: string -> number",
    "from: string, grouping separator: string?, decimal separator: string? -> number",
)
def _number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping and grouping == point):
        return None
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    return CONTEXT.create_decimal(plain) if _NUMBER.fullmatch(plain) else None


def _rounding(mode: str) -> Callable[..., Decimal | None]:
    def rounded(number: Decimal, scale: int = 0) -> Decimal | None:
        if scale not in _SCALES:
            return None
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and exponent >= -scale:
            return number
        return CONTEXT.plus(number.quantize(ONE.scaleb(-scale, WIDE), rounding=mode, context=WIDE))

    return rounded


define("decimal", "n: number, scale: integer -> number")(_rounding(decimal.ROUND_HALF_EVEN))
define("floor", "n: number, scale?: integer -> number")(_rounding(decimal.ROUND_FLOOR))
define("ceiling", "n: number, scale?: integer -> number")(_rounding(decimal.ROUND_CEILING))
define("round up", "n: number, scale: integer -> number")(_rounding(decimal.ROUND_UP))
define("round down", "n: number, scale: integer -> number")(_rounding(decimal.ROUND_DOWN))
define("round half up", "n: number, scale: integer -> number")(_rounding(decimal.ROUND_HALF_UP))
define("round half down", "n: number, scale: integer -> number")(_rounding(decimal.ROUND_HALF_DOWN))


@define("abs", "n: number -> number")
def _abs(number: Decimal) -> Decimal:
    return CONTEXT.abs(number)


@define("abs", "n: days and time duration -> days and time duration")
def _abs_days_time(duration: DaysTime) -> DaysTime:
    return DaysTime(abs(duration.nanoseconds))


@define("abs", "n: years and months duration -> years and months duration")
def _abs_years_months(duration: YearsMonths) -> YearsMonths:
    return YearsMonths(abs(duration.months))


@define("sqrt", "number: number -> number")
def _sqrt(number: Decimal) -> Decimal:
    return CONTEXT.sqrt(number)


@define("exp", "number: number -> number")
def _exp(number: Decimal) -> Decimal:
    return CONTEXT.exp(number)


@define("log", "number: number -> number")
def _log(number: Decimal) -> Decimal | None:
    return CONTEXT.ln(number) if number > 0 else None


@define("odd", "number: number -> boolean")
def _odd(number: Decimal) -> bool | None:
    return int(number) % 2 == 1 if is_whole(number) else None


@define("even", "number: number -> boolean")
def _even(number: Decimal) -> bool | None:
    return int(number) % 2 == 0 if is_whole(number) else None


@define("modulo", "dividend: number, divisor: number -> number")
def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    times = CONTEXT.divide(dividend, divisor).to_integral_value(decimal.ROUND_FLOOR)
    return CONTEXT.subtract(dividend, CONTEXT.multiply(divisor, times))
