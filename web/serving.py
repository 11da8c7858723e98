"""Starting up: database brought up to date, shipped counties offered, pages served with the clock beside them."""

from __future__ import annotations

import gc
import logging
import secrets
import signal
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from importlib.metadata import packages_distributions
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from flask import Flask, request
from waitress.server import create_server
from werkzeug.wrappers import Response

from engine.executors import Executor
from engine.executors.inline import inline
from engine.model import Files, read_folder
from engine.store.database import Database, take_turn
from processes.agenda import work_of
from processes.channels import Address, Exchange, Webhook, read_addresses
from processes.demo import settle
from processes.installation import Installation
from processes.outbox import Channel
from processes.papers import PaperStore
from processes.queries.counties import only_county
from processes.rehearsal import is_rehearsal, settle_purpose
from processes.schema import upgrade
from processes.sealing import seal
from web.app import create_app
from web.clock import Clock
from web.leaving import leave
from web.settings import Settings

PATIENCE = timedelta(seconds=10)
_log = logging.getLogger("whistle")


class NameTaken(Exception):
    """Another installed distribution owns one of our import names."""


def set_up(settings: Settings, *, serving: bool = False) -> Installation:
    """The installation, ready for requests; a second start keeps everything that is there.

    Several processes may do so at once: one brings the database up to date, the others wait and find it done. The first
    time it is set up for `serving` says for ever whether it is a rehearsal (`settings.clock`); raises InRealUse,
    ForRehearsalOnly.
    """
    refuse_shared_names()
    settings.data.mkdir(parents=True, exist_ok=True)
    db = Database(settings.database_url)
    upgrade(db)
    if serving:
        settle_purpose(db, rehearsal=settings.clock)
    inst = _installation(settings, db)
    _offer(inst, shipped())
    return inst


def open_up(settings: Settings) -> Installation:
    """The installation as it stands, set up by another process: nothing is brought up to date, nothing is written."""
    return _installation(settings, Database(settings.database_url))


def _installation(settings: Settings, db: Database) -> Installation:
    addresses = read_addresses(settings.exchange) if settings.exchange else {}
    return Installation(
        db,
        PaperStore(settings.data / "papers"),
        demo=settings.demo,
        rehearsal=is_rehearsal(db),
        anchors=settings.data / "anchors",
        channels=_channels(settings, addresses),
        addresses=addresses,
    )


def _channels(settings: Settings, addresses: Mapping[str, Address]) -> dict[str, Channel]:
    """The ways out of the house. There is always one to other counties: it says itself whose address it lacks."""
    texts: dict[str, Channel] = {"sms": Webhook(settings.sms_url)} if settings.sms_url else {}
    return {**texts, "exchange": Exchange(addresses, Clock.machine)}


def shipped() -> Files:
    """The county folder that comes with the program, the first by name where there are several; a city's after them."""
    folders = [folder for folder in files("bpmn").iterdir() if folder.joinpath("county.toml").is_file()]
    with as_file(min(folders, key=lambda folder: (_level(folder) != "county", folder.name))) as path:
        return read_folder(path)


def _level(folder: Traversable) -> object:
    """What the folder says it is the folder of: a county, a city."""
    return tomllib.loads(folder.joinpath("county.toml").read_text(encoding="utf-8")).get("level")


def pages(settings: Settings, inst: Installation) -> Flask:
    """The application with the secret of this installation."""
    return create_app(inst, secret=_secret(settings.data), https=settings.https)


def ready_to_fork(settings: Settings, inst: Installation) -> Flask:
    """The application with all that its processes would else make one by one: the county read, the templates compiled.

    What is there by now stays, so garbage need not be looked for in it: a full collection would walk through all of it,
    160 ms that some request would wait. Untouched, its memory also stays shared between the processes.
    """
    app = pages(settings, inst)
    with inst.db.read() as session:
        only_county(inst, session)
    with app.test_request_context():
        for name in app.jinja_env.list_templates():
            app.jinja_env.get_template(name)
    inst.db.close()  # processes that are forked share no connection
    gc.collect()
    gc.freeze()
    return app


def build() -> Flask:
    """The application for a WSGI server of one's own, set up from the environment; run `whistle work` beside it.

    For gunicorn: `gunicorn --preload -k gthread -w 2 --threads 64 --keep-alive 75 'web.serving:build()'`.
    """
    settings = Settings()
    inst = set_up(settings, serving=True)
    return ready_to_fork(settings, inst)


def clock(settings: Settings, inst: Installation) -> Executor:
    """What does the jobs of an installation in this process; it rests while somebody moves a rehearsal's clock."""
    its = Clock(inst)
    return inline(inst.db, work_of(inst), its.now, ceiling=timedelta(seconds=settings.tick_seconds), rests=its.is_held)


def serve(settings: Settings, inst: Installation) -> None:
    """Serve from this process until Ctrl-C or SIGTERM; the clock runs beside in a thread of its own."""
    app, executor = pages(settings, inst), clock(settings, inst)
    _wake_after_posts(app, executor)
    server = create_server(app, host=settings.host, port=settings.port, threads=settings.threads, ident="whistle")
    for name in (signal.SIGTERM, signal.SIGINT):  # a shell that starts us in the background ignores the second for us
        signal.signal(name, _interrupt)
    try:
        executor.start()
        print(f"吹哨已启动 · Whistle is running: {settings.address}   （Ctrl-C 停止 · to stop）", flush=True)
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        finished = executor.stop(PATIENCE) and not server.task_dispatcher.threads  # a request may be held up as well
        print("已停止，数据都在。Stopped; everything is kept.", flush=True)
        leave(inst.db, finished=finished)


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


def _wake_after_posts(app: Flask, executor: Executor) -> None:
    """What a person does often leaves something to be done at once."""

    @app.after_request
    def wake(response: Response) -> Response:
        if request.method == "POST":
            executor.wake()
        return response


def _offer(inst: Installation, folder: Files) -> None:
    """Seal the shipped county if it is new or has changed; settle the demonstration's people."""
    digest = seal(inst.db, folder, now=Clock(inst).now())
    with inst.db.write() as session:
        take_turn(session.connection(), "person")
        if inst.demo:
            settle(session, only_county(inst, session))
    _log.info("county folder %s is current", digest[:12])


def _secret(data: Path) -> bytes:
    """The secret that signs forms; made once, readable by the owner alone, the same for all who start at once."""
    path = data / "secret"
    if not path.exists():
        fresh = data / f"secret.{secrets.token_hex(8)}"
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        try:
            path.hardlink_to(fresh)  # unlike a rename, it fails when another was first
        except FileExistsError:
            _log.debug("another process has made the secret")
        fresh.unlink()
    return path.read_bytes()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
