"""Cases that earlier formats kept still load, stand where they stood, and go on to their end."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.model.definition import define
from engine.model.files import read_folder
from engine.run import Step, answer, complete, deliver, tick
from engine.spiff.instance import Instance
from engine.spiff.program import Program
from tests.kit.walks import a_world, assert_restores_alike

FORMAT_1 = Path(__file__).parent / "states" / "format_1"
KEPT: list[dict[str, Any]] = json.loads((FORMAT_1 / "walks.json").read_text(encoding="utf-8"))
PROGRAM = Program(define(read_folder(FORMAT_1)))
"""Forty kinds of nodes walked at random by the engine of format 1: parallel and inclusive joins half arrived, several
instances at once and in turn, timers, cycles, an event gateway."""


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: "-".join(kept["open"]) or "nobody")
def test_a_case_of_format_1_stands_where_it_stood_and_goes_on(kept: dict[str, Any]) -> None:
    now = datetime.fromisoformat(kept["now"])
    raw = base64.b64decode(kept["state"])
    case = Instance.restore(PROGRAM, raw, a_world(now))
    assert sorted(case.element(task).id for task in case.open_tasks().values()) == kept["open"]
    assert sorted((due - now).total_seconds() for _, _, due in case.timers()) == kept["due"]
    assert sorted(wait[1] for wait in case.waits()) == kept["awaited"]
    assert case.ended() == kept["ended"]
    step = tick(PROGRAM, raw, a_world(now))
    rng = Random(1)
    for _ in range(400):
        if step.ended:
            break
        now += timedelta(hours=1)
        step = go_on(step, rng, now)
        assert_restores_alike(PROGRAM, step, a_world(now))
    assert step.ended


def go_on(step: Step, rng: Random, now: datetime) -> Step:
    """Whatever can be done: somebody's task, a verb's answer, a message, or waiting."""
    world = a_world(now)
    if step.asking:
        return answer(PROGRAM, step.state, min(step.asking), {}, world)
    if step.awaited:
        return deliver(PROGRAM, step.state, step.awaited[0].name, {"size": 1}, world)
    if not step.open_ids:
        return tick(PROGRAM, step.state, a_world(now + timedelta(days=30)))
    answers = {"size": 1, "decision": "x"}
    return complete(PROGRAM, step.state, rng.choice(sorted(step.open_ids)), answers, "submit", world)
