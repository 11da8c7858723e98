"""Server processes: gunicorn with two workers and the clock beside it, as in production; waitress to compare with."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.bench.site import Site
from tests.bench.wire import Wire, get

WORKERS, THREADS = 2, 16


@dataclass(frozen=True)
class Server:
    """Where it listens, and the processes that serve."""

    port: int
    pids: tuple[int, ...]


@contextmanager
def gunicorn(application: str, environment: dict[str, str], *, workers: int = WORKERS) -> Iterator[Server]:
    """A WSGI application (`module:name()`) as gunicorn serves it."""
    port = _free_port()
    options = ["--preload", "-k", "gthread", "-w", str(workers), "--threads", str(THREADS), "--keep-alive", "75"]
    command = [sys.executable, "-m", "gunicorn", *options, "-b", f"127.0.0.1:{port}", "--log-level", "warning"]
    with _process([*command, application], environment) as pid:
        _wait_for(port)
        yield Server(port, (pid,))


@contextmanager
def whistle(site: Site) -> Iterator[Server]:
    """The site in production's shape: two gunicorn workers, and the clock in a process of its own."""
    environment = _environment(site)
    with ExitStack() as stack:
        clock = stack.enter_context(_process([sys.executable, "-m", "web", "work"], environment))
        server = stack.enter_context(gunicorn("web.serving:build()", environment))
        yield Server(server.port, (*server.pids, clock))


@contextmanager
def waitress(site: Site) -> Iterator[Server]:
    """The site as `whistle serve` serves it: one process, with the clock in a thread."""
    port = _free_port()
    command = [sys.executable, "-m", "web", "serve", "--port", str(port)]
    with _process(command, _environment(site)) as pid:
        _wait_for(port)
        yield Server(port, (pid,))


def _environment(site: Site) -> dict[str, str]:
    settings = site.settings
    return {"WHISTLE_DATABASE": settings.database, "WHISTLE_DATA": str(settings.data), "WHISTLE_DEMO": "1"}


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            wire = Wire(port)
            wire.ask(get("/healthz"))
            wire.close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
