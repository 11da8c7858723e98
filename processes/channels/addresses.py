"""Where the partners of the exchange are reached, and the secrets shared with them: the installation's, in one file."""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from standardwebhooks import Webhook as Signing
from standardwebhooks.webhooks import WebhookVerificationError

from engine.errors import Rejected

SHORTEST_SECRET = 24


class AddressesUnfit(Rejected):
    """The file of the exchange's addresses cannot be used."""

    code = "addresses_unfit"
    message = "消息交换的地址文件 {file} 不能用：{why}。"
    advice = "请改正 WHISTLE_EXCHANGE 指定的文件后重新启动。"


@dataclass(frozen=True)
class Address:
    """Where a partner takes letters in, and the secret shared with it: base64, `whsec_` may stand before it.

    Raises ValueError for what is no address of the web, or no secret of at least 24 bytes.
    """

    url: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what could not be used: better at the start than with the first letter."""
        if not self.url.startswith(("http://", "https://")):
            raise ValueError("url 应以 https:// 或 http:// 开头")
        text = self.secret.removeprefix("whsec_")
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except ValueError as error:
            raise ValueError("secret 应为 base64 文字") from error
        if len(raw) < SHORTEST_SECRET:
            raise ValueError(f"secret 应有 {SHORTEST_SECRET} 个字节以上")

    def signed(self, body: bytes, id: str, at: datetime) -> dict[str, str]:
        """The headers that say whose letter this is and when (UTC) it was signed."""
        signature = Signing(self.secret).sign(id, at, body.decode())
        return {"webhook-id": id, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}

    def has_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether the partner signed this, within five minutes of the machine's time."""
        try:
            Signing(self.secret).verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError):
            return False
        return True


def read_addresses(file: Path) -> dict[str, Address]:
    """The addresses by division code: `["990001"]` with `url` and `secret`; raises AddressesUnfit."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AddressesUnfit(file=str(file), why=f"读不出来（{error}）") from error
    return {code: _read(file, code, section) for code, section in told.items()}


def _read(file: Path, code: str, section: object) -> Address:
    if not isinstance(section, dict) or section.keys() != {"url", "secret"}:
        raise AddressesUnfit(file=str(file), why=f"[“{code}”] 应写 url 和 secret，也只写这两项")
    try:
        return Address(**section)
    except (ValueError, AttributeError, TypeError) as error:
        raise AddressesUnfit(file=str(file), why=f"[“{code}”] 的 {error}") from error
