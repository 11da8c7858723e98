"""What is raised when, by whom, and what it is about: drawn from the script by a seed, pure.

More every month, on working days in office hours; urgent matters at any hour; more of some matters in their season.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from processes.demo.script import Matter, Script
from processes.demo.wishes import NOTHING, Hints, come_to, weighed
from processes.lists import Duty
from processes.pack import Pack

_IN_SEASON = 4
"""How many times as many there are of a matter in its months."""


@dataclass(frozen=True)
class Arrival:
    """What is begun: which start, when, by which unit, the facts that its forms may name; `about` which ended case."""

    at: datetime
    start: str
    unit: str
    facts: Mapping[str, Any]
    about: str | None = None


def arrivals(pack: Pack, script: Script, seed: str, first: datetime, last: datetime, cases: int) -> list[Arrival]:
    """All that people begin between two moments, in order: so many cases of the main start, and the script's others."""
    planned = [*_main(pack, script, seed, first, last, cases), *_others(pack, script, seed, first, last)]
    return sorted((each for each in planned if first <= each.at <= last), key=lambda each: each.at)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return next(date(year, month + 1, number) for number in range(day.day, 0, -1) if _there_is(year, month + 1, number))


def general_facts(script: Script, rng: Random, now: datetime, **known: Any) -> dict[str, Any]:
    """What texts may name of any case: one pick of each of the script's facts, and what is known besides."""
    return _picked(script.facts, rng, now, known)


def _there_is(year: int, month: int, number: int) -> bool:
    try:
        date(year, month, number)
    except ValueError:
        return False
    return True


def _main(pack: Pack, script: Script, seed: str, first: datetime, last: datetime, cases: int) -> Iterator[Arrival]:
    start = pack.starts.get(script.rhythm.start) or next(each for each in pack.starts.values() if each.by)
    units = [unit.code for unit in pack.units_of_kind[pack.posts[start.by].unit_kind]]
    shares = {unit: script.units.get(unit, script.units.get("other", 1)) for unit in units}
    for number in range(cases):
        rng = Random(f"{seed}/{number}")  # noqa: S311  # made up, no secret
        at = first + (last - first) * _grown(script.rhythm.growth, (number + rng.random()) / cases)
        matter = _matter(pack, script, at, rng)
        urgent = matter is not None and rng.randrange(100) < matter.urgent
        at = at if urgent else in_office(pack, at, rng)
        unit = weighed(_homes(script, matter, shares, seed), rng)
        known = {"township": pack.unit_name(unit), "urgent": "yes" if urgent else "no", "number": number}
        yield Arrival(at, start.name, unit, _facts(pack, script, matter, rng, at, known))


def _homes(script: Script, matter: Matter | None, shares: Mapping[str, int], seed: str) -> Mapping[str, int]:
    """The units a kind of matter comes from: troubles have their places, and what many raise is a cluster (DC-12)."""
    if matter is None or matter.everywhere or not script.rhythm.homes:
        return shares
    rng, left, homes = Random(f"{seed}/{matter.item}"), dict(shares), list[str]()  # noqa: S311  # as above
    while left and len(homes) < script.rhythm.homes:
        homes.append(weighed(left, rng))
        del left[homes[-1]]
    return {unit: shares[unit] for unit in homes}


def _others(pack: Pack, script: Script, seed: str, first: datetime, last: datetime) -> Iterator[Arrival]:
    calendar = pack.calendar
    for begun in script.begun:
        start = pack.starts[begun.start]
        unit = next(each.code for each in pack.units_of_kind[pack.posts[start.by].unit_kind])
        for day in begun.days:
            on = calendar.local(last if day < 0 else first).date() + timedelta(days=day)
            on = on if calendar.is_working_day(on) else calendar.nth_working_day(on, 1)
            at, rng = calendar.instant(on, begun.at), Random(f"{seed}/{begun.start}/{day}")  # noqa: S311  # as above
            yield Arrival(at, start.name, unit, general_facts(script, rng, at, first=_day(pack, first)))


def _day(pack: Pack, at: datetime) -> str:
    return pack.calendar.local(at).date().isoformat()


def _grown(growth: Sequence[int], share: float) -> float:
    """How much of the time has passed when this share of the matters has been raised."""
    ends = [0, *accumulate(growth)]
    wanted = share * ends[-1]
    place = next(place for place, end in enumerate(ends[1:]) if wanted <= end)
    return (place + (wanted - ends[place]) / growth[place]) / len(growth)


def in_office(pack: Pack, at: datetime, rng: Random) -> datetime:
    """In office hours of that day, or of the next working day."""
    calendar = pack.calendar
    on = calendar.local(at).date()
    on = on if calendar.is_working_day(on) else calendar.nth_working_day(on, 1)
    opening = calendar.opening(on)
    minutes = calendar.working_minutes(opening, calendar.closing(on))
    return calendar.add_working_minutes(opening, rng.randrange(1, minutes)) + timedelta(seconds=rng.randrange(60))


def _matter(pack: Pack, script: Script, at: datetime, rng: Random) -> Matter | None:
    month = pack.calendar.local(at).month
    shares = {
        place: matter.weight * (_IN_SEASON if month in matter.months else 1)
        for place, matter in enumerate(script.matters)
        if matter.item in pack.duties
    }
    return script.matters[weighed(shares, rng)] if shares else None


def _facts(
    pack: Pack, script: Script, matter: Matter | None, rng: Random, at: datetime, known: Mapping[str, Any]
) -> dict[str, Any]:
    """What is known of a matter: its duty item, who leads and assists, and what the script makes up."""
    duty = pack.duties[matter.item] if matter is not None else rng.choice([*pack.duties.values()])
    asked = weighed(dict(enumerate(script.rhythm.assistants)), rng)
    assistants = [unit for unit in duty.assistants if unit in pack.units][:asked]
    lead = duty.lead if duty.lead in pack.units else ""
    own = {
        "item": duty.code,
        "what": duty.item,
        "lead": lead,
        "lead_name": pack.unit_name(lead) if lead else "",
        "assistants": assistants,
        "units": [unit for unit in (lead, *assistants) if unit],
        "other": _other(pack, duty, lead, assistants, rng),
        "legal_basis": duty.legal_basis,
        "evidence": duty.evidence,
        "own": "yes" if duty.is_townships_own else "no",
    }
    facts = general_facts(script, rng, at, **known, **own)
    return _picked(matter.facts if matter is not None else {}, rng, at, facts)


def _other(pack: Pack, duty: Duty, lead: str, assistants: Sequence[str], rng: Random) -> str:
    """A unit that might be called in as well: an assistant not asked yet, else one whom the lead assists elsewhere."""
    left = [unit for unit in duty.assistants if unit in pack.units and unit not in assistants]
    near = [each.lead for each in pack.duties.values() if lead in each.assistants and each.lead not in assistants]
    return rng.choice(left or sorted({*near} - {lead}) or [""])


def _picked(wishes: Mapping[str, Any], rng: Random, at: datetime, known: Mapping[str, Any]) -> dict[str, Any]:
    facts = dict(known)
    for key, wish in wishes.items():
        picked = come_to(wish, Hints(facts=facts), at, rng)
        facts[key] = "" if picked is NOTHING else picked
    return facts


def midnight(pack: Pack, day: date) -> datetime:
    """When a day begins in the county."""
    return pack.calendar.instant(day, time())
