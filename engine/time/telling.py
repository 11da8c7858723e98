"""Says a clock: the rules, what happened, and where it stands, each in a line that an operator can dispute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.time.calendar import Calendar
from engine.time.holds import Hold
from engine.time.limit import Measure
from engine.time.pauses import MEASURED
from engine.time.plan import Base, Changed, Chosen, Note, Plan
from engine.time.wording import Teller, say_limit, say_measured


def tell_rules(base: Base) -> Iterator[str]:
    """The limit with its clause, and each value that took its place while it ran."""
    if isinstance(base, Chosen):
        return
    if isinstance(base, Changed):
        yield from tell_rules(base.old)
        at = base.anew.begins
        yield f"{Teller(at).instant(at)} 起改为 {say_limit(base.limit)}"
    else:
        yield say_limit(base.limit)


def tell_events(plan: Plan, held: tuple[Hold, ...], calendar: Calendar) -> list[str]:
    """What happened besides extensions, which are said where they are counted; earliest first."""
    tell = Teller(plan.base.begins)
    notes = [*plan.notes, *(_note(hold, plan.measure, tell, calendar) for hold in held)]
    return [f"{tell.instant(note.at)}{note.line}" for note in sorted(notes, key=lambda note: note.at)]


def _note(hold: Hold, measure: Measure, tell: Teller, calendar: Calendar) -> Note:
    span = hold.span
    length = say_measured(MEASURED[measure](calendar, span.begins, span.ends), measure)
    ends = " 起" if hold.goes_on else f"—{tell.instant(span.ends)} "
    return Note(span.begins, f"{ends}挂起（{hold.reason}），{'至今' if hold.goes_on else '其间'}{length}")


def tell_times(at: datetime, used: timedelta, left: timedelta, overdue_by: timedelta, measure: Measure) -> str:
    """How much of the clock has run: 截至10月9日（周五）10:00：已用工作时间3小时，还剩工作时间6小时."""
    rest = f"已逾期{say_measured(overdue_by, measure)}" if overdue_by else f"还剩{say_measured(left, measure)}"
    return f"截至{Teller(at).instant(at)}：已用{say_measured(used, measure)}，{rest}"


def tell_hold(since: datetime, due: datetime) -> str:
    """Why there is no deadline, and which one there would be."""
    tell = Teller(since)
    return f"{tell.instant(since)} 起挂起，没有到期时间；以上按现在恢复推算，为{tell.instant(due)}"
