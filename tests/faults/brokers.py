"""Brokers from Debian, each on free ports in a folder of its own, that may crash and come back."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.servers import free_port
from tests.kit.patience import until

RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"


@dataclass
class Broker:
    """A running broker; `url` is what WHISTLE_BROKER is set to."""

    url: str
    port: int
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it listens."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        self.process = subprocess.Popen(self.command, env={**os.environ, **self.environment}, **quiet)
        until(self._listens)

    def crash(self) -> None:
        """kill -9, and start again with whatever it had written down."""
        self.kill()
        self.start()

    def kill(self) -> None:
        """kill -9 to it and its children."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def a_broker(name: str, data: Path) -> Iterator[Broker]:
    """Redis without persistence, or RabbitMQ; skipped where it is not installed, but never in CI."""
    found = shutil.which("redis-server") if name == "redis" else shutil.which(RABBITMQ)
    if found is None and os.getenv("CI") != "true":
        pytest.skip(f"no {name} on this machine")
    assert found, f"CI must have {name}"
    with ExitStack() as stack:
        broker = _redis(found, data) if name == "redis" else _rabbitmq(found, data, stack)
        broker.start()
        stack.callback(broker.kill)
        yield broker


def _redis(program: str, data: Path) -> Broker:
    port = free_port()
    options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(data))
    return Broker(f"redis://127.0.0.1:{port}/0", port, (program, "--port", str(port), *options))


def _rabbitmq(program: str, data: Path, stack: ExitStack) -> Broker:
    """With a port mapper of its own too, which would outlive it otherwise."""
    port, mapper = free_port(), free_port()
    command = ["epmd", "-port", str(mapper), "-address", "127.0.0.1"]
    stack.callback(_end, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    folders = {name: str(data / name.lower()) for name in ("RABBITMQ_MNESIA_BASE", "RABBITMQ_LOG_BASE")}
    environment = {
        "HOME": str(data),
        "ERL_EPMD_PORT": str(mapper),
        "RABBITMQ_NODENAME": f"whistle{port}@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(data / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(data / "none"),
        "RABBITMQ_CONF_ENV_FILE": str(data / "none"),
        "RABBITMQ_PID_FILE": str(data / "pid"),
        **folders,
    }
    return Broker(f"amqp://guest:guest@127.0.0.1:{port}//", port, (program,), environment)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
