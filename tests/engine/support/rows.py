"""A row of the support table: what it covers, in words, and its proof: a story that is run, or a rule that refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.kit.diagrams import Node, a_diagram
from tests.kit.walks import Way

Story = Callable[[Way], None]


@dataclass(frozen=True)
class Row:
    """`covers` are names of `standard`. Either `story` proves it, run live and with save and restore after every step,
    or `rule` refuses `diagram`.
    """

    covers: tuple[str, ...]
    zh: str
    en: str
    story: Story | None = None
    rule: str = ""
    diagram: str = ""
    is_refused_too: bool = False

    @property
    def name(self) -> str:
        """What the proof is called."""
        return self.story.__name__ if self.story else f"{self.rule} {self.covers[0]}"


ROWS: list[Row] = []


def executed(*covers: str, zh: str, en: str, is_refused_too: bool = False) -> Callable[[Story], Story]:
    """The decorated story proves that what is covered is executed; `is_refused_too`: it shows a fault on purpose."""

    def note(story: Story) -> Story:
        ROWS.append(Row(covers, zh, en, story=story, is_refused_too=is_refused_too))
        return story

    return note


def refused(rule: str, diagram: str, *covers: str, zh: str, en: str) -> None:
    """The rule refuses the diagram, which draws what is covered."""
    ROWS.append(Row(covers, zh, en, rule=rule, diagram=diagram))


def around(node: Node) -> str:
    """A diagram of a start, this node and an end."""
    return a_diagram(f"start -> {node.id} -> done", node)
