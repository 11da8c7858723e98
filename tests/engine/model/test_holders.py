"""Who may hold a task is a list of post@unit; braces hold FEEL."""

from __future__ import annotations

import pytest

from engine.model.holders import Holder, HolderFault, Part, read_holders


def code(text: str) -> Part:
    return Part(text, is_feel=False)


def feel(text: str) -> Part:
    return Part(text, is_feel=True)


def test_a_post_in_a_unit() -> None:
    assert read_holders("triager@whistle_office") == (Holder(code("triager"), code("whistle_office")),)


def test_several_holders_and_feel_in_braces() -> None:
    assert read_holders(" vetter@{township} , {responder.posts}@{ unit } ") == (
        Holder(code("vetter"), feel("township")),
        Holder(feel("responder.posts"), feel("unit")),
    )


def test_commas_and_signs_inside_braces_belong_to_feel() -> None:
    assert read_holders('{["a", "b@c", "}"]}@{if x then {y: 1} else z}') == (
        Holder(feel('["a", "b@c", "}"]'), feel("if x then {y: 1} else z")),
    )


@pytest.mark.parametrize(
    "text", ["", "vetter", "@unit", "vetter@", "a@b@c", "a@b,", "a@{b", "a@b}", "a@{}", "a{b}@c", '{"}@b']
)
def test_anything_else_is_a_fault(text: str) -> None:
    with pytest.raises(HolderFault):
        read_holders(text)
