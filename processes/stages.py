"""The cases of a story side by side, at one moment and with one journal: its own, and those that it names besides."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from engine.step import Thrown
from processes.formers import Begun, Former
from processes.forms import Option
from processes.pack import Pack
from processes.personal import names_in, personal_fields
from processes.stage import Stage, Telling
from processes.starts import Start
from processes.stories import Story


class Stages:
    """Every case by its name in the story; the one that has no name there is called as the story is.

    A case's name stands for its id: under it messages reach what waits without a key of its own.
    """

    def __init__(self, pack: Pack, story: Story) -> None:
        """None of them has begun."""
        self._pack, self._story = pack, story
        self.telling = Telling(story.begins, pack.calendar.zone)
        named = {name: Stage(pack, self.telling, name, self, is_named=True) for name in story.cases if name}
        self.all = {story.id: Stage(pack, self.telling, story.id, self), **named}

    def of(self, name: str) -> Stage:
        """A case by its name in the story; "" is the one without."""
        return self.all[name or self._story.id]

    def for_start(self, start: Start, name: str) -> Stage | None:
        """The case that a message or signal begins: the one it is told of (`name`), the story's own, or one that is
        called as its start is; None if the story tells of none that is yet to begin.
        """
        own = self._story.id if "" in self._story.cases and self._story.start in ("", start.name) else ""
        wanted = (self.all.get(each) for each in (name, own, start.name) if each)
        return next((stage for stage in wanted if stage is not None and not stage.state), None)

    def former(self, name: str) -> Former | None:
        """A case by its name in the story as one that another may be begun about; None if it has not begun."""
        stage = self.of(name)
        if stage.start is None:
            return None
        title = stage.start.title
        begun = [each for each in self.all.values() if each.former == stage.name and each.start]
        return Former(
            case=stage.name,
            start=stage.start.name,
            number=stage.name,
            title=next((str(each.answers[title]) for each in stage.filled[::-1] if title in each.answers), name),
            unit=stage.unit,
            ended=stage.ended,
            ended_at=stage.ended_at,
            filled=tuple(stage.filled),
            begun=tuple(Begun(each.start.name, each.name, each.ended) for each in begun if each.start),
        )

    def waiting(self, kind: str, name: str, key: str) -> list[Stage]:
        """The cases that wait for this message, under this key, or for this signal."""
        return [
            stage
            for stage in self.all.values()
            if any(
                (wait.kind, wait.name) == (kind, name) and (kind == "signal" or (wait.key or stage.name) == key)
                for wait in stage.waits
            )
        ]

    def awaiting(self, message: str) -> tuple[Option, ...]:
        """The cases that wait for this message under their own name, for a form to choose from."""
        waiting = (name for name, stage in self.all.items() if (message, "") in {(w.name, w.key) for w in stage.waits})
        return tuple(Option(name, name) for name in waiting)

    def name(self, case: object) -> str | None:
        """A case is called in a form as it is in the story."""
        return case if isinstance(case, str) and case in self.all else None

    def persons(self, case: object) -> Collection[str]:
        """The names filled in about a case of the story, in the county's personal fields."""
        told = self.all[case].filled if isinstance(case, str) and case in self.all else []
        return names_in((each.answers for each in told), personal_fields(self._pack))

    def merged_into(self, name: str) -> int:
        """How many cases of the story were merged into this one."""
        given = (asked for stage in self.all.values() for asked in stage.told)
        return sum(asked.verb == "merge_matter" and asked.inputs.get("case") == name for asked in given)

    def thrown(self) -> Iterator[tuple[Stage, Thrown]]:
        """What the cases threw and nobody has sent yet, with its thrower; what is taken is sent."""
        for stage in self.all.values():
            while stage.thrown:
                yield stage, stage.thrown.pop(0)

    def due(self) -> Iterator[datetime]:
        """When the clock has something to do in any of them."""
        for stage in self.all.values():
            yield from stage.due()

    def strike(self, now: datetime) -> None:
        """It is `now`: lights change and timers fire."""
        self.telling.now = now
        for stage in self.all.values():
            stage.strike()
