"""A browser, and a small site of one form under the service's own content policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from processes.forms import Cleaned, Form, Invalid, PaperRef, Posted, World, clean, edit_rows, receive
from processes.forms.uploads import Upload
from tests.processes.forms.builders import a_world
from tests.web.forms.rendering import WEB, page_of
from web.app import CONTENT_SECURITY_POLICY


@dataclass
class Site:
    """One form at `/`; `accepted` and `drafts` are what it was sent."""

    form: Form
    url: str = ""
    accepted: list[Cleaned] = field(default_factory=list)
    drafts: list[Posted] = field(default_factory=list)
    papers: dict[str, PaperRef] = field(default_factory=dict)

    def world(self) -> World:
        return a_world({"round": [{"unit": "housing"}, {"unit": "water"}]}, tuple(self.papers.values()))

    def show(self, posted: Posted | None = None, **more: object) -> str:
        return page_of(self.form, posted, world=self.world(), draft_url="/draft", **more)  # type: ignore[arg-type]  # passed on

    def keep(self, upload: Upload) -> PaperRef:
        name = upload.filename or ""
        self.papers[name] = PaperRef(name, name, 3, "application/pdf")
        return self.papers[name]

    def take(self) -> str:
        received = receive(self.form, Posted.of(request.form), request.files, self.keep)  # type: ignore[arg-type]  # alike
        edited = edit_rows(self.form, received.posted)
        if edited is not None:
            return self.show(edited.posted, focus=edited.focus)
        try:
            self.accepted.append(clean(self.form, received.posted, world=self.world(), refused=received.refused))
        except Invalid as invalid:
            return self.show(received.posted, errors=invalid.errors)
        return '<!doctype html><title>好</title><link rel="icon" href="/static/dist/mark.svg"><h1>已提交</h1>'

    def app(self) -> Flask:
        app = Flask(__name__, static_folder=str(WEB / "static"), static_url_path="/static")
        app.add_url_rule("/", "show", lambda: self.show())
        app.add_url_rule("/", "take", self.take, methods=["POST"])
        app.add_url_rule("/draft", "draft", self.draft, methods=["POST"])
        app.after_request(guarded)
        return app

    def draft(self) -> tuple[dict[str, str], int]:
        assert request.headers["X-CSRFToken"] == "token"
        self.drafts.append(Posted.of(request.form))
        return {}, 200


def guarded(response):  # type: ignore[no-untyped-def]  # Flask's own hook
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


@pytest.fixture
def open_site() -> Iterator[object]:
    """Call it with a Form: the site runs until the test ends."""
    servers = []

    def run(form: Form) -> Site:
        site = Site(form)
        server = make_server("127.0.0.1", 0, site.app(), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        site.url = f"http://127.0.0.1:{server.server_port}/"
        return site

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def pages(chromium: Browser) -> Iterator[object]:
    """Call it for a page (`script=False`: without JavaScript). What the console complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(*, script: bool = True, width: int = 1280) -> Page:
        context = chromium.new_context(java_script_enabled=script, viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)  # machines are busy
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    # Bootstrap names pictures of its own until the sheet after it has come; Chromium may ask for one in between
    assert [words for words in complaints if "data:image/svg+xml,%3csvg" not in words] == []
