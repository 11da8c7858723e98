"""The application: blueprints, security headers, the visit of each request, and what every page knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf.csrf import CSRFProtect

from processes.accounts import find_visit, touch
from processes.installation import Installation
from processes.queries.counties import only_county
from web import (
    account,
    assessments,
    cases,
    duties,
    errors,
    exchange,
    health,
    inbox,
    incidents,
    knowledge,
    ledgers,
    login,
    papers,
    refusals,
    rehearsal,
    supervision,
    tasks,
)
from web.clock import Clock
from web.frame import asking, close_asking, frame
from web.guard import ANYONE, permits, refuse_unguarded
from web.links import equip, url_for
from web.tokens import Sessions

ROOMS = (
    *(login, inbox, cases, tasks, papers, ledgers, duties, supervision, assessments, knowledge),
    *(account, refusals, incidents, rehearsal, health, exchange),
)
COOKIE = "whistle"
F = TypeVar("F", bound=Callable[..., Any])
MOST_BYTES = 64 * 1024 * 1024
MOST_TEXT = 2 * 1024 * 1024
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


class _Pages(Flask):
    """Flask without asking of every function, at every request, whether it is a coroutine; none is."""

    session_interface = Sessions()

    def ensure_sync(self, func: F) -> F:
        """The function as it is."""
        return func


def create_app(installation: Installation, *, secret: bytes, https: bool = False) -> Flask:
    """The WSGI application of an installation. `secret` signs forms; `https` marks cookies as secure."""
    app = _Pages(__name__)
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_TEXT,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="whistle_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # proxies often strip the referrer; the token itself is checked
    )
    app.extensions["whistle"] = installation
    equip(app.jinja_env, url_for)
    app.before_request(_limit_text)
    app.before_request(_know_visit)  # before the check of tokens, so that its refusal is a whole page
    app.before_request(_refuse_nul)
    CSRFProtect(app).exempt(exchange.receive)  # machines have no session to protect; their letters are signed
    app.after_request(_protect)
    app.teardown_request(close_asking)
    app.context_processor(frame)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    errors.register(app)
    app.view_functions["static"] = permits(ANYONE)(app.view_functions["static"])
    refuse_unguarded(app)
    return app


def _limit_text() -> None:
    """Only uploads may be large; a plain form would be read into memory whole."""
    if request.endpoint == "exchange.receive":
        request.max_content_length = exchange.MOST_BYTES
    elif request.mimetype != "multipart/form-data":
        request.max_content_length = MOST_TEXT


def _refuse_nul() -> tuple[str, int] | None:
    """No text holds a NUL byte, and PostgreSQL takes none: such an address leads nowhere, such a form is no form."""
    if "\0" in request.path:
        abort(404)
    if request.method in ("GET", "HEAD") and not request.query_string:
        return None
    sent = (*request.args.items(multi=True), *request.form.items(multi=True))
    if all("\0" not in text for pair in sent for text in pair):
        return None
    return errors.page(
        422, message="填写的内容里有存不下的字符（NUL）。", advice="请返回上一页，删去从别处粘贴来的特殊字符后再提交。"
    )


def _know_visit() -> None:
    """Who asks, and in which county; the clock is read here, once for each request.

    A visit lasts by the machine's time: moving a rehearsal's clock signs nobody out.
    """
    installation: Installation = current_app.extensions["whistle"]
    g.machine = g.now = Clock.machine()
    g.visit = None
    if request.endpoint in ("static", "health.show"):
        return
    session = asking()
    g.now = Clock(installation).now(session)
    token = request.cookies.get(COOKIE)
    if token:
        g.visit = find_visit(installation, session, token, now=g.machine)
    g.pack = g.visit.pack if g.visit else only_county(installation, session)
    if request.method == "POST":
        close_asking()  # a command has a connection of its own; nobody keeps two
    if g.visit is not None:
        touch(installation, g.visit, now=g.machine)


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "geolocation=(), microphone=(), camera=(self)"
    if request.endpoint == "static":
        headers["Cache-Control"] = "public, max-age=3600"
    else:
        headers.setdefault("Cache-Control", "no-store")
    return response
