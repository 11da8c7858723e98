"""Numbers: exact decimals of 34 digits (DMN 1.5, clause 10.3.2.3.1).

Python keeps one decimal context per thread, so arithmetic always names this one instead.
"""

from __future__ import annotations

import decimal
from decimal import Decimal

ZERO = Decimal(0)
ONE = Decimal(1)
CONTEXT = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
WIDE = decimal.Context(prec=12_400, Emin=-20_000, Emax=20_000, traps=[decimal.InvalidOperation, decimal.Overflow])


def is_whole(number: Decimal) -> bool:
    """Whether a number has no fraction."""
    return number == number.to_integral_value()


def plain(number: Decimal) -> str:
    """A number without exponent and without needless zeros."""
    return format(CONTEXT.normalize(number), "f") if number else "0"
