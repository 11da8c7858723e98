"""A made-up SMS gateway: it counts the texts by their idempotency key, and is as unreliable as a real one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any


@dataclass
class Gateway:
    """Where it listens, and how often each key came. One that came before is not sent to a phone again.

    `unreliable` is the share of requests that end in an error, half of them after the text was sent.
    """

    url: str = ""
    unreliable: float = 0.0
    came: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    @property
    def sent(self) -> set[str]:
        """The texts that went to phones, by key."""
        with self.lock:
            return set(self.came)


@contextmanager
def a_gateway(*, unreliable: float = 0.0) -> Iterator[Gateway]:
    """Listening on a free port."""
    gateway, dice = Gateway(unreliable=unreliable), random.Random(7)

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            with gateway.lock:
                luck = dice.random()
                if luck >= gateway.unreliable / 2:
                    gateway.came[self.headers["Idempotency-Key"]] += 1
            self.send_response(200 if luck >= gateway.unreliable else 503)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    gateway.url = f"http://127.0.0.1:{server.server_port}/sms"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield gateway
    server.shutdown()
    thread.join()
    server.server_close()
