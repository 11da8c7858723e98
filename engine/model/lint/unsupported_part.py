"""What the standard has and the engine does not execute would be passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import ACTIVITIES, MUST_UNDERSTAND, Diagram, Element, Process
from engine.model.standard_tags import STANDARD_TAGS
from engine.model.tags import TRUE

IN_ELEMENTS = frozenset(
    {"ioSpecification", "resourceRole", "performer", "humanPerformer", "potentialOwner", "dataStoreReference",
     "supports", "correlationSubscription", "ioBinding", "rendering", "assignment", "transformation",
     "complexBehaviorDefinition", "eventDefinitionRef", "operationRef", "supportedInterfaceRef", "dataInput",
     "dataOutput", "inputSet", "outputSet"}
)  # fmt: skip
BESIDE = frozenset(
    {"choreography", "globalChoreographyTask", "globalTask", "globalUserTask", "globalManualTask",
     "globalScriptTask", "globalBusinessRuleTask", "dataStore", "interface", "endPoint", "correlationProperty",
     "correlationKey", "participantMultiplicity", MUST_UNDERSTAND}
)  # fmt: skip
LOOPS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
TIMES = frozenset({"timeDate", "timeDuration", "timeCycle"})
MARKS = {
    "instantiate": TRUE,
    "eventGatewayType": frozenset({"Parallel"}),
    "operationRef": None,
    "startQuantity": None,
    "completionQuantity": None,
}
"""Attributes, and the values that would have a meaning; None: any."""


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No part of BPMN that has a meaning when it runs and would have none here, and no tag that BPMN does not have."""
    for process in diagram.processes:
        places: tuple[Process | Element, ...] = (process, *process.elements)
        for place in places:
            without_effect = (place.parts & IN_ELEMENTS) | (place.parts - STANDARD_TAGS)
            named = sorted(without_effect) + (_out_of_place(place) if isinstance(place, Element) else [])
            if named:
                yield error(
                    place,
                    f"含有 {'、'.join(named)}，运行时不起作用。请删去；岗位、参数、关联键写在 camunda 的属性里。",
                    f"has {', '.join(named)}, which would have no effect; delete it: posts, parameters and correlation "
                    "keys are camunda properties.",
                )
    beside = sorted(filter(_cannot_stand_beside, diagram.parts))
    if beside:
        yield error(
            None,
            f"含有不能运行的内容：{'、'.join(beside)}。请删去。",
            f"holds what cannot run: {', '.join(beside)}; delete it.",
        )


def _cannot_stand_beside(part: str) -> bool:
    return part in BESIDE or part not in STANDARD_TAGS or part.lower().endswith("eventdefinition")


def _out_of_place(element: Element) -> list[str]:
    """Repetition of what is no activity or of two kinds, two times of one timer, and attributes with a meaning."""
    loops, times = sorted(element.parts & LOOPS), sorted(element.parts & TIMES)
    repeated = loops if element.kind not in ACTIVITIES or len(loops) > 1 else []
    timed = times if len(times) > 1 and len(element.events) == 1 else []
    return repeated + timed + [f"{name}={value}" for name, value in element.marks.items() if _means(name, value)]


def _means(name: str, value: str) -> bool:
    """Whether an attribute asks for something that is not done; a quantity of one is."""
    if name not in MARKS or (name.endswith("Quantity") and value.strip() == "1"):
        return False
    values = MARKS[name]
    return values is None or value.strip() in values
