"""Real `whistle` commands in processes of their own, and browsers that talk to them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO, Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

from tests.kit.patience import until

ROOT = Path(__file__).parents[2]


@dataclass
class Command:
    """A `whistle` command in a process group of its own; `kill` it as a power cut would, or `stop` it politely."""

    data: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str = "command"
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    earlier: int = field(default=0, init=False)
    """How much it had printed before it was started this time."""

    def begin(self, *arguments: str, **environment: str) -> None:
        """Start it; what it says goes to a file."""
        theirs = ("WHISTLE_", "PORT", "PYTHONDONTWRITEBYTECODE")  # without the last it need not compile us each time
        plain = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
        given = {"WHISTLE_DATA": str(self.data), "WHISTLE_DEMO": "1", "WHISTLE_TICK_SECONDS": "0.1"}
        given |= {
            "WHISTLE_THREADS": "8",
            "PYTHONWARNINGS": "default",
            "PYTHONFAULTHANDLER": "1",
            **self.environment,
            **environment,
        }
        with self._log("ab") as log:
            self.earlier = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=plain | given,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9 to it and all its children: nothing is flushed, nothing is said."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self._wait()

    def __enter__(self) -> Self:
        """Started or not, it does not outlive its test."""
        return self

    def __exit__(self, *_error: object) -> None:
        """A power cut, unless it was stopped."""
        if self.process is not None:
            self.kill()

    @property
    def children(self) -> list[int]:
        """The processes it has started, if it works in several."""
        assert self.process is not None
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in listed.read_text().split()]

    @property
    def said(self) -> str:
        """Everything it printed so far."""
        with self._log("rb") as log:
            return log.read().decode()

    @property
    def says(self) -> str:
        """What it printed since it was started."""
        with self._log("rb") as log:
            log.seek(self.earlier)
            return log.read().decode()

    def _wait(self) -> int:
        assert self.process is not None
        try:
            return self.process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # it says where its threads are
            self.process.wait()
            raise AssertionError(f"it does not end: {self.said}") from None
        finally:
            self.process = None

    def _log(self, mode: str) -> IO[bytes]:
        self.data.mkdir(exist_ok=True)
        return (self.data / f"{self.name}.log").open(mode)


@dataclass
class Server(Command):
    """`whistle serve`."""

    name: str = "server"
    port: int = field(default_factory=lambda: free_port())
    options: tuple[str, ...] = ()

    def start(self, *options: str, **environment: str) -> Server:
        """Start and wait until it answers; `options` given here take the place of all others."""
        self.launch(*options, **environment)
        self.wait()
        return self

    def launch(self, *options: str, **environment: str) -> None:
        """Start without waiting."""
        port = () if "PORT" in environment else ("--port", str(self.port))
        self.begin("web", "serve", *(options or (*port, *self.options)), **environment)

    def wait(self) -> None:
        """Wait until it answers."""
        until(self._answers)

    def _answers(self) -> bool:
        assert self.process is not None and self.process.poll() is None, self.said
        try:
            return Browser(self.port).get("/healthz")[0] == 200
        except OSError:
            return False


@dataclass
class Worker(Command):
    """`whistle work`, or another command that does not listen."""

    name: str = "worker"
    does: tuple[str, ...] = ("web", "work")
    ready: str = "Ctrl-C"

    def start(self) -> Worker:
        """Start; it may take a while until it works."""
        self.begin(*self.does)
        return self

    def wait(self) -> None:
        """Wait until it says that it is at work."""
        until(lambda: self.ready in self.says)


class Browser:
    """A browser without scripts: cookies, the token of the forms, and no redirect followed."""

    def __init__(self, port: int) -> None:
        self.at = f"http://127.0.0.1:{port}"
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()), _StayHere())
        self._token = ""

    def sign_in(self, person: str) -> Browser:
        """Step in as a made-up person."""
        self._take_token("/login")
        status, _ = self.post("/login/demo", {"person": person})
        assert status == 302
        self._take_token("/account/")
        return self

    def get(self, path: str) -> tuple[int, str]:
        """The status and the page."""
        return self._ask(Request(self.at + path))

    def post(self, path: str, data: Mapping[str, object]) -> tuple[int, str]:
        """The status, and where it leads or the page."""
        body = urlencode({**data, "csrf_token": self._token}, doseq=True).encode()
        return self._ask(Request(self.at + path, data=body))

    def upload(self, path: str, data: Mapping[str, object], field: str, name: str, content: bytes) -> tuple[int, str]:
        """The same with a file."""
        parts = [
            f'--cut\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in data.items()
        ]
        parts.append(f'--cut\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self._token}\r\n')
        parts.append(f'--cut\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n')
        body = "".join(parts).encode() + content + b"\r\n--cut--\r\n"
        return self._ask(
            Request(self.at + path, data=body, headers={"Content-Type": "multipart/form-data; boundary=cut"})
        )

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.headers.get("Location") or refused.read().decode()

    def _take_token(self, path: str) -> None:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path)[1])
        assert found
        self._token = found[1]


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
