"""All the processes of an installation, as in production; any of them may die."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.servers import Server, Worker

CELERY = ("celery", "-A", "web.cluster", "worker", "--concurrency", "2", "--loglevel", "WARNING")
DISPATCH = ("web", "dispatch")


@dataclass(frozen=True)
class Site:
    """The server and those who do the jobs."""

    server: Server
    workers: list[Worker]

    def kill_some(self, dice: random.Random, most: int) -> int:
        """Up to three processes die at the same moment; whoever keeps the site running starts them again.

        Returns how many died.
        """
        commands: list[Server | Worker] = [*self.workers, self.server]
        children = [child for command in commands for child in command.children]
        among: list[Server | Worker | int] = [*commands, *children]
        dying = dice.sample(among, k=min(most, len(among), dice.choice((1, 1, 2, 3))))
        for each in dying:
            _kill(each) if isinstance(each, int) else each.kill()
        for command in commands:
            if command.process is None:
                command.start()
        return len(dying)


@contextmanager
def a_whole_site(data: Path, url: str, sms_url: str, broker: str = "") -> Iterator[Site]:
    """On SQLite a server and a worker; on PostgreSQL a server of two processes and two workers, or Celery's."""
    environment = {"WHISTLE_DATABASE": url, "WHISTLE_SMS_URL": sms_url, "WHISTLE_BROKER": broker}
    many = url.startswith("postgresql")
    server = Server(data, environment, options=("--workers", "2") if many else ())
    if broker:
        workers = [
            Worker(data, environment, "dispatch", does=DISPATCH),
            Worker(data, environment, "celery", does=CELERY, ready="celery@"),
        ]
    else:
        workers = [Worker(data, environment, f"worker{number}") for number in range(2 if many else 1)]
    with ExitStack() as whole:
        for command in (server, *workers):
            whole.enter_context(command).start()
        for command in workers:
            command.wait()
        yield Site(server, workers)
        for command in workers:
            command.wait()  # one that was killed last may still be starting
        for command in (server, *workers):
            assert command.stop() == 0, command.said


def _kill(pid: int) -> None:
    """It may have ended by itself in the meantime."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
