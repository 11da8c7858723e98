"""The channel between counties: a signed letter, posted to where the other side takes them in.

Signed as Standard Webhooks says (standardwebhooks.com), so that a partner with another system can take part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson

from processes.channels.addresses import Address

TIMEOUT_SECONDS = 10
LONGEST_REPLY = 20_000


class NotTaken(Exception):
    """The other side could not be reached, or did not take the letter."""


@dataclass(frozen=True)
class Exchange:
    """Posts letters to the partners that have an address; `now` is the machine's clock, for the signature."""

    addresses: Mapping[str, Address]
    now: Callable[[], datetime]

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """Post once; raises NotTaken, in words for people."""
        to = str(payload["to"])
        address = self.addresses.get(to)
        if address is None:
            raise NotTaken(f"没有 {to} 的地址和密钥，请写进 WHISTLE_EXCHANGE 指定的文件，重启后再重试")
        body = orjson.dumps({**payload, "id": key}, default=_number)
        try:
            reply = _post(address, body, address.signed(body, key, self.now()))
        except HTTPError as error:
            with error:
                raise NotTaken(f"{to} 没有收下（{error.code}）：{_said(error.read(LONGEST_REPLY))}") from error
        except (OSError, HTTPException) as error:
            raise NotTaken(f"连不上 {to}（{error}），请核对地址和网络") from error
        if "state" not in _read(reply):
            raise NotTaken(f"{to} 的地址上答复的不是消息交换，请核对地址：{_said(reply)}")


def _post(address: Address, body: bytes, signature: Mapping[str, str]) -> bytes:
    headers = {"Content-Type": "application/json", **signature}
    request = Request(address.url, data=body, headers=headers, method="POST")  # noqa: S310  # an Address is of the web
    with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  # the same
        told: bytes = answer.read(LONGEST_REPLY)
    return told


def _said(reply: bytes) -> str:
    """What the other side answered, in its words."""
    told = _read(reply)
    words = "".join(str(told[each]) for each in ("title", "detail") if told.get(each))
    return words or reply[:200].decode(errors="replace")


def _read(reply: bytes) -> Mapping[str, Any]:
    try:
        told = orjson.loads(reply)
    except ValueError:
        return {}
    return told if isinstance(told, Mapping) else {}


def _number(value: object) -> orjson.Fragment:
    """An exact number as JSON writes it; all else a letter carries JSON knows."""
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(type(value).__name__)
