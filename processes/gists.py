"""A matter's gist: pairs of characters of its place and its words, hashed into some hundred bytes; how like two are.

Chinese writes no spaces, so words are not looked for: two neighbouring characters are the unit, as they are in any
search for Chinese. Of a long text a sample is kept that is the same for the same text: the pairs with the lowest
hashes. So a gist is short however long the matter is, and two gists can still be compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from itertools import pairwise
from struct import pack, unpack_from
from zlib import crc32

MOST_OF_PLACE, MOST_OF_TITLE, MOST_OF_TEXT = 24, 32, 48
LONGEST_READ = 4000
"""Characters of one text that are looked at: far beyond what forms take, and what somebody may send is bounded."""

Grams = frozenset[int]


@dataclass(frozen=True)
class Gist:
    """Hashed pairs of a matter's place, of its title, and of its other words that are not in the title."""

    place: Grams
    title: Grams
    text: Grams

    @classmethod
    def of(cls, place: Iterable[str], title: str, text: Iterable[str]) -> Gist:
        """The gist of what was written; the same for the same texts, whatever their width, case and punctuation."""
        called = grams([title], MOST_OF_TITLE)
        return cls(grams(place, MOST_OF_PLACE), called, grams(text, MOST_OF_TEXT) - called)

    @classmethod
    def read(cls, kept: bytes) -> Gist:
        """What `kept` wrote."""
        places, titles = kept[0], kept[0] + kept[1]
        found = _pairs_in(kept, 0)
        return cls(frozenset(found[:places]), frozenset(found[places:titles]), frozenset(found[titles:]))

    @property
    def words(self) -> Grams:
        """Title and text together."""
        return self.title | self.text

    def kept(self) -> bytes:
        """As a row holds it: how many of the place and of the title, then two bytes for each pair."""
        found = [*sorted(self.place), *sorted(self.title), *sorted(self.text)]
        return bytes([len(self.place), len(self.title)]) + pack(f"<{len(found)}H", *found)


def grams(texts: Iterable[str], most: int) -> Grams:
    """At most so many hashed pairs of neighbouring letters and figures; a letter that stands alone counts too."""
    pairs = {pair for text in texts for run in _runs(text) for pair in _pairs(run)}
    hashes = nsmallest(most, (crc32(pair.encode()) for pair in pairs))
    return frozenset(each & 0xFFFF for each in hashes)


def shared(words: Grams, kept: bytes) -> Grams:
    """Which of these pairs stand among the words of a gist as a row holds it; asked of thousands of rows at once."""
    return words.intersection(_pairs_in(kept, kept[0]))


def place_likeness(one: Grams, other: Grams) -> float:
    """From 0 to 1: the share of pairs that two places have in common (Dice)."""
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0


def _pairs_in(kept: bytes, first: int) -> tuple[int, ...]:
    return unpack_from(f"<{len(kept) // 2 - 1 - first}H", kept, 2 + 2 * first)


def _runs(text: str) -> list[str]:
    """The text without punctuation, in one width and case; a lone surrogate is no letter."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_READ]).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()


def _pairs(run: str) -> Iterable[str]:
    return (first + second for first, second in pairwise(run)) if len(run) > 1 else (run,)
