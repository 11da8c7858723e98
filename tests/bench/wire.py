"""HTTP as cheaply as Python can send it: requests prepared as bytes, connections kept open, answers barely read."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
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


def drive(port: int, clients: Sequence[Sequence[Request]], *, anew: bool = False) -> Driven:
    """Each client sends its requests one after the other, all clients at once; a refusal stops the measurement.

    Kept-open connections of a few clients may all have been taken up by one worker, and the others idle. `anew` opens
    one for each request, as a proxy before the server does that keeps none.
    """
    play = _play_anew if anew else _play_kept
    began = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        played = list(pool.map(partial(play, port), clients))
    wall = time.perf_counter() - began
    return Driven(wall, [each for times, _ in played for each in times], [answers for _, answers in played])


def _play_kept(port: int, requests: Sequence[Request]) -> tuple[list[float], list[Answer]]:
    wire = Wire(port)
    played = [_timed(partial(wire.ask, request), request) for request in requests]
    wire.close()
    return [time for time, _ in played], [answer for _, answer in played]


def _play_anew(port: int, requests: Sequence[Request]) -> tuple[list[float], list[Answer]]:
    played = [_timed(partial(_ask_anew, port, request), request) for request in requests]
    return [time for time, _ in played], [answer for _, answer in played]


def _ask_anew(port: int, request: Request) -> Answer:
    wire = Wire(port)
    answer = wire.ask(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
    wire.close()
    return answer


def _timed(ask: Callable[[], Answer], request: Request) -> tuple[float, Answer]:
    began = time.perf_counter()
    answer = ask()
    took = (time.perf_counter() - began) * 1000
    if answer.status != (302 if request.startswith(b"POST") else 200):
        raise RuntimeError(f"{request[:60]!r}: {answer.status} {answer.body[-2000:].decode(errors='replace')}")
    return took, answer
