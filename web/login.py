"""The door: account and password; in a demonstration, one click for its made-up people."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from engine.errors import Rejected
from processes.accounts import enter, enter_as_demo, leave
from processes.queries.directory import list_demo_people
from web.frame import asking, installation, pack
from web.guard import ANYONE, find_visit, permits
from web.links import url_for

blueprint = Blueprint("login", __name__)
COOKIE = "whistle"


@blueprint.get("/login")
@permits(ANYONE)
def show() -> str | Response:
    """The login page; who is signed in already goes straight to the inbox."""
    if find_visit() is not None:
        return redirect(url_for("inbox.show"))
    return _page()


@blueprint.post("/login", endpoint="enter")
@permits(ANYONE)
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in with account and password."""
    account, password = request.form.get("account", "").strip(), request.form.get("password", "")
    try:
        token = enter(installation(), pack().code, account, password, now=g.machine, browser=_browser())
    except Rejected as error:
        return _page(failed=f"{error.sentence}{error.advice}", account_name=account), 422
    return _welcome(token)


@blueprint.post("/login/demo")
@permits(ANYONE)
def demo() -> Response:
    """Step in as a made-up person; refused unless the demo switch is on."""
    person = request.form.get("person", "")
    return _welcome(enter_as_demo(installation(), pack().code, person, now=g.machine, browser=_browser()))


@blueprint.post("/logout", endpoint="leave")
@permits(ANYONE)
def sign_out() -> Response:
    """End the visit."""
    leave(installation(), request.cookies.get(COOKIE, ""))
    response = make_response(redirect(url_for("login.show")))
    response.delete_cookie(COOKIE)
    return response


def _page(**context: object) -> str:
    people = None
    if installation().demo:
        people = list_demo_people(asking(), pack())
    return render_template("login.html", demo=people, next=_safe(request.values.get("next")), **context)


def _welcome(token: str) -> Response:
    response = make_response(redirect(_safe(request.form.get("next")) or url_for("inbox.show")))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=secure, max_age=12 * 3600)
    return response


def _safe(target: str | None) -> str | None:
    """A path of this site, or nothing: a login link must not lead elsewhere."""
    if not target or not target.isprintable() or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def _browser() -> str:
    return request.headers.get("User-Agent", "")
