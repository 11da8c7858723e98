"""A case begun about an ended one (county.toml, `about`): whether it may be, until when, and what it is told of it.

All of it is pure: on a site the former case is read by processes.queries.formers, in a story by processes.stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.errors import Rejected
from engine.time import Teller, deadline
from processes.pack import Pack
from processes.people import NotYours, Posting
from processes.starts import Start


class NotAbout(Rejected):
    """Such a case can only be begun from the page of another that it may be about."""

    code = "not_about"
    message = "“{name}”要针对一件{about}发起，这里没有说是哪一件，或者说的不是{about}。"
    advice = "请打开那一件的页面，从页面上的按钮发起。"


class NotEnded(Rejected):
    """The case it would be about has not ended."""

    code = "not_ended"
    message = "{number}还没有结束，不能“{name}”。"
    advice = "请等它办结以后再来，或者在它的页面上继续办理。"


class EndedOtherwise(Rejected):
    """The case it would be about did not end in a way that allows it."""

    code = "ended_otherwise"
    message = "{number}的结果是“{end}”，不能“{name}”。"
    advice = "有新的情况，请另行发起。"


class TooLate(Rejected):
    """The time in which it might be begun is over."""

    code = "too_late"
    message = "{number}最晚在{last}可以“{name}”，现在已经过了。"
    advice = "问题仍在的，请另行发起。"


class BegunAlready(Rejected):
    """It was begun about this case before."""

    code = "begun_already"
    message = "{number}已经有人“{name}”（{other}），不必重复。"
    advice = "请查看已经发起的那一件。"


CANNOT_FOLLOW = (NotEnded, EndedOtherwise, TooLate, BegunAlready)
"""Nothing may be begun about that case, or not any more."""

UNNUMBERED = "待编号"
"""What a case is called that has no number yet."""


@dataclass(frozen=True)
class Filled:
    """A step that was done: what was answered, and the process variables that it saw."""

    step: str
    answers: Mapping[str, object]
    values: Mapping[str, object]


@dataclass(frozen=True)
class Begun:
    """A case that was begun about another: as which start, its number, and at which end event it ended, if it has."""

    start: str
    number: str
    ended: str | None


@dataclass(frozen=True)
class Former:
    """The case that another is begun about: what it is called, how it ended, the steps done in it, the oldest first,
    and what was `begun` about it before.
    """

    case: str
    start: str
    number: str
    title: str
    unit: str
    ended: str | None
    ended_at: datetime | None
    filled: tuple[Filled, ...] = ()
    begun: tuple[Begun, ...] = ()

    def latest(self, step: str, field: str) -> object:
        """The latest answer to a field of a step; else the process variable of that name, as the step saw it."""
        done = [each for each in self.filled if each.step == step]
        if not done:
            return None
        answered = [each.answers[field] for each in done if field in each.answers]
        return answered[-1] if answered else done[-1].values.get(field)


def refuse_about(pack: Pack, start: Start, former: Former | None, now: datetime) -> None:
    """Raise why this start may not be made about this case: NotAbout, or one of CANNOT_FOLLOW."""
    if former is None or former.start not in start.about:
        raise NotAbout(name=start.name, about="或".join(start.about))
    named = {"number": former.number, "name": start.offer or start.name}
    if former.ended is None or former.ended_at is None:
        raise NotEnded(**named)
    if start.ends and former.ended not in start.ends:
        raise EndedOtherwise(**named, end=pack.word("ends", former.ended, default="已结束"))
    other = next((each for each in former.begun if _counts(start, each)), None)
    if start.once and other is not None:
        raise BegunAlready(**named, other=other.number)
    last = last_moment(pack, start, former)
    if last is not None and last < now:
        raise TooLate(**named, last=Teller(pack.calendar.local(now)).instant(last))


def last_moment(pack: Pack, start: Start, former: Former) -> datetime | None:
    """Until when it may be begun, by the limit in force on the day the case ended; None where there is no limit."""
    if not start.within or former.ended_at is None:
        return None
    ended_at = pack.calendar.local(former.ended_at)
    return deadline(pack.limits.get(start.within, on=ended_at.date()), ended_at, pack.calendar).at


def units_for(pack: Pack, start: Start, postings: Iterable[Posting], about: str) -> list[str]:
    """The units for which somebody may begin it about a case of the unit `about`; raises NotYours when there is none.

    Of the units of one kind, each only about its own: a township does not speak for another.
    """
    mine = [held.unit for held in postings if held.post == start.by]
    may = [unit for unit in mine if unit == about or _kind(pack, unit) != _kind(pack, about)]
    if not may:
        raise NotYours
    return may


def told_of(pack: Pack, start: Start, former: Former) -> dict[str, object]:
    """What the process is told of the former case: its variable `former`."""
    closed_on = pack.calendar.local(former.ended_at).date() if former.ended_at else None
    return {
        "case": former.case,
        "number": former.number,
        "title": former.title,
        "unit": former.unit,
        "ended": former.ended,
        "closed_on": closed_on,
        **{name: former.latest(*place.split(".", 1)) for name, place in start.tells.items()},
    }


def carried(pack: Pack, start: Start, former: Former) -> dict[str, object]:
    """The answers that the form is filled with, by its fields."""
    places = [place_of(pack, former.start, each) for each in start.carries]
    return {field: former.latest(step, field) for step, field in places}


def place_of(pack: Pack, former_start: str, carry: str) -> tuple[str, str]:
    """Which field of which step is carried: "step.field", or a field of the step that raised the former case."""
    step, dot, field = carry.partition(".")
    return (step, field) if dot else (pack.starts[former_start].step, carry)


def _counts(start: Start, begun: Begun) -> bool:
    """Whether it runs, or came to something."""
    return begun.start == start.name and (begun.ended is None or begun.ended not in start.again_after)


def _kind(pack: Pack, unit: str) -> str:
    return pack.units[unit].kind if unit in pack.units else ""
