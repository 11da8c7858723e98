"""Working calendars, limits, clocks and deadlines: pure arithmetic on instants, each result with its explanation."""

from engine.time.calendar import Calendar
from engine.time.clock import Clock
from engine.time.deadlines import Deadline, before, deadline, end_of_day
from engine.time.errors import FolderError, FolderInvalid
from engine.time.events import Event, Extended, LimitChanged, Paused, Resumed, Started, Stopped, Transferred
from engine.time.limit import Amount, Counts, Limit, Measure, Running, Transfer, Unit, Value
from engine.time.limits import Limits
from engine.time.order import ClockState
from engine.time.reckoning import Reckoned, grant, reckon
from engine.time.recounting import recount
from engine.time.stopwatch import Held, Spent, Stopwatch, holdings, stopwatch
from engine.time.wording import Teller

__all__ = [
    "Amount",
    "Calendar",
    "Clock",
    "ClockState",
    "Counts",
    "Deadline",
    "Event",
    "Extended",
    "FolderError",
    "FolderInvalid",
    "Held",
    "Limit",
    "LimitChanged",
    "Limits",
    "Measure",
    "Paused",
    "Reckoned",
    "Resumed",
    "Running",
    "Spent",
    "Started",
    "Stopped",
    "Stopwatch",
    "Teller",
    "Transfer",
    "Transferred",
    "Unit",
    "Value",
    "before",
    "deadline",
    "end_of_day",
    "grant",
    "holdings",
    "reckon",
    "recount",
    "stopwatch",
]
