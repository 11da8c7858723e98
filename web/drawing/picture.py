"""What a BPMN file says about its picture, as plain values: elements, and where their shapes and edges lie (in px)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

ACTIVITIES = frozenset(
    [
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "callActivity",
    ]
)
SUB_PROCESSES = frozenset(["subProcess", "transaction", "adHocSubProcess"])
EVENTS = frozenset(["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"])
GATEWAYS = frozenset(["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"])
CONTAINERS = frozenset(["participant", "lane"])


@dataclass(frozen=True)
class Point:
    """A place on the sheet."""

    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet: its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """The middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def shrunk(self, by: float) -> Box:
        """The same box, smaller by so many px on each side."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True)
class Element:
    """One BPMN element; `kind` is its tag (userTask), `parent` the id of what contains it, `lane` the lane's id.

    `event` is the kind of its event definition (timer); `loop` is parallel, sequential or loop; flows carry `source`,
    `target` and `condition` (default or conditional).
    """

    id: str
    kind: str
    name: str = ""
    parent: str | None = None
    lane: str | None = None
    event: str | None = None
    interrupting: bool = True
    loop: str | None = None
    attached_to: str | None = None
    collection: bool = False
    source: str | None = None
    target: str | None = None
    condition: str | None = None
    direction: str | None = None


@dataclass(frozen=True)
class Shape:
    """Where an element lies; `label` is the box of its text when that stands outside."""

    element: Element
    box: Box
    label: Box | None = None
    horizontal: bool = True
    expanded: bool = True


@dataclass(frozen=True)
class Edge:
    """The points a flow runs through, from its source to its target."""

    element: Element
    points: tuple[Point, ...]
    label: Box | None = None


@dataclass(frozen=True)
class Picture:
    """The first diagram of a file, and every element of the file by its id."""

    elements: Mapping[str, Element] = field(default_factory=dict)
    shapes: tuple[Shape, ...] = ()
    edges: tuple[Edge, ...] = ()

    def flows(self) -> Iterator[Element]:
        """Every sequence flow, in file order."""
        return (element for element in self.elements.values() if element.kind == "sequenceFlow")
