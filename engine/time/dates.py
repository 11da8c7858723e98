"""Calendar days, weeks and months: which date they end on, as the Civil Code counts them (articles 201 and 202)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from engine.time.errors import OutOfReach
from engine.time.limit import Amount, Unit


def date_after(on: date, amount: Amount) -> date:
    """The date on which days, weeks or months end that count from the day after `on`."""
    return _shifted(on, amount.unit, amount.number)


def date_before(on: date, amount: Amount) -> date:
    """The date that lies so many days, weeks or months before `on`."""
    return _shifted(on, amount.unit, -amount.number)


def month_is_too_short(on: date, shifted: date, unit: Unit) -> bool:
    """Did the months end in one without the day of `on`, so that its last day stands in?"""
    return unit is Unit.MONTHS and shifted.day != on.day


def _shifted(on: date, unit: Unit, number: int) -> date:
    try:
        if unit is Unit.MONTHS:
            return _months_later(on, number)
        return on + timedelta(days=number * (7 if unit is Unit.WEEKS else 1))
    except (OverflowError, ValueError) as error:  # beyond the years that dates can hold
        raise OutOfReach from error


def _months_later(on: date, number: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + number, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(on.day, monthrange(first.year, first.month)[1]))
