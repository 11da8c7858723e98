"""Reads .bpmn files into frozen diagrams: what is drawn is kept as drawn, right or wrong; judging is the linter's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from engine.model import read_element, tags
from engine.model.diagram import MUST_UNDERSTAND, SUB_PROCESSES, Bounds, Diagram, Flow, Lane, Participant, Process
from engine.model.files import Files
from engine.model.findings import Finding, about_file
from engine.model.tags import BPMN, BPMNDI, DC, DI
from engine.model.xml import TOO_LARGE, UNREADABLE, UNSAFE, load_xml

READING_RULES = (UNREADABLE, UNSAFE, TOO_LARGE)
MAX_ELEMENTS, MAX_FLOWS, MAX_WRITTEN = 1_000, 2_000, 200_000
MAX_DIAGRAMS, MAX_ALL_ELEMENTS, MAX_ALL_BYTES = 100, 3_000, 20 * 1024 * 1024


def load_diagrams(files: Files) -> tuple[dict[str, Diagram], list[Finding]]:
    """Every .bpmn file that could be opened, by its path, and one finding for each that could not.

    Never raises for any content. A diagram with more than 1,000 elements or 2,000 flows is not opened: nobody could
    read it. Nor are those beyond 100 files, 3,000 elements or 20 MB in
    one folder, so that reading and checking end in seconds whatever is sent.
    """
    diagrams: dict[str, Diagram] = {}
    findings: list[Finding] = []
    elements, size = 0, 0
    for number, file in enumerate(sorted(name for name in files if name.endswith(".bpmn"))):
        size += len(files[file])
        full = number >= MAX_DIAGRAMS or elements > MAX_ALL_ELEMENTS or size > MAX_ALL_BYTES
        diagram = _folder_is_full(file) if full else _read_diagram(files[file], file)
        if isinstance(diagram, Finding):
            findings.append(diagram)
        else:
            diagrams[file] = diagram
            elements += len(diagram.elements)
    return diagrams, findings


def _read_diagram(content: bytes, file: str) -> Diagram | Finding:
    root = load_xml(content, file)
    if isinstance(root, Finding):
        return root
    if root.tag != f"{BPMN}definitions":
        return about_file(UNREADABLE, file, "不是 BPMN 2.0 流程图。", "is not a BPMN 2.0 diagram.")
    return _too_large(file) if _crowded(root) else _diagram_of(root, file)


def _crowded(root: etree._Element) -> bool:
    """Counted before anything is read, so that a diagram nobody could read costs next to nothing."""
    processes = list(root.iterchildren(f"{BPMN}process"))
    nodes = (node for process in processes for node in read_element.flow_nodes_of(process, None))
    flows = (flow for process in processes for flow in process.iter(f"{BPMN}sequenceFlow"))
    return _more_than(MAX_ELEMENTS, nodes) or _more_than(MAX_FLOWS, flows) or _written(processes) > MAX_WRITTEN


def _more_than(limit: int, found: Iterator[object]) -> bool:
    return next(islice(found, limit, None), None) is not None


def _diagram_of(root: etree._Element, file: str) -> Diagram:
    references = read_element.references_of(root)
    processes = tuple(_process_of(node, references) for node in root.iterchildren(f"{BPMN}process"))
    return Diagram(
        file=file,
        processes=processes,
        participants=tuple(
            Participant(node.get("id", ""), node.get("name", ""), node.get("processRef", ""))
            for node in root.iterfind(f"{BPMN}collaboration/{BPMN}participant")
        ),
        shapes=dict(_shapes(root)),
        edges=dict(_edges(root)),
        ids=tuple(str(node.get("id")) for node in root.iter(f"{BPMN}*") if node.get("id")),
        parts=frozenset(_parts_beside_processes(root)),
    )


def _process_of(node: etree._Element, references: read_element.References) -> Process:
    return Process(
        id=node.get("id", ""),
        name=node.get("name", ""),
        executable=tags.flag(node, "isExecutable", default=False),
        elements=tuple(read_element.elements_of(node, None, references)),
        flows=tuple(_flows(node, None)),
        lanes=tuple(_lanes(node)),
        attributes=tags.camunda_attributes(node),
        properties=read_element.properties_of(node),
        extensions=read_element.extensions_of(node),
        documentation=tags.child_text(node, "documentation"),
        data_objects=tuple(_data_objects(node, None)),
        parts=frozenset(read_element.parts_of(node)),
    )


def _parts_beside_processes(root: etree._Element) -> Iterator[str]:
    for node in tags.children(root):
        yield tags.local_name(node)
        if tags.flag(node, "mustUnderstand", default=False):
            yield MUST_UNDERSTAND
        if node.tag != f"{BPMN}process":
            yield from (tags.local_name(part) for part in node.iterdescendants(f"{BPMN}*"))


def _data_objects(node: etree._Element, scope: str | None) -> Iterator[tuple[str, str | None]]:
    for child in tags.children(node):
        if tags.local_name(child) == "dataObject":
            yield child.get("id", ""), scope
        elif tags.local_name(child) in SUB_PROCESSES:
            yield from _data_objects(child, child.get("id", ""))


def _flows(node: etree._Element, scope: str | None) -> Iterator[Flow]:
    for child in tags.children(node):
        tag = tags.local_name(child)
        if tag == "sequenceFlow":
            yield _flow_of(child, scope)
        elif tag in SUB_PROCESSES:
            yield from _flows(child, child.get("id", ""))


def _flow_of(node: etree._Element, scope: str | None) -> Flow:
    condition = node.find(f"{BPMN}conditionExpression")
    return Flow(
        id=node.get("id", ""),
        name=node.get("name", ""),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        condition=tags.text_of(condition) if condition is not None else None,
        scope=scope,
        language=condition.get("language", "") if condition is not None else "",
    )


def _lanes(node: etree._Element) -> Iterator[Lane]:
    for lane in node.iter(f"{BPMN}lane"):
        drawn = tuple(tags.text_of(reference) for reference in lane.iterchildren(f"{BPMN}flowNodeRef"))
        yield Lane(lane.get("id", ""), lane.get("name", ""), drawn)


def _written(processes: list[etree._Element]) -> int:
    """How many characters people wrote into the processes, their documentation aside."""
    nodes = (node for process in processes for node in process.iter("{*}*"))
    return sum(
        len((node.text or "").strip()) + sum(len(value) for value in node.attrib.values())
        for node in nodes
        if node.tag != f"{BPMN}documentation"
    )


def _shapes(root: etree._Element) -> Iterator[tuple[str, Bounds]]:
    for shape in root.iter(f"{BPMNDI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        if bounds is not None:
            yield shape.get("bpmnElement", ""), Bounds(*(_number(bounds, key) for key in ("x", "y", "width", "height")))


def _edges(root: etree._Element) -> Iterator[tuple[str, tuple[tuple[float, float], ...]]]:
    for edge in root.iter(f"{BPMNDI}BPMNEdge"):
        points = tuple((_number(point, "x"), _number(point, "y")) for point in edge.iterchildren(f"{DI}waypoint"))
        yield edge.get("bpmnElement", ""), points


def _number(node: etree._Element, attribute: str) -> float:
    """A coordinate; a nonsensical one becomes 0, since a bad drawing must not stop a good process."""
    try:
        number = float(node.get(attribute, "0"))
    except ValueError:
        return 0.0
    return number if abs(number) < 1e6 else 0.0


def _too_large(file: str) -> Finding:
    return about_file(
        TOO_LARGE,
        file,
        f"的步骤超过 {MAX_ELEMENTS} 个、连线超过 {MAX_FLOWS} 条或文字过多，请用调用活动拆成几张图。",
        f"has more than {MAX_ELEMENTS} elements, {MAX_FLOWS} flows or too much text; split it with call activities.",
    )


def _folder_is_full(file: str) -> Finding:
    zh = f"没有打开：一个文件夹最多 {MAX_DIAGRAMS} 张流程图、{MAX_ALL_ELEMENTS} 个步骤。"
    en = f"is not opened: a folder holds at most {MAX_DIAGRAMS} diagrams and {MAX_ALL_ELEMENTS} elements."
    return about_file(TOO_LARGE, file, zh, en)
