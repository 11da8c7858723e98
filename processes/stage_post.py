"""What comes to a story's cases by message and signal, and what leaves them: delivered, begun by, kept as on a site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from engine.step import Thrown
from engine.store.waits import KEPT_FOR
from processes.beginnings import waiting_starts
from processes.comings import KINDS, Coming
from processes.deliveries import AmbiguousReceiver
from processes.messages import UnknownMessage, fit
from processes.stage import SIGNS, Stage
from processes.stages import Stages
from processes.starts import Beginning, Start


class Post:
    """What came (by its id: whether a case of the story got it) and which messages are kept, each until when."""

    def __init__(self, stages: Stages) -> None:
        """Nothing came yet."""
        self._stages = stages
        self._came: dict[str, bool] = {}
        self._kept: dict[str, tuple[Coming, datetime]] = {}

    def receive(self, coming: Coming, case: str) -> bool:
        """Take in what comes from outside, once by its id; whether a case got it or was begun by it.

        Without a key it is for the `case` of this name in the story, as if its sender knew it.
        Raises UnknownMessage, UnfitValue, AmbiguousReceiver, SeveralAwait, DiagramFault: then it has not come.
        """
        stage = self._stages.of(case)
        payload = fit(coming.id, coming.name, coming.key, coming.payload)
        if coming.name not in stage.pack.program.messages:
            raise UnknownMessage(name=coming.name)
        if coming.id in self._came:
            self._say(stage, coming, f"又来了一次（{coming.id}），不再处理")
        else:
            self._arrive(_addressed(stage, replace(coming, payload=payload)), stage, case=case)
        self.send_on()
        return self._came[coming.id]

    def send_on(self) -> None:
        """Send what the cases threw, and hand them what was kept for what they wait for by now."""
        for stage, thrown in self._stages.thrown():
            self._throw(stage, thrown)
        kept = next((coming for coming, _ in self._kept.values() if self._receivers(coming)), None)
        if kept is not None:
            del self._kept[kept.id]
            self._came[kept.id] = self._hand(kept)
            self.send_on()

    def due(self) -> Iterator[datetime]:
        """When kept messages expire."""
        return (until for _, until in self._kept.values())

    def expire(self) -> None:
        """Let go what was kept long enough."""
        for coming, until in list(self._kept.values()):
            if until <= self._stages.telling.now:
                del self._kept[coming.id]
                self._say(None, coming, "在期限内没有事项接收")

    def called(self, coming: Coming) -> str:
        """What came, in words; a key that is a case's own name goes without saying."""
        key = "" if coming.key in self._stages.all else coming.key
        return f"{KINDS[coming.kind]}“{coming.name}”{f'（{key}）' if key else ''}"

    def awaited(self, case: str) -> str:
        """What the case waits for, in words."""
        waits = self._stages.of(case).waits
        return "、".join(self.called(Coming(wait.kind, wait.name, wait.key, "", {})) for wait in waits)

    def _throw(self, stage: Stage, thrown: Thrown) -> None:
        """A signal was caught by its thrower in the step that threw it."""
        coming = _addressed(stage, Coming(thrown.kind, thrown.name, thrown.key, thrown.id, thrown.values))
        self._arrive(coming, stage, thrower=stage if coming.kind == "signal" else None)

    def _arrive(self, coming: Coming, about: Stage, *, case: str = "", thrower: Stage | None = None) -> None:
        """To the case that waits for it, else the start event that does, else it is kept; a signal to all of them."""
        got, begun = self._hand(coming, thrower), []
        if coming.kind == "signal" or not got:
            begun = self._begin(coming, about, case)
        self._came[coming.id] = got or any(begun)
        if got or begun or thrower:
            return
        self._say(about, coming, "没有人在等" + ("，先留着" if coming.kind == "message" else ""))
        if coming.kind == "message":
            self._kept[coming.id] = (coming, self._stages.telling.now + KEPT_FOR)

    def _receivers(self, coming: Coming) -> list[Stage]:
        """The cases that wait for it; without a key a message finds none, as it knows none."""
        if coming.kind == "message" and not coming.key:
            return []
        return self._stages.waiting(coming.kind, coming.name, coming.key)

    def _hand(self, coming: Coming, thrower: Stage | None = None) -> bool:
        """Give it to those who wait for it; a message to one. Raises AmbiguousReceiver."""
        waiting = [stage for stage in self._receivers(coming) if stage is not thrower]
        if coming.kind == "message" and len(waiting) > 1:
            raise AmbiguousReceiver(count=len(waiting), name=coming.name, key=coming.key)
        for stage in waiting:
            stage.deliver(coming, self._told(coming, "送到"))
        return bool(waiting)

    def _begin(self, coming: Coming, about: Stage, case: str) -> list[bool]:
        """For each start event that waits for it: whether a case of the story begins there, or another."""
        found = waiting_starts(about.pack, coming.kind, coming.name)
        return [self._begin_at(coming, about, case, start, event) for start, event in found]

    def _begin_at(self, coming: Coming, about: Stage, case: str, start: Start, event: Beginning) -> bool:
        stage = self._stages.for_start(start, case)
        if stage is None:
            self._say(about, coming, f"另外开始“{start.name}”，不在这个故事里")
            return False
        stage.begin_by(start, event, coming.payload, self._told(coming, f"开始“{start.name}”"))
        return True

    def _say(self, about: Stage | None, coming: Coming, what: str) -> None:
        (about or self._stages.telling).say(self._told(coming, what))

    def _told(self, coming: Coming, what: str) -> str:
        return f"{SIGNS[coming.kind]} {self.called(coming)}{what}"


def _addressed(stage: Stage, coming: Coming) -> Coming:
    """A message without a key is for the case that it is told of or that sent it, once that has begun."""
    is_its_own = coming.kind == "message" and stage.state
    return replace(coming, key=coming.key or stage.name) if is_its_own else coming
