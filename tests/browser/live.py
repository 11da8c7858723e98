"""A site served to real browsers: real CSRF, the real content policy, the clock beside it, the real present time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from engine.executors import Executor
from engine.model import Files
from processes.installation import Installation
from processes.pack import Pack
from tests.kit.actors import pack_of
from tests.kit.sites import a_site, an_app
from web.serving import PATIENCE, clock
from web.settings import Settings


@dataclass(frozen=True)
class LiveSite:
    """A served installation, where it is served, and the clock beside it if there is one."""

    inst: Installation
    pack: Pack
    url: str
    beside: list[Executor] = field(default_factory=list)

    @contextmanager
    def still(self) -> Iterator[None]:
        """The clock stands meanwhile: a story told of the past is not overtaken by limits that are over by now."""
        for each in self.beside:
            each.stop(PATIENCE)
        yield
        self.beside[:] = [clock(Settings(), self.inst)] if self.beside else []
        for each in self.beside:
            each.start()


class _Quiet(WSGIRequestHandler):
    """Says nothing on the terminal and keeps connections open, as the real server does."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: what goes wrong is seen in the browser."""


@contextmanager
def served(root: Path, *, rehearsal: bool = False, folder: Files | None = None) -> Iterator[LiveSite]:
    """A new site in a folder, served until the block ends, with the clock striking beside it.

    `folder` is a county's folder, if not the model county's.
    """
    inst = a_site(root, rehearsal=rehearsal, folder=folder)
    beside = [clock(Settings(), inst)]
    beside[0].start()
    try:
        with serving(an_app(inst, csrf=True)) as url:
            yield LiveSite(inst, pack_of(inst), url, beside)
    finally:
        beside[0].stop(PATIENCE)
        inst.db.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """An application served until the block ends; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
