"""What the measurements over HTTP share: a PostgreSQL server, the site on it, its server processes and its people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from tests.bench.processor import Spent, spending
from tests.bench.sampling import progress
from tests.bench.served import Server, whistle
from tests.bench.site import (
    REVIEWERS,
    TOWNSHIPS,
    Site,
    Visitor,
    a_measured_site,
    open_tasks,
    raising,
    reviewing,
    sign_in,
)
from tests.bench.wire import Driven, Request, drive
from tests.kit.postgres import a_database

CLIENTS = 4


@dataclass(frozen=True)
class Stage:
    """The site being served, with four clerks, four examiners and the three reviewers signed in."""

    site: Site
    server: Server
    clerks: list[Visitor]
    examiners: list[Visitor]
    reviewers: dict[str, Visitor]
    database_pid: int

    def drive(self, clients: Sequence[Sequence[Request]], *, of: str = "", anew: bool = False) -> tuple[Driven, Spent]:
        """Let clients send their requests; says what it cost when it has a name. `anew`: as for `wire.drive`."""
        with spending([*self.server.pids, self.database_pid]) as spent:
            driven = drive(self.server.port, clients, anew=anew)
        if of:
            count = len(driven.times)
            cost, driver = spent.ours / count * 1000, spent.driver / count * 1000
            progress(
                f"{of}: {driven.rate:.0f}/s, {cost:.1f} ms CPU each (driver {driver:.2f}), foreign {spent.foreign:.0%}"
            )
        return driven, spent

    def raise_cases(self, count: int) -> list[str]:
        """Ids of new cases, raised through the pages by four clerks at once."""
        each = -(-count // CLIENTS)
        driven, _ = self.drive([[raising(clerk) for _ in range(each)] for clerk in self.clerks], of="raise")
        return [answer.header("Location")[0].rpartition("/")[2] for told in driven.answers for answer in told][:count]

    def to_examine(self, cases: list[str]) -> dict[str, str]:
        """Ids of the open examinations by case."""
        return {case: task for (case, _), task in open_tasks(self.site, "examine", cases).items()}

    def reviews(self, cases: list[str]) -> list[list[Request]]:
        """The requests of the three reviewers, each with all cases in the same order."""
        tasks = open_tasks(self.site, "review", cases)
        return [[reviewing(self.reviewers[unit], tasks[case, unit]) for case in cases] for unit in REVIEWERS]

    def vacuum(self) -> None:
        """Statistics and free space as a database that has run for a day has them."""
        with self.site.inst.db.writing.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


@contextmanager
def a_stage(root: Path, postgres: str) -> Iterator[Stage]:
    """Everything set up, on an empty database of that server."""
    with a_database(postgres) as url, a_measured_site(root, url) as site, whistle(site) as server:
        yield Stage(
            site,
            server,
            [sign_in(site, server.port, f"clerk@{unit}") for unit in TOWNSHIPS],
            [sign_in(site, server.port, "examiner@desk", f"examiner-{number}") for number in range(CLIENTS)],
            {unit: sign_in(site, server.port, f"reviewer@{unit}") for unit in REVIEWERS},
            _postmaster(site),
        )


def dealt(requests: Sequence[Request], clients: int = CLIENTS) -> list[Sequence[Request]]:
    """The requests, dealt out like cards."""
    return [requests[number::clients] for number in range(clients)]


def _postmaster(site: Site) -> int:
    """The database server's first process, the parent of the one that answers us."""
    with site.inst.db.read() as session:
        answering = session.scalar(text("SELECT pg_backend_pid()"))
    return int(Path(f"/proc/{answering}/stat").read_text().rpartition(")")[2].split()[1])
