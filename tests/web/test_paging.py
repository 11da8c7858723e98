"""The links around a page of a long list, counted or not, and numbers as they are said."""

from __future__ import annotations

from flask import Flask

from web import words
from web.paging import pages, uncounted


def test_a_counted_list_knows_its_last_page(app: Flask) -> None:
    with app.test_request_context():
        first, last, beyond = (pages("inbox.done", number, 41) for number in (1, 3, 9))
    assert (first.total, first.previous_url, first.next_url) == (3, None, "/done?page=2")
    assert (last.previous_url, last.next_url) == ("/done?page=2", None)
    assert (beyond.previous_url, beyond.next_url) == (None, None)


def test_a_list_too_long_to_count_goes_on_while_its_pages_are_full(app: Flask) -> None:
    with app.test_request_context():
        full, last = uncounted("inbox.show", 12, 100, 100), uncounted("inbox.show", 13, 99, 100)
    assert (full.total, full.previous_url, full.next_url) == (None, "/?page=11", "/?page=13")
    assert last.next_url is None


def test_a_number_beyond_what_was_counted_says_so() -> None:
    said = [words.count(7, 1000), words.count(1000, 1000), words.count(1001, 1000), words.count(1234)]
    assert said == ["7", "1,000", "1,000+", "1,234"]
