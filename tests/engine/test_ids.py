"""Ids: as a UUID has them, in the order of time, never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from engine.ids import new_id

NOON = datetime(2026, 9, 7, 4, tzinfo=UTC)


def test_an_id_is_a_uuid_of_version_7() -> None:
    assert UUID(new_id(NOON)).version == 7
    assert UUID(new_id(NOON)).variant == "specified in RFC 4122"


def test_what_comes_later_stands_behind() -> None:
    moments = [NOON + timedelta(milliseconds=number) for number in range(50)]
    ids = [new_id(at) for at in moments]
    assert ids == sorted(ids)


def test_many_of_one_moment_all_differ_in_the_digits_that_a_case_takes_for_its_tokens() -> None:
    assert len({new_id(NOON)[:24] for _ in range(10_000)}) == 10_000
