"""What the standard has and the engine does not execute would be passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, Process

IN_ELEMENTS = frozenset(
    {"ioSpecification", "resourceRole", "performer", "humanPerformer", "potentialOwner", "dataStoreReference",
     "supports", "correlationSubscription", "ioBinding", "rendering", "assignment", "transformation",
     "complexBehaviorDefinition"}
)  # fmt: skip
BESIDE = frozenset(
    {"choreography", "globalChoreographyTask", "globalTask", "globalUserTask", "globalManualTask",
     "globalScriptTask", "globalBusinessRuleTask", "dataStore", "interface", "endPoint", "correlationProperty",
     "correlationKey", "participantMultiplicity", "eventDefinition"}
)  # fmt: skip
MARKS = {
    "instantiate": "true",
    "eventGatewayType": "Parallel",
    "operationRef": "",
    "startQuantity": "",
    "completionQuantity": "",
}


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No part of BPMN that has a meaning when it runs, and would have none here."""
    for process in diagram.processes:
        places: tuple[Process | Element, ...] = (process, *process.elements)
        for place in places:
            named = sorted(place.parts & IN_ELEMENTS) + (_marked(place) if isinstance(place, Element) else [])
            if named:
                yield error(
                    place,
                    f"含有 {'、'.join(named)}，运行时不起作用。请删去；岗位、参数、关联键写在 camunda 的属性里。",
                    f"has {', '.join(named)}, which would have no effect; delete it: posts, parameters and correlation "
                    "keys are camunda properties.",
                )
    beside = sorted(diagram.parts & BESIDE)
    if beside:
        yield error(
            None,
            f"含有不能运行的内容：{'、'.join(beside)}。请删去。",
            f"holds what cannot run: {', '.join(beside)}; delete it.",
        )


def _marked(element: Element) -> list[str]:
    """The attributes that are set to something that is not done; quantities of one are what is always done."""
    return [
        f"{name}={value}"
        for name, value in element.marks.items()
        if name in MARKS and MARKS[name] in ("", value) and not (name.endswith("Quantity") and value == "1")
    ]
