"""What comes to a story from outside, instead of a person: a message or a signal, as a step of the story tells it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

KINDS = {"message": "消息", "signal": "信号"}
COMINGS = {*KINDS, "key", "id", "payload"}
"""The keys of a step that only go with a message or signal."""

PERSONS = {"by", "does", "person", "unit", "outcome", "answers", "start", "about"}
"""The keys of a step that only go with a person."""


@dataclass(frozen=True)
class Coming:
    """A message or signal (`kind`): its correlation key, its sender's `id`, and what it carries.

    Without a key a message is for the story's own case, as if its sender knew it.
    """

    kind: str
    name: str
    key: str
    id: str
    payload: Mapping[str, object]


class OddComing(ValueError):
    """A step that cannot be read: which of its keys, and why."""


def read_coming(told: Mapping[str, Any], id: str) -> Coming | None:
    """The message or signal of a step, None if it has none; `id` unless it says its own. Raises OddComing."""
    kinds = [kind for kind in KINDS if kind in told]
    if not kinds:
        _refuse(told.keys() & COMINGS, "只和 message、signal 一起写")
        return None
    _refuse(told.keys() & PERSONS, "不和 message、signal 一起写")
    _refuse(kinds if len(kinds) > 1 else (), "不能写在同一步")
    kind = kinds[0]
    _refuse({"key"} & told.keys() if kind == "signal" else (), "只和 message 一起写：信号发给所有在等的")
    texts = {"key": "", "id": id, **told}
    _refuse([each for each in (kind, "key", "id") if not isinstance(texts[each], str)], "应为文字")
    payload = told.get("payload", {})
    _refuse(["payload"] if not isinstance(payload, dict) else (), "应为若干“名称 = 值”")
    return Coming(kind, texts[kind], texts["key"], texts["id"], payload)


def read_awaited(told: Mapping[str, Any]) -> bool:
    """Whether the case must have waited for what came: yes, unless the step says no. Raises OddComing."""
    awaited = told.get("then", {}).get("awaited")
    _refuse(
        ["then.awaited"] if awaited is not None and not told.keys() & {*KINDS} else (), "只和 message、signal 一起写"
    )
    _refuse(["then.awaited"] if not isinstance(awaited, bool | None) else (), "应为 true 或 false")
    return awaited is not False


def _refuse(keys: Collection[str], why: str) -> None:
    if keys:
        raise OddComing(f"{'、'.join(sorted(keys))} {why}")
