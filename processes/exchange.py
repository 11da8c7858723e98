"""Whom a county exchanges messages with (county.toml, `[exchange.<name>]`): other counties, the city.

What they are called and what they may send is the folder's; where they are reached is the installation's
(processes.channels.exchange).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.checking import nearest
from processes.pack import Pack

LONGEST_NAME = 50
LONGEST_ID, LONGEST_TEXT = 90, 200
"""The sender's id of a message (kept with its code before it); a message's name, and its correlation key."""
LARGEST_PAYLOAD = 200_000
"""Bytes of what one message may carry."""
_CODE = re.compile(r"[0-9]{6}")
VERB = "send_message"
_LITERAL = re.compile(r'\s*"([^"]*)"\s*')
_KEYS = ("name", "code", "takes")
_WAITING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


@dataclass(frozen=True)
class Partner:
    """Another side of the exchange: its key below `[exchange]`, what people call it, its division code, and the names
    of the messages that we take from it.
    """

    key: str
    name: str
    code: str
    takes: tuple[str, ...]


def find_partner(pack: Pack, named: object) -> Partner | None:
    """The partner of this key below `[exchange]`, or of this division code; a section that cannot be read has none."""
    found = (_read(key, section) for key, section in _sections(pack).items())
    return next((each for each in found if each is not None and named in (each.key, each.code)), None)


def loose_exchange(pack: Pack) -> Iterator[str]:
    """What is wrong with the sections, as sentences without their full stop."""
    if not isinstance(pack.county.get("exchange", {}), Mapping):
        yield "[exchange] 应分对方写成 [exchange.某某]，各写 name、code、takes"
    codes: Counter[str] = Counter()
    for key, section in _sections(pack).items():
        partner = _read(key, section)
        if partner is None:
            yield (
                f"[exchange.{key}] 应写 name（怎样称呼对方，1 至 {LONGEST_NAME} 个字）、code（对方的六位区划代码，"
                "加引号）和 takes（收哪些消息，名称的列表），也只能写这三项"
            )
            continue
        codes[partner.code] += 1
        yield from _loose(pack, partner, codes)
    yield from _nowhere(pack)


def _loose(pack: Pack, partner: Partner, codes: Counter[str]) -> Iterator[str]:
    if partner.code == pack.code:
        yield f"[exchange.{partner.key}] 的 code 是本县自己的代码，应写对方的"
    elif codes[partner.code] == 2:
        yield f"[exchange.{partner.key}] 的 code {partner.code} 写了不止一次，一个对方只写一节"
    known = awaited_messages(pack)
    for name in partner.takes:
        if name not in known:
            near = nearest(name, known)
            told = f"您是不是想写“{near}”" if near else "请核对名称，或者先画出等它的图"
            yield f"[exchange.{partner.key}] 的 takes 里，流程图没有名为“{name}”的消息，{told}"


def _nowhere(pack: Pack) -> Iterator[str]:
    """Service tasks that write to a name that no section has; a name that is worked out only a case can tell."""
    for element in (element for process in pack.definition.processes for element in process.elements):
        named = _LITERAL.fullmatch(element.inputs.get("to", "")) if element.attributes.get("topic") == VERB else None
        if named and find_partner(pack, named[1]) is None:
            yield f"“{element.name}”（{element.id}）把消息发给“{named[1]}”，但没有写 [exchange.{named[1]}] 这一节"


def awaited_messages(pack: Pack) -> frozenset[str]:
    """The names of the messages that some diagram waits for."""
    elements = (element for process in pack.definition.processes for element in process.elements)
    waiting = (element for element in elements if element.kind in _WAITING)
    return frozenset(event.name for element in waiting for event in element.events if event.kind == "message")


def _sections(pack: Pack) -> Mapping[str, Any]:
    sections = pack.county.get("exchange", {})
    return sections if isinstance(sections, Mapping) else {}


def _read(key: str, section: object) -> Partner | None:
    """One section; None when it is not as it should be."""
    if not isinstance(section, Mapping) or sorted(section) != sorted(_KEYS):
        return None
    name, code, takes = (section[each] for each in _KEYS)
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        return None
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        return None
    if not isinstance(takes, list) or not all(isinstance(each, str) and each for each in takes):
        return None
    return Partner(key, name, code, tuple(takes))
