"""Reads how often and after what time a failed verb is tried again: `R5/PT5M`, as Camunda's editor writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

_RETRY = re.compile(
    r"R(?P<times>[1-9]\d?)/P(?=[\dT])(?:(?P<days>\d{1,3})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,6})S)?)?"
)


class RetryFault(ValueError):
    """The text is not a number of times and a duration of days, hours, minutes and seconds."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again up to `times` times, `every` so long."""

    times: int
    every: timedelta


def read_retry(text: str) -> Retry:
    """`R5/PT5M` → five times, every five minutes. Raises RetryFault; also for a wait of nothing."""
    match = _RETRY.fullmatch(text.strip())
    every = (
        timedelta(**{unit: int(match[unit] or 0) for unit in ("days", "hours", "minutes", "seconds")})
        if match
        else None
    )
    if match is None or not every:
        raise RetryFault(text)
    return Retry(int(match["times"]), every)
