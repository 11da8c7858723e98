"""Counts a plan to its end past the pauses, with the lines that lead there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.time.calendar import Calendar
from engine.time.chosen import give_back, instant_of
from engine.time.deadlines import expect, is_provisional
from engine.time.events import Extended
from engine.time.forward import count_forward
from engine.time.limit import Amount, Counts, Unit
from engine.time.pauses import Pauses
from engine.time.plan import Base, Changed, Chosen, Counted, Plan
from engine.time.wording import Teller, say_amount


@dataclass(frozen=True, slots=True)
class Reached:
    """An end that was counted, the lines that lead to it, and whether it rests on days not published yet."""

    at: datetime
    lines: tuple[str, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts by a calendar and past the pauses, all of which have ended."""

    calendar: Calendar
    pauses: Pauses

    def end(self, plan: Plan) -> Reached:
        """Where the limit ends, and each extension after the end before it."""
        reached = self._base(plan.base)
        for extension in plan.extensions:
            reached = self._extended(reached, extension, plan.unit)
        return reached

    def _base(self, base: Base) -> Reached:
        match base:
            case Counted():
                expect(Counts.FROM_START, base.limit)
                return self._amount(base.limit.value, base.begins, base.event)
            case Changed():
                return self._changed(base)
            case Chosen():
                begins = f"{Teller(base.begins).instant(base.begins)} {base.event}"
                return self._chosen(base.until, base.begins, None, (f"{begins}，选定", " 到期"))

    def _amount(self, amount: Amount, begins: datetime, event: str) -> Reached:
        at, lines = count_forward(amount, begins, self.calendar, event, self.pauses)
        return Reached(at, tuple(lines), is_provisional(amount, at, self.calendar))

    def _changed(self, base: Changed) -> Reached:
        """The longer new value holds from the beginning, the shorter one from the change on, but never beyond the old.

        So a change makes nobody late who was in time: the usual rule where a period is shortened while it runs.
        """
        old, new, anew = self._base(base.old), self._base(base.new), self._base(base.anew)
        if new.at >= old.at:
            chosen, why = new, "新规定不短于原规定，从开始时起按新规定计算"
        elif old.at <= anew.at:
            chosen, why = old, "新规定较短，但按原规定先到期，仍按原规定计算"
        else:
            chosen, why = anew, "新规定较短，从变更时起按新规定重新计满"
        return Reached(chosen.at, (why, *chosen.lines), old.provisional or new.provisional or anew.provisional)

    def _chosen(self, until: date, since: datetime, unit: Unit | None, around: tuple[str, str]) -> Reached:
        chosen = instant_of(until, self.calendar)
        at, lines = give_back(chosen, since, unit, self.calendar, self.pauses)
        moves = at != chosen or not isinstance(until, datetime)
        line = Teller(since).instant(chosen).join(around)
        return Reached(at, (line, *lines), moves and not self.calendar.is_published(at.date()))

    def _extended(self, before: Reached, extension: Extended, unit: Unit | None) -> Reached:
        at = self.calendar.to_the_minute(extension.at)
        who = f"{Teller(before.at).instant(at)} {extension.decided_by}批准延期"
        late = "，批准时已过原到期时间" if before.at < at else ""
        source = f"（依据：{extension.clause}{late}）"
        if isinstance(extension.extension, Amount):
            more = self._amount(extension.extension, before.at, "原到期")
            lines = (*before.lines, f"{who}{say_amount(extension.extension)}{source}", *more.lines)
            return Reached(more.at, lines, before.provisional or more.provisional)
        until = self._chosen(extension.extension, at, unit, (f"{who}至", source))
        lines = (*before.lines, *until.lines)
        if until.at >= before.at:
            return replace(until, lines=lines)
        later = f"原到期时间{Teller(at).instant(before.at)} 更晚，仍以它为准"
        return replace(before, lines=(*lines, later))
