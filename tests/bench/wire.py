"""HTTP as cheaply as Python can send it: requests prepared as bytes, connections kept open, answers barely read."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote, urlencode

Request = bytes
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What came back: status, head and body as bytes."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> list[str]:
        """All values of a header."""
        found = re.findall(rf"^{name}: *(.*?)\r?$".encode(), self.head, re.IGNORECASE | re.MULTILINE)
        return [value.decode() for value in found]


class Wire:
    """One connection to a server on this machine, kept open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: Request) -> Answer:
        """Send one request and wait for the whole answer."""
        self._socket.sendall(request)
        got = self._socket.recv(1 << 18)
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        while length and len(body) < int(length[1]):
            body += self._more()
        return Answer(int(head[9:12]), head, body)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _more(self) -> bytes:
        got = self._socket.recv(1 << 18)
        if not got:
            raise ConnectionError("the server hung up")
        return got


def get(path: str, cookies: str = "") -> Request:
    """A request for a page."""
    return f"GET {quote(path, safe='/?=&%')} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode()


def post(path: str, pairs: Sequence[tuple[str, str]], cookies: str = "") -> Request:
    """A request that sends a form."""
    body = urlencode(pairs).encode()
    lines = [
        f"POST {quote(path, safe='/%')} HTTP/1.1",
        "Host: localhost",
        f"Cookie: {cookies}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Driven:
    """What came of a load: seconds it took, milliseconds of each request, and the answers, client by client."""

    wall: float
    times: list[float]
    answers: list[list[Answer]]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times) / self.wall


def drive(port: int, clients: Sequence[Sequence[Request]]) -> Driven:
    """Each client sends its requests one after the other, all clients at once; a refusal stops the measurement."""
    wires = [Wire(port) for _ in clients]
    began = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        played = list(pool.map(_play, wires, clients))
    wall = time.perf_counter() - began
    for wire in wires:
        wire.close()
    return Driven(wall, [each for times, _ in played for each in times], [answers for _, answers in played])


def _play(wire: Wire, requests: Sequence[Request]) -> tuple[list[float], list[Answer]]:
    times, answers = [], []
    for request in requests:
        began = time.perf_counter()
        answer = wire.ask(request)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != (302 if request.startswith(b"POST") else 200):
            raise RuntimeError(f"{request[:60]!r}: {answer.status} {answer.body[-2000:].decode(errors='replace')}")
        answers.append(answer)
    return times, answers
