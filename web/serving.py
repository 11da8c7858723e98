"""Starting up: database brought up to date, shipped counties offered, the clock's thread, the web server."""

from __future__ import annotations

import logging
import secrets
import signal
import threading
from datetime import UTC, datetime, timedelta
from importlib.metadata import packages_distributions
from importlib.resources import as_file, files
from pathlib import Path

from flask import Flask
from waitress.server import create_server

from engine.model import Files, read_folder
from engine.store.database import Database
from processes.agenda import strike
from processes.demo import settle
from processes.installation import Installation
from processes.papers import PaperStore
from processes.queries.counties import only_county
from processes.rehearsal import is_rehearsal, settle_purpose
from processes.schema import upgrade
from processes.sealing import seal
from web.app import create_app
from web.clock import Clock
from web.settings import Settings

SWEEP_EVERY = timedelta(hours=1)
_log = logging.getLogger("whistle")


class NameTaken(Exception):
    """Another installed distribution owns one of our import names."""


def set_up(settings: Settings, *, serving: bool = False) -> Installation:
    """The installation, ready for requests; a second start keeps everything that is there.

    The first time it is set up for `serving` says for ever whether it is a rehearsal (`settings.clock`); raises
    InRealUse, ForRehearsalOnly.
    """
    refuse_shared_names()
    settings.data.mkdir(parents=True, exist_ok=True)
    db = Database(settings.database_url)
    upgrade(db)
    if serving:
        settle_purpose(db, rehearsal=settings.clock)
    inst = Installation(db, PaperStore(settings.data / "papers"), settings.demo, is_rehearsal(db))
    _offer(inst, shipped())
    return inst


def shipped() -> Files:
    """The county folder that comes with the program, the first by name where there are several."""
    counties = [folder for folder in files("bpmn").iterdir() if folder.joinpath("county.toml").is_file()]
    with as_file(min(counties, key=lambda folder: folder.name)) as path:
        return read_folder(path)


def serve(settings: Settings, inst: Installation) -> None:
    """Serve until Ctrl-C or SIGTERM; the clock runs beside in a thread of its own."""
    app = create_app(inst, secret=_secret(settings.data), https=settings.https)
    stopped = threading.Event()
    clock = threading.Thread(target=run_clock, args=(inst, stopped, settings.tick_seconds), name="clock", daemon=True)
    server = create_server(app, host=settings.host, port=settings.port, threads=settings.threads, ident="whistle")
    for name in (signal.SIGTERM, signal.SIGINT):  # a shell that starts us in the background ignores the second for us
        signal.signal(name, _interrupt)
    clock.start()
    print(f"吹哨已启动 · Whistle is running: http://{_address(settings)}/   （Ctrl-C 停止 · to stop）", flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        stopped.set()
        server.close()
        clock.join(timeout=10)
        inst.db.close()
        print("已停止，数据都在。Stopped; everything is kept.", flush=True)


def run_clock(inst: Installation, stopped: threading.Event, every: float) -> None:
    """Strike until told to stop, and sweep up broken-off uploads now and then; a fault is logged and it goes on."""
    clock, swept = Clock(inst), datetime.min.replace(tzinfo=UTC)
    while not stopped.wait(every):
        try:
            due_by = clock.now()  # asked before: what is due later is then whoever's who moves the clock
            if not clock.is_held():
                strike(inst, due_by)
            now = clock.machine()
            if now - swept > SWEEP_EVERY:
                inst.papers.sweep(now)
                swept = now
        except Exception:
            _log.exception("the clock stumbled and goes on")


def refuse_shared_names() -> None:
    """Refuse to start if another distribution owns `engine`, `processes`, `web` or `bpmn` (web.py does, for one)."""
    owners = packages_distributions()
    taken = {
        name: owners[name]
        for name in ("engine", "processes", "web", "bpmn")
        if set(owners.get(name, [])) - {"chuishao"}
    }
    if taken:
        raise NameTaken(f"another distribution owns our import names: {taken}")


def build() -> Flask:
    """The application for a WSGI server of one's own, set up from the environment; run `whistle work` beside it."""
    settings = Settings()
    return create_app(set_up(settings, serving=True), secret=_secret(settings.data), https=settings.https)


def _offer(inst: Installation, folder: Files) -> None:
    """Seal the shipped county if it is new or has changed; settle the demonstration's people."""
    digest = seal(inst.db, folder, now=Clock(inst).now())
    with inst.db.write() as session:
        if inst.demo:
            settle(session, only_county(inst, session))
    _log.info("county folder %s is current", digest[:12])


def _secret(data: Path) -> bytes:
    """The secret that signs forms; made once, readable by the owner alone."""
    path = data / "secret"
    if not path.exists() or not path.stat().st_size:  # an empty one is left by a crash between the next two lines
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


def _address(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104  # only compared
    return f"{host}:{settings.port}"


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
