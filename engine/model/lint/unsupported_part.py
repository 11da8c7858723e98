"""What the standard has and the engine does not execute would be passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import ACTIVITIES, Diagram, Element, Process

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
LOOPS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
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
            named = sorted(place.parts & IN_ELEMENTS) + (_out_of_place(place) if isinstance(place, Element) else [])
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


def _out_of_place(element: Element) -> list[str]:
    """Repetition of what is no activity, and attributes set to something that is not done: a quantity of one is."""
    repeated = sorted(element.parts & LOOPS) if element.kind not in ACTIVITIES else []
    return repeated + [
        f"{name}={value}"
        for name, value in element.marks.items()
        if name in MARKS and MARKS[name] in ("", value) and not (name.endswith("Quantity") and value == "1")
    ]
