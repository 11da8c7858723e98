"""Working calendars, limits and deadlines: pure arithmetic on instants, each result with its explanation."""

from engine.time.calendar import Calendar
from engine.time.deadlines import Deadline, before, deadline, end_of_day
from engine.time.errors import FolderError, FolderInvalid
from engine.time.limit import Counts, Limit, Unit, Value
from engine.time.limits import Limits
from engine.time.wording import Teller

__all__ = [
    "Calendar",
    "Counts",
    "Deadline",
    "FolderError",
    "FolderInvalid",
    "Limit",
    "Limits",
    "Teller",
    "Unit",
    "Value",
    "before",
    "deadline",
    "end_of_day",
]
