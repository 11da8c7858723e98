"""All the processes of an installation, as in production."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.servers import Server, Worker


@contextmanager
def a_whole_site(data: Path, url: str, sms_url: str) -> Iterator[tuple[Server, list[Worker]]]:
    """On PostgreSQL a server of two processes and two workers; on SQLite one of each."""
    environment = {"WHISTLE_DATABASE": url, "WHISTLE_SMS_URL": sms_url}
    many = url.startswith("postgresql")
    server = Server(data, environment, options=("--workers", "2") if many else ())
    workers = [Worker(data, environment, f"worker{number}").start() for number in range(2 if many else 1)]
    server.start()
    try:
        yield server, workers
        assert [command.stop() for command in (server, *workers)] == [0] * (1 + len(workers))
    finally:
        for command in (server, *workers):
            if command.process is not None:
                command.kill()
