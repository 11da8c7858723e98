"""A matter's gist: short, the same for the same texts, near for what is alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from processes.gists import MOST_OF_PLACE, MOST_OF_TEXT, MOST_OF_TITLE, Gist, grams, place_likeness, shared
from processes.queries.similar import SAME_PLACE

LAMP = Gist.of(["东湖社区", "环城路东段"], "环城路路灯不亮", ["环城路东段 18 盏路灯不亮两个月，夜间通行不安全。"])
LONGEST = 2 + 2 * (MOST_OF_PLACE + MOST_OF_TITLE + MOST_OF_TEXT)

texts = some.text(max_size=300)


@given(some.lists(texts, max_size=3), texts, some.lists(texts, max_size=3))
def test_a_gist_is_read_as_it_was_kept_and_never_long(place: list[str], title: str, text: list[str]) -> None:
    gist = Gist.of(place, title, text)
    assert Gist.read(gist.kept()) == gist
    assert len(gist.kept()) <= LONGEST
    assert shared(gist.words, gist.kept()) == gist.words


@pytest.mark.parametrize("written", ["环城路，路灯不亮！", "环城路\n路灯不亮", "  环城路 路灯不亮"])
def test_punctuation_and_blanks_only_part_words(written: str) -> None:
    assert grams([written], 99) == grams(["环城路 路灯不亮"], 99)


def test_width_and_case_make_no_difference() -> None:
    assert grams(["圩堤Ｋ２＋３００"], 99) == grams(["圩堤k2+300"], 99)


@pytest.mark.parametrize("nothing", ["", "，。！？", "   ", "\ud800"])
def test_what_has_no_letters_has_no_gist(nothing: str) -> None:
    assert Gist.of([nothing], nothing, [nothing]).words == frozenset()


def test_a_long_text_is_sampled_alike_wherever_it_stands() -> None:
    long = "".join(chr(0x4E00 + 7 * number) for number in range(1500))
    assert len(grams([long], MOST_OF_TEXT)) == MOST_OF_TEXT
    assert len(grams([long], MOST_OF_TEXT) & grams(["另外，" + long], MOST_OF_TEXT)) > MOST_OF_TEXT - 4


def test_a_village_alone_is_not_the_place_within_it() -> None:
    village, street = grams(["东湖社区"], 24), grams(["东湖社区", "环城路东段"], 24)
    assert place_likeness(street, LAMP.place) == 1
    assert place_likeness(village, street) <= SAME_PLACE < place_likeness(grams(["东湖社区", "环城路"], 24), street)
    assert place_likeness(frozenset(), frozenset()) == 0
