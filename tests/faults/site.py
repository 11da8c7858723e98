"""All the processes of an installation, as in production; any of them may die."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.faults.servers import Server, Worker

CELERY = ("celery", "-A", "web.cluster", "worker", "--concurrency", "2", "--loglevel", "WARNING")
DISPATCH = ("web", "dispatch")


@dataclass(frozen=True)
class Site:
    """The server and those who do the jobs."""

    server: Server
    workers: list[Worker]

    def ways_to_die(self) -> list[Callable[[], None]]:
        """Each process of the site may be killed; whoever keeps it running starts it again."""
        commands: list[Server | Worker] = [self.server, *self.workers]
        children = [child for command in commands for child in command.children]
        return [partial(_kill_and_start, command) for command in commands] + [partial(_kill, pid) for pid in children]


@contextmanager
def a_whole_site(data: Path, url: str, sms_url: str, broker: str = "") -> Iterator[Site]:
    """On SQLite a server and a worker; on PostgreSQL a server of two processes and two workers, or Celery's."""
    environment = {"WHISTLE_DATABASE": url, "WHISTLE_SMS_URL": sms_url, "WHISTLE_BROKER": broker}
    many = url.startswith("postgresql")
    server = Server(data, environment, options=("--workers", "2") if many else ())
    if broker:
        workers = [Worker(data, environment, "dispatch", DISPATCH), Worker(data, environment, "celery", CELERY)]
    else:
        workers = [Worker(data, environment, f"worker{number}") for number in range(2 if many else 1)]
    with ExitStack() as whole:
        for command in (server, *workers):
            whole.enter_context(command).start()
        yield Site(server, workers)
        assert [command.stop() for command in (server, *workers)] == [0] * (1 + len(workers))


def _kill_and_start(command: Server | Worker) -> None:
    command.kill()
    command.start()


def _kill(pid: int) -> None:
    """It may have ended by itself in the meantime."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
