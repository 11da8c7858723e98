"""Live cases kept warm between steps: a shortcut that is never wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.run import complete, start
from engine.store.cases import HotCases, take_up
from engine.store.database import Database
from engine.store.keep import Act, Kept, keep
from tests.engine.store.stories import COUNTY, FLOW, a_case
from tests.kit.diagrams import drawn, user
from tests.kit.walks import MONDAY, a_world


def test_a_hot_case_is_handed_out_once_and_only_at_its_revision() -> None:
    step = start(FLOW, "main", {"town": "t", "units": []}, a_world())
    at = Kept(COUNTY, "c", 3, "d")
    hot = HotCases()
    hot.put(at, step)
    assert hot.take(at) is step.live
    assert hot.take(at) is None
    hot.put(at, step)
    assert hot.take(replace(at, revision=4)) is None
    assert hot.take(at) is None
    assert hot.take(replace(at, county="360429")) is None


def test_an_ended_case_and_the_oldest_of_too_many_are_let_go() -> None:
    hot, ended = HotCases(capacity=2), start(drawn("start -> done"), "main", {}, a_world())
    hot.put(Kept(COUNTY, "ended", 1, "d"), ended)
    assert hot.take(Kept(COUNTY, "ended", 1, "d")) is None
    cases = [Kept(COUNTY, name, 1, "d") for name in "abc"]
    for at in cases:
        hot.put(at, start(FLOW, "main", {"town": "t", "units": []}, a_world()))
    assert [hot.take(at) is None for at in cases] == [True, False, False]


def test_a_faulted_step_loses_the_live_case_and_the_next_goes_on_from_the_bytes(db: Database) -> None:
    hot = HotCases()
    program = drawn("start -> a -> b -> done", user("a", outputs={"n": "amount"}), user("b", groups="clerk@{n}"))
    first = start(program, "main", {}, a_world())
    with db.write() as session:
        kept = a_case(session, first, Act(MONDAY))
    hot.put(kept, first)
    task = first.opened[0].id
    for answers in ({}, {"amount": None}):  # the second fails only when the next task is to open
        with pytest.raises(Exception, match=r"a|b"), db.write() as session:
            _, state = take_up(session, COUNTY, kept.case_id, hot)
            complete(program, state, task, answers, "submit", a_world())
    with db.write() as session:
        before, state = take_up(session, COUNTY, kept.case_id, hot)
        assert isinstance(state, bytes)
        step = complete(program, state, task, {"amount": "x"}, "submit", a_world())
        after_it = keep(session, before, step, Act(MONDAY, "li", task, "submit"))
    assert [task.step for task in step.opened] == ["b"]
    hot.put(after_it, step)
    with db.write() as session:
        assert take_up(session, COUNTY, kept.case_id, hot)[1] is step.live
