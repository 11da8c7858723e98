"""A channel that posts JSON to an address of the county's own, such as its SMS gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.request import Request, urlopen

from engine.values import to_bytes

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Webhook:
    """Posts to `url` (http or https, set by whoever runs the installation)."""

    url: str

    def __post_init__(self) -> None:
        """Refuse an address that is not of the web."""
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"not a web address: {self.url}")

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """Post once; raises OSError when it cannot be reached or answers with an error."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        request = Request(self.url, data=to_bytes(dict(payload)), headers=headers, method="POST")  # noqa: S310  # see above
        with urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310  # only addresses of the web get here
            pass
