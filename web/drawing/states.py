"""How far a step has come, said three ways at once: by colour, by a badge, and in words (never by colour alone)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from lxml import etree

from web.drawing.paint import COLOURS, STATES
from web.drawing.picture import Point
from web.drawing.svg import group, lines_of_text, make
from web.drawing.text import width_of

State = Literal["done", "now", "late", "mine", "waiting"]

WORDS: Mapping[str, str] = {
    "done": "已办",
    "now": "在办",
    "late": "超期",
    "mine": "轮到我",
    "waiting": "等待",
}
NOT_YET = "未到"
# The signs lie in a circle of radius 9.
_SIGNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "done": (("sign", "M-4,0.3l2.8,2.9l5.2,-6"),),
    "now": (("sign full", "M-3.6,0a3.6,3.6 0 1 1 7.2,0a3.6,3.6 0 1 1 -7.2,0z"),),
    "late": (("sign thick", "M0,-5v5.6"), ("sign full", "M-1.3,4.1a1.3,1.3 0 1 1 2.6,0a1.3,1.3 0 1 1 -2.6,0z")),
    "mine": (("sign full", "M-2.6,-4.6l6.8,4.6l-6.8,4.6z"),),
    "waiting": (("sign thick", "M-4.2,0h0.01M0,0h0.01M4.2,0h0.01"),),
}


@dataclass(frozen=True)
class ElementState:
    """Where an element stands: its state, how many times (or for how many units), and the words that say the rest."""

    state: State
    count: int = 1
    words: str = ""

    def __post_init__(self) -> None:
        """Only the five states can be drawn. Raises ValueError."""
        if self.state not in get_args(State):
            raise ValueError(f"no such state: {self.state!r}")


def words_of(state: ElementState | None) -> str:
    """“已办，2 次。住建局办结”: a state as people say it; without one the step is still to come."""
    if state is None:
        return NOT_YET
    times = f"，{state.count} 次" if state.count > 1 else ""
    return WORDS[state.state] + times + (f"。{state.words}" if state.words else "")


def sentence(name: str, state: ElementState | None) -> str:
    """“审核把关：已办，2 次。住建局办结”: what the title of an element says."""
    return f"{name}：{words_of(state)}" if state else name


def tint(body: etree._Element, state: ElementState) -> None:
    """Colours the body of a shape by its state, for viewers without the stylesheet."""
    fill, stroke = STATES[state.state]
    body.set("fill", COLOURS[fill])
    body.set("stroke", COLOURS[stroke])
    if state.state == "waiting":
        body.set("stroke-dasharray", "5 3")


def badge(state: ElementState, corner: Point) -> etree._Element:
    """The sign at the upper right corner, with the count when it is more than one."""
    times = f"×{min(state.count, 999)}" if state.count > 1 else ""
    width = 18 + (width_of(times, 11) + 3 if times else 0)
    pill = make("rect", "badge", x=-9.0, y=-9.0, width=float(width), height=18, rx=9)
    pill.set("fill", COLOURS[STATES[state.state][1]])
    signs = [
        make("path", role, d=path, stroke_linecap="round", stroke_linejoin="round")
        for role, path in _SIGNS[state.state]
    ]
    words = [lines_of_text([times], Point(9 + (width - 18) / 2 - 2, 0), 11, "sign words")] if times else []
    return group(pill, *signs, *words, transform=f"translate({corner.x:g} {corner.y:g})")
