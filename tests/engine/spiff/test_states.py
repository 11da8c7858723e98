"""Old rows: cases half way in the bytes of every format there ever was still load, go on and end as they did."""

import pytest

from engine.spiff.codec import FORMAT
from engine.spiff.instance import Instance
from tests.kit.states import Kept, go_on, kept_states, what_is_open

KEPT = kept_states()


def test_there_are_kept_cases_of_every_format() -> None:
    assert {kept.name.partition("/")[0] for kept in KEPT} == {str(number) for number in range(1, FORMAT + 1)}


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name)
def test_a_kept_case_loads_goes_on_and_ends_as_it_did(kept: Kept) -> None:
    program = kept.program
    assert what_is_open(Instance.restore(program, kept.state, kept.world)) == kept.open
    told = []
    for step, world in go_on(program, kept.state, kept.moves, kept.world):
        told.append(what_is_open(Instance.restore(program, step.state, world)))
    assert told == kept.told
    assert step.ended == kept.ended
