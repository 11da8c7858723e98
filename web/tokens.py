"""The signed cookie and the signed form token: a signature costs more than a query, so it is looked at once.

Both are the same from one request of a browser to the next. What is remembered is only what was found right: whatever
does not fit is looked at anew each time.
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache

from flask import Flask, Request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

_MOST = 4096


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, each cookie's signature checked once in a process."""

    def __init__(self) -> None:
        self._known = lru_cache(maxsize=_MOST)(self._open)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            return self.session_class(deepcopy(self._known(app, cookie)))  # a flash is added to its list
        except LookupError:
            return self.session_class()

    def _open(self, app: Flask, cookie: str) -> dict[str, object]:
        """What the cookie says; LookupError, which is not remembered, when we did not sign it."""
        found = super().open_session(app, app.request_class({"HTTP_COOKIE": f"{self.get_cookie_name(app)}={cookie}"}))
        if not found:
            raise LookupError(cookie)
        return dict(found)


def csrf_token() -> str:
    """Flask-WTF's token for this browser."""
    own = session.get("csrf_token")
    return _token_of(own) if own else generate_csrf()


@lru_cache(maxsize=_MOST)
def _token_of(_own: str) -> str:
    token: str = generate_csrf()
    return token
