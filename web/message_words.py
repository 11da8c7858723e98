"""What left a matter and what came to it, as its page says it."""

from __future__ import annotations

from engine.store.journal import Line
from processes.pack import Pack

_SENDS = ("sendTask", "intermediateThrowEvent", "endEvent")
_CHANNELS = {"sms": "短信已发出"}


def told(line: Line, pack: Pack) -> str | None:
    """A journal line about a message as a sentence; None for lines about other things."""
    channel = str(line.facts.get("channel", ""))
    match line.fact:
        case "EffectSent":
            return _CHANNELS.get(channel) or f"{line.facts.get('name', channel)}已送达"
        case "MessageDelivered":
            return f"收到消息：{_called(pack, str(line.facts['message']))}"
    return None


def _called(pack: Pack, message: str) -> str:
    """What the diagram calls the event that takes this message in; the message's own name where it has none."""
    drawn = (element for process in pack.definition.processes for element in process.elements)
    elements = (element for element in drawn if element.kind not in _SENDS)
    named = (element.name for element in elements for event in element.events if event.name == message)
    return next(filter(None, named), message)
