"""All that a diagram may ask of the world while it takes one step: the time, the limits, the calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from engine.clock_functions import clock_functions
from engine.errors import Rejected
from engine.time import (
    Calendar,
    Clock,
    Deadline,
    Limits,
    Reckoned,
    Started,
    Teller,
    before,
    deadline,
    end_of_day,
    reckon,
)


class NoDeadline(Rejected):
    """The time limit of a step could not be computed."""

    code = "no_deadline"
    message = "步骤“{step}”的办理时限“{text}”算不出来：应为时限名称，或给出日期的表达式。"
    advice = "请流程管理员核对该步骤的时限设置。"


@dataclass(frozen=True)
class World:
    """`now` is timezone-aware; `limits` and `calendar` are those of the county folder the case runs on."""

    now: datetime
    limits: Limits
    calendar: Calendar

    @cached_property
    def functions(self) -> Mapping[str, Callable[..., object]]:
        """What FEEL may call besides its built-ins: limits, thresholds, the time of this step, clocks."""
        return {
            "limit": lambda name: self.ends(str(name)).at,
            "threshold": lambda name: self.limits.threshold(str(name), on=self.now.date()),
            "now": lambda: self.now,
            "today": lambda: self.now.date(),
            **clock_functions(self.limits, self.calendar, self.now),
        }

    def ends(self, limit: str) -> Deadline:
        """When the named limit ends if it starts now; reckoned once, for many tasks may open in one step."""
        known = self._ends.get(limit)
        if known is None:
            found = self.limits.get(limit, on=self.now.date())
            known = self._ends[limit] = deadline(found, self.now, self.calendar)
        return known

    @cached_property
    def _ends(self) -> dict[str, Deadline]:
        return {}

    def begins(self, value: object, *, step: str, holder: str) -> tuple[Deadline | None, Clock]:
        """The deadline of a step that opens now for `holder`, and the clock it follows from.

        `value` is what a diagram gave: as for `due`, or a clock (engine.clock_functions), which has no deadline while
        it is paused.
        """
        if isinstance(value, list):
            clock = Clock.read(value)
            return self.reckoned(clock).due, clock
        due, parsed = self.due(value, step=step), _parsed(value)
        limit = parsed if isinstance(parsed, date) else str(parsed)
        return due, Clock((Started(self.now, holder, "开始", limit),))

    def due(self, value: object, *, step: str) -> Deadline:
        """The deadline for a value a diagram gave: the name of a limit, a date (its closing time), or an instant."""
        parsed = _parsed(value)
        if isinstance(parsed, datetime) and parsed.tzinfo is not None:
            return Deadline(
                parsed, (f"由经办人指定：{Teller(self.now).instant(self.calendar.local(parsed))}",), provisional=False
            )
        if isinstance(parsed, date) and not isinstance(parsed, datetime):
            return end_of_day(parsed, self.calendar)
        if isinstance(parsed, str) and parsed in self.limits.names:
            return self.ends(parsed)
        raise NoDeadline(step=step, text=value)

    def reckoned(self, clock: Clock) -> Reckoned:
        """Where a clock stands now, or at its last event, should another machine's clock be a little ahead of ours."""
        return reckon(clock, self.limits, self.calendar, max(self.now, clock.events[-1].at))

    def warns(self, limit: str, due: Deadline | None) -> Deadline | None:
        """When the named warning falls: counted back from `due`, or on from now."""
        found = self.limits.get(limit, on=self.now.date())
        if found.counts == "from start":
            return deadline(found, self.now, self.calendar)
        return before(found, due.at, self.calendar) if due else None


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(value)
        except ValueError:
            continue
    return value
