"""A case that sends at once what begins cases like it fills the county with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, product

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element
from engine.model.graph import Steps, WholeProcess, reach

SENDING = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
WAITING = frozenset({"userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway", "callActivity"})
MOST_PAIRS = 100  # of a start event and what a process sends: nobody draws more, and a hostile drawing could


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Refuses a message or signal that a case sends before anybody or anything was waited for, and that begins it."""
    found = [each for whole in folder.wholes(diagram) for each in _at_once(whole)]
    begins = _begins(folder) if found else {}
    for start, sent in found:
        if _named(start) & reach(begins, _named(sent)):
            yield error(
                sent,
                f"一开始就又发出“{sent.event_reference}”，由它再开始新的事项，永远不会停。"
                "请在发出之前等人办理、等时间或加一个网关。",
                f"sends “{sent.event_reference}” at once, which begins the next case and never stops; "
                "wait for a person or a time before it, or add a gateway.",
            )


def _begins(folder: Folder) -> Steps:
    """Which message or signal leads to which at once, by a process that the first begins and that sends the second."""
    leads: dict[str, list[str]] = defaultdict(list)
    for diagram in folder.diagrams.values():
        for whole in folder.wholes(diagram):
            for start, sent in _at_once(whole):
                for name in _named(start):
                    leads[name].extend(_named(sent))
    return {name: tuple(names) for name, names in leads.items()}


def _at_once(whole: WholeProcess) -> Iterator[tuple[Element, Element]]:
    """(start event, what every case it begins sends before it waits for anything)."""
    elements = whole.process.by_id
    waiting = frozenset(element.id for element in whole.process.elements if element.kind in WAITING)
    sending = [element for element in whole.process.elements if element.kind in SENDING and _named(element)]
    starts = [elements[id_] for id_ in whole.starts if _named(elements[id_])]
    for start, sent in islice(product(starts, sending), MOST_PAIRS):
        soon = reach(whole.steps, [start.id], without=waiting)
        way_round = reach(whole.steps, [start.id], without=frozenset({sent.id}))
        if sent.id in soon and not way_round & whole.ends:
            yield start, sent


def _named(element: Element) -> frozenset[str]:
    return frozenset(f"{e.kind} {e.name}" for e in element.events if e.kind in ("message", "signal") and e.name)
