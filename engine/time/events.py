"""What can happen to a running limit, as frozen facts that go into plain JSON and come out again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from engine.time.clock_errors import ClockUnreadable
from engine.time.limit import Amount


@dataclass(frozen=True, slots=True)
class Started:
    """The clock began for `holder`; `event` names the beginning (派单).

    `limit` is the key of a limit or what a person chose instead: a date, which ends at closing time, or an instant.
    Every event's `at` is timezone-aware, in the county's zone: refusals say it as it stands.
    """

    at: datetime
    holder: str
    event: str
    limit: str | date


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock does not run from now on (挂起)."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The clock runs again."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Extended:
    """More time was granted, by whom and what: an amount after the end so far, or until a date or an instant."""

    at: datetime
    extension: Amount | date
    decided_by: str
    clause: str


@dataclass(frozen=True, slots=True)
class Transferred:
    """The work passed from one holder to another; the limit says whether its clock goes on or restarts."""

    at: datetime
    from_holder: str
    to_holder: str


@dataclass(frozen=True, slots=True)
class LimitChanged:
    """The value in force from the date `since` on was published; it says itself whether running clocks change."""

    at: datetime
    since: date


@dataclass(frozen=True, slots=True)
class Stopped:
    """The work is done or given up: nothing is counted any more."""

    at: datetime


Event = Started | Paused | Resumed | Extended | Transferred | LimitChanged | Stopped

KINDS: dict[str, type[Event]] = {
    "started": Started,
    "paused": Paused,
    "resumed": Resumed,
    "extended": Extended,
    "transferred": Transferred,
    "limit_changed": LimitChanged,
    "stopped": Stopped,
}
WORDS: dict[type[Event], str] = {
    Started: "开始",
    Paused: "挂起",
    Resumed: "恢复",
    Extended: "延期",
    Transferred: "转办",
    LimitChanged: "时限变更",
    Stopped: "停止",
}
_NAMES = {kind: name for name, kind in KINDS.items()}


def write_event(event: Event) -> dict[str, str]:
    """The event as JSON: its name in `what`, its fields as text, instants and dates in ISO 8601."""
    told = {field.name: _write(getattr(event, field.name)) for field in fields(event)}
    return {"what": _NAMES[type(event)], **told}


def read_event(written: object) -> Event:
    """The event that `write_event` wrote; raises `ClockUnreadable`."""
    if not isinstance(written, Mapping) or not all(isinstance(text, str) for text in written.values()):
        raise ClockUnreadable(written=written)
    kind = KINDS.get(written.get("what", ""))
    names = [field.name for field in fields(kind)] if kind else []
    if not kind or set(written) != {"what", *names}:
        raise ClockUnreadable(written=written)
    try:
        return kind(**{name: READERS.get(name, str)(written[name]) for name in names})
    except ValueError as error:
        raise ClockUnreadable(written=written) from error


def _write(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _read_instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.utcoffset() is None:
        raise ValueError("an instant needs its time zone")
    return at


def _read_chosen(text: str) -> date:
    return _read_instant(text) if "T" in text else date.fromisoformat(text)


def _read_limit(text: str) -> str | date:
    try:
        return _read_chosen(text)
    except ValueError:
        return text


def _read_extension(text: str) -> Amount | date:
    try:
        return Amount.read(text)
    except ValueError:
        return _read_chosen(text)


READERS: dict[str, Callable[[str], Any]] = {
    "at": _read_instant,
    "since": date.fromisoformat,
    "limit": _read_limit,
    "extension": _read_extension,
}
