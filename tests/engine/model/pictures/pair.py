"""Draws the wrong and the right picture of a rule from its samples, and says beside the drawing what it cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.model.findings import Finding
from tests.engine.model.pictures.colours import INKS, SIGNS, standing_alone
from tests.engine.model.pictures.notes import MARKED, with_notes
from tests.engine.model.pictures.shown import shown_on
from tests.engine.model.pictures.unpictured import NOT_DRAWN
from tests.engine.model.pictures.written import BESIDE, NAME, PROCESS, Written, written_in
from tests.engine.model.test_lint import found_in
from web.drawing import draw

_NOTHING = {"wrong": "没有写", "right": "不写"}


def pictures_of(rule: str) -> dict[str, str]:
    """The wrong and the right picture of a rule's page as SVG; none for what cannot be drawn."""
    if rule in NOT_DRAWN:
        return {}
    wrong, right, asked = shown_on(rule)
    sides = _Sides(wrong.read_bytes(), right.read_bytes(), findings_on(wrong), asked)
    return {way: sides.picture(way, rule) for way in SIGNS}


def findings_on(sample: Path) -> list[Finding]:
    """What the rule of this sample finds there."""
    return [finding for finding in found_in(sample) if finding.rule == sample.parent.name]


class _Sides:
    """Both samples side by side."""

    def __init__(
        self, wrong: bytes, right: bytes, findings: Iterable[Finding], asked: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._samples = {"wrong": wrong, "right": right}
        self._written = {way: written_in(sample) for way, sample in self._samples.items()}
        self._faulty = {_place_of(finding, self._written["wrong"]) for finding in findings}
        self._asked = asked

    def picture(self, way: str, title: str) -> str:
        """One of the two, with its notes and with its styles inside."""
        notes = {place: text for place in self._written[way] if (text := self._note(way, place))}
        svg = draw(with_notes(self._samples[way], notes), states={}, title=title)
        return standing_alone(svg, *self._rules(way))

    def _rules(self, way: str) -> Iterator[str]:
        """The notes, and in the wrong picture what is found fault with, in the colour of their sign."""
        ink = INKS[way]
        yield f'.bpmn [data-element^="{MARKED}"] .bpmn-label.note {{ fill: {ink}; }}'
        yield f'.bpmn [data-element^="{MARKED}"] :is(.bpmn-ring, .bpmn-flow) {{ stroke: {ink}; }}'
        for place in sorted(self._faulty & self._written[way].keys() - {PROCESS}) if way == "wrong" else ():
            yield f'.bpmn [data-element="{place}"] :is(.bpmn-body, .bpmn-ring, .bpmn-flow) {{ stroke: {ink}; }}'
            yield f'.bpmn [data-element="{place}"] .bpmn-arrow:not(.open) {{ stroke: {ink}; fill: {ink}; }}'

    def _note(self, way: str, place: str) -> str:
        """What is told at this place, with the sign of its side if that is what right and wrong are about."""
        here = self._written[way][place]
        others = self._written["right" if way == "wrong" else "wrong"]
        there = self._counterpart(place, here, others)
        told = [label for label in {**here, **there} if self._is_told(place, label, here, there)]
        text = "；".join(f"{label}：{_value(here, label) or _NOTHING[way]}" for label in told)
        aside = place in others and place not in self._faulty and all(_same(label, here, there) for label in told)
        return text if aside or not text else f"{SIGNS[way]} {text}"

    def _is_told(self, place: str, label: str, here: Written, there: Written) -> bool:
        if place in self._asked:
            return label in self._asked[place] or (label in here and label.startswith(self._asked[place]))
        return place in self._faulty and label not in BESIDE and not _same(label, here, there)

    def _counterpart(self, place: str, here: Written, others: Mapping[str, Written]) -> Written:
        """What the other side writes at the place of this id, or else of this name; the same without such a place."""
        named = (there for there in others.values() if NAME in here and here[NAME] == there.get(NAME))
        return others[place] if place in others else next(named, here)


def _place_of(finding: Finding, written: Mapping[str, Written]) -> str:
    return finding.element_id if finding.element_id in written else PROCESS


def _same(label: str, here: Written, there: Written) -> bool:
    return here.get(label) == there.get(label)


def _value(written: Written, label: str) -> str:
    return "、".join(value for value in written.get(label, ()) if value)
