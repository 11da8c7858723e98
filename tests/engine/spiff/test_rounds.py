"""A thousand rounds of rework around parallel work, in any order: a live case that is saved now and then, and one that
is saved and read anew after every step, go the same way; neither grows.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from engine.run import complete, start
from engine.step import OpenTask, Step
from tests.kit.diagrams import drawn, exclusive, parallel, user
from tests.kit.walks import a_world, typed

ROUNDS, SAVED_EVERY = 1_000, 150  # steps: about forty rounds
WORLD = a_world()
REWORK = drawn(
    """
    start -> again -> split; split -> a -> join; split -> more -> b -> enough; enough -> more if b_again
    enough -> join; join -> check -> ok; ok -> again if rounds < 1000; ok -> done
    """,
    *parallel("split", "join"),
    *(exclusive(name, default) for name, default in (("again", ""), ("more", ""), ("enough", "join"), ("ok", "done"))),
    user("a", outputs={"a": "a + 1"}),
    user("b", outputs={"b": "b + 1", "b_again": 'outcome = "rework"'}),
    user("check", outputs={"rounds": "rounds + 1"}),
)


class Walk:
    """One case, done in an order that its seed decides; `story` says after each step what stood then."""

    def __init__(self, saved_when: Callable[[int], bool]) -> None:
        self.rng, self.saved_when = Random(7), saved_when
        self.story: list[object] = []
        self.sizes: list[tuple[int, int]] = []
        self.open: dict[str, OpenTask] = {}
        step = start(REWORK, "main", {"a": 0, "b": 0, "b_again": False, "rounds": 0}, WORLD)
        for number in range(20 * ROUNDS):
            self._note(step)
            if step.ended:
                break
            step = self._do(step, number)

    def _do(self, step: Step, number: int) -> Step:
        task = self.rng.choice(sorted(self.open.values(), key=lambda each: each.step))
        state = step.state if self.saved_when(number) else step.live
        outcome = self.rng.choice(["submit", "submit", "rework"])
        return complete(REWORK, state, task.id, {}, outcome, WORLD)

    def _note(self, step: Step) -> None:
        for closed in step.closed:
            del self.open[closed.id]
        self.open |= {task.id: task for task in step.opened}
        assert self.open.keys() == step.open_ids
        opened = [(task.step, typed(dict(task.values))) for task in step.opened]
        self.story.append((opened, [passed.element for passed in step.passed], step.ended))
        if any(task.step == "check" for task in step.opened):
            self.sizes.append((len(step.state), sum(len(tree.tasks) for tree in step.live.workflow.trees())))


def test_a_thousand_rounds_are_sound_hot_and_cold() -> None:
    hot, cold = Walk(lambda number: number % SAVED_EVERY == 0), Walk(lambda _: True)
    assert hot.story == cold.story
    assert (len(hot.sizes), hot.story[-1]) == (ROUNDS, ([], ["check", "ok", "done"], "done"))
    for walk in (hot, cold):
        assert max(size for size, _ in walk.sizes) < 2_000
        assert max(tokens for _, tokens in walk.sizes) < 40
