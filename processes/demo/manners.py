"""How people go about a step: by which button, when, and what they fill in. The same seed, the same manners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

from engine.time import Calendar
from processes.demo.script import Script, StepManner, Temper
from processes.demo.wishes import Hints, weighed
from processes.forms import Form
from processes.pack import Pack

_AT_ONCE = timedelta(hours=4)
"""A limit that ends so soon is minded by day and night."""
_MAIN = 9
"""How often the main button is pressed for each time that another is, where nothing is said of them."""
_PLAIN = StepManner()


class Manners:
    """What the script says of steps and of the units that do them; what it does not say, the stories do."""

    def __init__(self, pack: Pack, script: Script, seed: str) -> None:
        """`seed` decides which unit is of which temper."""
        self._pack, self._script, self._seed = pack, script, seed

    def of(self, step: str) -> StepManner:
        """What the script says of a step; nothing in particular when it says nothing."""
        return self._script.steps.get(step, _PLAIN)

    def temper(self, unit: str) -> Temper:
        """How a unit works."""
        shares = {key: temper.share for key, temper in self._script.tempers.items()}
        key: str = weighed(shares, Random(f"{self._seed}/{unit}"))  # noqa: S311  # made up, no secret
        return self._script.tempers[key]

    def outcome(self, step: str, form: Form, rng: Random) -> str:
        """The button that is pressed."""
        keys = [outcome.key for outcome in form.outcomes]
        shares = {key: share for key, share in self.of(step).outcomes.items() if key in keys}
        shares = shares or {key: 1 if place else _MAIN * max(1, len(keys) - 1) for place, key in enumerate(keys)}
        chosen: str = weighed(shares, rng)
        return chosen

    def hints(self, step: str, outcome: str, facts: Mapping[str, Any]) -> Hints:
        """What those who do a step go by when they fill in its form to press this button."""
        return Hints(
            wishes={**self.of(step).answers, **self.of(step).by.get(outcome, {})},
            facts=facts,
            told=lambda path: self._told.get((step, path)) or self._told.get(("", path.rpartition(".")[2]), ()),
            lean=lambda unit: self.temper(unit).scores,
        )

    def when(self, step: str, unit: str, opened: datetime, due: datetime | None, rng: Random) -> datetime | None:
        """When a step is done that opened at one time and is due at another; None when it never is."""
        manner, temper = self.of(step), self.temper(unit)
        if rng.randrange(1000) < 10 * manner.left:
            return None
        late = temper.late if manner.late is None else manner.late
        calendar = self._pack.calendar
        if rng.randrange(100) < late and due is not None:
            return _after(calendar, opened, due, rng.randint(*temper.by) / 100)
        if manner.takes is not None or due is None or due <= opened:
            least, most = manner.takes or (1, 16)
            return _some_time(calendar.add_working_minutes(opened, rng.randint(60 * least, 60 * most) or 1), rng)
        return _after(calendar, opened, due, rng.randint(*temper.uses) / 100)

    @cached_property
    def _told(self) -> Mapping[tuple[str, str], Sequence[object]]:
        """What the stories fill in, by step and field, and by the name of the field alone."""
        found: dict[tuple[str, str], list[object]] = {}
        for story in self._pack.stories.values():
            for step in story.steps:
                if step.then.refused is None:
                    for path, answer in _flat(step.answers):
                        for key in ((step.does, path), ("", path.rpartition(".")[2])):
                            known = found.setdefault(key, [])
                            if answer not in known:
                                known.append(answer)
        return found


def _flat(answers: Mapping[str, Any], above: str = "") -> list[tuple[str, object]]:
    flat: list[tuple[str, object]] = []
    for key, answer in answers.items():
        rows = [row for row in answer if isinstance(row, Mapping)] if isinstance(answer, list) else []
        flat += [each for row in rows for each in _flat(row, f"{key}.")]
        flat += [(f"{above}{key}", answer)] if not rows else []
    return flat


def _after(calendar: Calendar, opened: datetime, due: datetime, share: float) -> datetime:
    """When this share of the time until it is due has passed: of office time, unless it is due very soon."""
    opened, due = calendar.local(opened), calendar.local(due)
    minutes = calendar.working_minutes(opened, due)
    if due - opened <= _AT_ONCE or minutes <= 0:
        return opened + max(due - opened, _AT_ONCE / 4) * share
    return calendar.add_working_minutes(opened, max(1, round(minutes * share)))


def _some_time(at: datetime, rng: Random) -> datetime:
    return at + timedelta(seconds=rng.randrange(60))
