"""Serving from several processes with gunicorn (extra `[production]`); `whistle work` does the jobs beside them."""

from __future__ import annotations

from flask import Flask
from gunicorn.app.base import BaseApplication

from processes.installation import Installation
from web.serving import ready_to_fork
from web.settings import Settings


class Production(BaseApplication):
    """The pages of an installation that is set up, made once: a process that is forked later needs nothing to begin."""

    def __init__(self, settings: Settings, inst: Installation, workers: int) -> None:
        """Listen where `settings` says, with that many threads in each of `workers` processes."""
        self._settings, self._inst, self._workers = settings, inst, workers
        super().__init__()

    def load_config(self) -> None:
        """Threads, for most of a request is waiting for the database; connections kept open, for proxies reuse them."""
        chosen = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._workers,
            "preload_app": True,
            "worker_class": "gthread",
            "threads": self._settings.threads,
            "keepalive": 75,
            "loglevel": "warning",
            "when_ready": self._say_ready,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application."""
        return ready_to_fork(self._settings, self._inst)

    def _say_ready(self, _server: object) -> None:
        where = f"{self._settings.address} × {self._workers}"
        print(f"吹哨已启动 · Whistle is running: {where}   （另请运行 whistle work · run it beside）", flush=True)
