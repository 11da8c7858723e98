"""Addresses on pages. What is the same on every page is worked out when a template is compiled, not when it is shown.

Jinja works out a filter of a constant once, so `{{ 'inbox.show'|address }}` and `{{ 'bell'|icon }}` are plain text in
the compiled page. The service stands at one place of its host for as long as its process lives.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import flask
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

_ICON = Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>')


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's `url_for`, for a page of this service; asked again it remembers."""
    return _worked_out(endpoint, tuple(values.items()))


def equip(environment: Environment, url_for: Callable[..., str]) -> None:
    """Give an environment what the templates take for granted, with addresses by `url_for`."""
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals["url_for"] = url_for
    environment.filters["address"] = url_for
    environment.filters["static"] = partial(_static, url_for)
    environment.filters["icon"] = lru_cache(partial(_icon, url_for))


@lru_cache(maxsize=2048)
def _worked_out(endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return flask.url_for(endpoint, **dict(values))


def _static(url_for: Callable[..., str], filename: str) -> str:
    return url_for("static", filename=filename)


def _icon(url_for: Callable[..., str], name: str) -> Markup:
    return _ICON.format(_static(url_for, "dist/icons.svg"), name)
