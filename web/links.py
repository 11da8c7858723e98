"""Addresses on pages: those of static files are worked out once, a page names some hundred."""

from __future__ import annotations

from functools import cache
from typing import Any

import flask


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's `url_for`, as templates call it."""
    if endpoint == "static":
        return _static(flask.request.script_root, **values)
    return flask.url_for(endpoint, **values)


@cache
def _static(_root: str, filename: str) -> str:
    return flask.url_for("static", filename=filename)
