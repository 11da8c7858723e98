"""Every route says who may use it; a route that says nothing is refused at start-up and by a test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, g, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from processes.accounts import Visit
from web.links import url_for

P = ParamSpec("P")
R = TypeVar("R")

ANYONE = "anyone"
SIGNED_IN = "signed in"


def permits(whom: str) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """State who may use a route: ANYONE, or SIGNED_IN (what they may see there is asked case by case)."""

    def wrap(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if whom == SIGNED_IN and find_visit() is None:
                return _turn_away()
            return view(*args, **kwargs)

        guarded.permits = whom  # type: ignore[attr-defined]  # read by `refuse_unguarded`
        return guarded

    return wrap


def find_visit() -> Visit | None:
    """The signed-in visit of this request."""
    visit: Visit | None = g.get("visit")
    return visit


def visit() -> Visit:
    """The signed-in visit; routes that permit SIGNED_IN have one."""
    found = find_visit()
    if found is None:
        raise LookupError("this route must permit SIGNED_IN")
    return found


def refuse_unguarded(app: Flask) -> None:
    """Refuse to start while a route does not say whom it permits."""
    silent = [rule.rule for rule in app.url_map.iter_rules() if not _states(app.view_functions[rule.endpoint])]
    if silent:
        raise RuntimeError(f"routes without @permits: {', '.join(silent)}")


def _states(view: Any) -> bool:
    return hasattr(view, "permits")


def _turn_away() -> Response:
    """To the door; a script is told so, for it would take the login page for an answer."""
    if request.headers.get("Accept") == "application/json":
        return Response('{"words": "登录已过期"}', status=401, mimetype="application/json")
    return redirect(url_for("login.show", next=_wanted()))


def _wanted() -> str | None:
    """Where to go on after signing in: what was asked for, or the page of the form that was sent."""
    if request.path == "/":
        return None
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path if request.url_rule is not None and _can_be_read(request.path) else None


def _can_be_read(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method="GET")
    except HTTPException:
        return False
    return True
