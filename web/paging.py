"""Pages of a long list: plain links, so that they work without a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from web.links import url_for

SIZE = 20


@dataclass(frozen=True)
class Pages:
    """Where one is in a list of `rows` rows."""

    number: int
    total: int
    rows: int
    previous_url: str | None
    next_url: str | None


def page_number() -> int:
    """The page asked for; nonsense is page 1."""
    asked = request.args.get("page", "1")
    return max(1, min(int(asked), 100_000)) if asked.isdecimal() and len(asked) < 7 else 1


def pages(endpoint: str, number: int, rows: int, size: int = SIZE, **args: Any) -> Pages:
    """The links around page `number` of a list that shows `size` rows at a time."""
    total = max(1, -(-rows // size))

    def link(page: int) -> str | None:
        return url_for(endpoint, page=page, **args) if 1 <= page <= total and page != number else None

    return Pages(number, total, rows, link(number - 1), link(number + 1))
