"""Letters from the exchange: who may send us what is in county.toml; what comes is a message like any other.

Whoever calls this has seen the sender's signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from engine.errors import Rejected
from engine.outside_values import UnfitValue, fit_text
from processes.exchange import LONGEST_ID, LONGEST_TEXT, find_partner
from processes.installation import Installation
from processes.messages import Message, Receipt, send
from processes.pack import Pack

LONGEST_CODE = 12


class UnreadableLetter(Rejected):
    """What came is no letter."""

    code = "unreadable_letter"
    message = "来的不是一封消息：{why}。"
    advice = "应为 JSON，有 from、to、id、message、key（文字）和 payload；没有保存任何内容。"


class UnknownSender(Rejected):
    """The sender is nobody we exchange messages with."""

    code = "unknown_sender"
    message = "这里不与 {sender} 交换消息。"
    advice = "请与对方核对双方的区划代码；没有保存任何内容。"


class MessageNotTaken(Rejected):
    """We do not take this message from this sender."""

    code = "message_not_taken"
    message = "这里不收 {sender} 发来的“{message}”。"
    advice = "请与对方核对消息名称；没有保存任何内容。"


@dataclass(frozen=True)
class Letter:
    """One letter: `sender` and `to` are division codes, `id` the sender's, `key` the correlation key ("" for none)."""

    sender: str
    to: str
    id: str
    message: str
    key: str
    payload: Mapping[str, object]


def read_letter(body: bytes) -> Letter:
    """The letter in a request's body; raises UnreadableLetter. Believe nothing in it before it is verified."""
    try:
        told = orjson.loads(body)
    except ValueError as error:
        raise UnreadableLetter(why="不是 JSON") from error
    if not isinstance(told, dict) or not isinstance(told.get("payload", {}), dict):
        raise UnreadableLetter(why="payload 应为若干“名称: 值”")
    return Letter(
        sender=_text(told, "from", LONGEST_CODE),
        to=_text(told, "to", LONGEST_CODE),
        id=_text(told, "id", LONGEST_ID),
        message=_text(told, "message", LONGEST_TEXT),
        key=_text(told, "key", LONGEST_TEXT) if told.get("key") else "",
        payload=told.get("payload", {}),
    )


def take_in(inst: Installation, pack: Pack, letter: Letter, *, now: datetime) -> Receipt:
    """Take in a letter that its sender has signed, once by its id; what became of the message.

    Whatever the payload says, `from_county` is who signed it. Raises UnknownSender, MessageNotTaken, and what
    `processes.messages.send` raises: then nothing is kept.
    """
    partner = find_partner(pack, letter.sender)
    if partner is None or partner.code != letter.sender:
        raise UnknownSender(sender=letter.sender)
    if letter.message not in partner.takes:
        raise MessageNotTaken(sender=partner.name, message=letter.message)
    payload = {**letter.payload, "from_county": letter.sender}
    message = Message(f"{letter.sender}:{letter.id}", letter.message, letter.key, payload)
    return send(inst, pack.code, message, now=now)


def _text(told: Mapping[str, object], name: str, longest: int) -> str:
    text = told.get(name)
    try:
        return fit_text(name, text if isinstance(text, str) else "", longest)
    except UnfitValue as unfit:
        raise UnreadableLetter(why=f"{name} 应为 1 至 {longest} 个字的文字") from unfit
