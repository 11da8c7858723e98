"""What comes to a story's case by message and signal, and what leaves it: delivered, begun by and kept as on a site.

The case is called `case` there: under this key messages reach what waits without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from engine.step import Thrown
from engine.store.waits import KEPT_FOR
from processes.beginnings import waiting_starts
from processes.comings import KINDS, Coming
from processes.messages import UnknownMessage, fit
from processes.stage import SIGNS, Stage
from processes.starts import Beginning, Start


class Post:
    """What came (by its id: whether the case got it) and which messages are kept, each until when.

    `start` is the one entry of county.toml's `starts` that the story tells of; "" for whichever comes first.
    """

    def __init__(self, stage: Stage, case: str, start: str) -> None:
        """Nothing came yet."""
        self._stage, self._case, self._start = stage, case, start
        self._came: dict[str, bool] = {}
        self._kept: dict[str, tuple[Coming, datetime]] = {}

    def receive(self, coming: Coming) -> bool:
        """Take in what comes from outside, once by its id; whether the story's case got it or was begun by it.

        Raises UnknownMessage, UnfitValue, SeveralAwait, DiagramFault: then it has not come.
        """
        payload = fit(coming.id, coming.name, coming.key, coming.payload)
        if coming.name not in self._stage.pack.program.messages:
            raise UnknownMessage(name=coming.name)
        if coming.id in self._came:
            self._say(coming, f"又来了一次（{coming.id}），不再处理")
        else:
            self._arrive(self._addressed(replace(coming, payload=payload)))
        self.send_on()
        return self._came[coming.id]

    def send_on(self) -> None:
        """Send what the case threw, and hand it what was kept for what it waits for by now."""
        while self._stage.thrown:
            self._throw(self._stage.thrown.pop(0))
        kept = next((coming for coming, _ in self._kept.values() if self._is_awaited(coming)), None)
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
            if until <= self._stage.now:
                del self._kept[coming.id]
                self._say(coming, "在期限内没有事项接收")

    def awaited(self) -> str:
        """What the case waits for, in words."""
        waits = self._stage.waits
        return "、".join(self.called(Coming(wait.kind, wait.name, wait.key, "", {})) for wait in waits)

    def called(self, coming: Coming) -> str:
        """What came, in words."""
        key = self._key(coming)
        return f"{KINDS[coming.kind]}“{coming.name}”{f'（{key}）' if key else ''}"

    def _throw(self, thrown: Thrown) -> None:
        """A signal was caught by the case in the step that threw it: it goes to start events only."""
        coming = self._addressed(Coming(thrown.kind, thrown.name, thrown.key, thrown.id, thrown.values))
        if coming.kind == "message":
            self._arrive(coming)
        else:
            self._begin(coming)

    def _addressed(self, coming: Coming) -> Coming:
        begun = coming.kind == "message" and self._stage.state
        return replace(coming, key=coming.key or self._case) if begun else coming

    def _arrive(self, coming: Coming) -> None:
        """To the case that waits for it, else the start event that does, else it is kept; a signal to all of them."""
        got, begun = self._hand(coming), []
        if coming.kind == "signal" or not got:
            begun = self._begin(coming)
        self._came[coming.id] = got or any(begun)
        if not got and not begun:
            self._say(coming, "没有人在等" + ("，先留着" if coming.kind == "message" else ""))
            if coming.kind == "message":
                self._kept[coming.id] = (coming, self._stage.now + KEPT_FOR)

    def _is_awaited(self, coming: Coming) -> bool:
        """Whether the case waits for it; without a key a message finds no case, as it knows none."""
        waits = {(wait.kind, wait.name, wait.key) for wait in self._stage.waits}
        return (coming.kind == "signal" or coming.key != "") and (coming.kind, coming.name, self._key(coming)) in waits

    def _hand(self, coming: Coming) -> bool:
        """Give it to the case, if that waits for it."""
        if not self._is_awaited(coming):
            return False
        self._stage.deliver(replace(coming, key=self._key(coming)), self._told(coming, "送到"))
        return True

    def _key(self, coming: Coming) -> str:
        """The key by which the case itself waits for it."""
        return "" if coming.key == self._case else coming.key

    def _begin(self, coming: Coming) -> list[bool]:
        """For each start event that waits for it: whether the story's case begins there, or another."""
        found = waiting_starts(self._stage.pack, coming.kind, coming.name)
        return [self._begin_at(coming, start, event) for start, event in found]

    def _begin_at(self, coming: Coming, start: Start, event: Beginning) -> bool:
        if self._stage.state or self._start not in ("", start.name):
            self._say(coming, f"另外开始“{start.name}”，不在这个故事里")
            return False
        self._stage.begin_by(start, event, coming.payload, self._told(coming, f"开始“{start.name}”"))
        return True

    def _say(self, coming: Coming, what: str) -> None:
        self._stage.say(self._told(coming, what))

    def _told(self, coming: Coming, what: str) -> str:
        return f"{SIGNS[coming.kind]} {self.called(coming)}{what}"
