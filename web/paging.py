"""Pages of a long list: plain links, so that they work without a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from web.links import url_for

SIZE = 20


@dataclass(frozen=True)
class Pages:
    """Where one is in a list; `total` is None where the list was not counted to its end."""

    number: int
    total: int | None
    rows: int
    previous_url: str | None
    next_url: str | None


def page_number() -> int:
    """The page asked for; nonsense is page 1."""
    asked = request.args.get("page", "1")
    return max(1, min(int(asked), 100_000)) if asked.isdecimal() and len(asked) < 7 else 1


def pages(endpoint: str, number: int, rows: int, size: int = SIZE, **args: Any) -> Pages:
    """The links around page `number` of a list of `rows` rows that shows `size` of them at a time."""
    total = max(1, -(-rows // size))
    before, after = 1 < number <= total + 1, number < total
    return Pages(number, total, rows, *_links(endpoint, number, before, after, args))


def uncounted(endpoint: str, number: int, shown: int, size: int, **args: Any) -> Pages:
    """The same for a list too long to be counted: it goes on as long as its pages are full."""
    return Pages(number, None, shown, *_links(endpoint, number, number > 1, shown == size, args))


def _links(endpoint: str, number: int, before: bool, after: bool, args: dict[str, Any]) -> tuple[str | None, ...]:
    around = ((number - 1, before), (number + 1, after))
    return tuple(url_for(endpoint, page=page, **args) if there else None for page, there in around)
