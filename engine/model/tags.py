"""The XML names of BPMN and of Camunda's attributes, and the few questions one asks of an XML node."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
TRUE = frozenset({"true", "1"})


def local_name(node: etree._Element) -> str:
    """The tag without its namespace."""
    return etree.QName(node).localname


def children(node: etree._Element, namespace: str = BPMN) -> Iterator[etree._Element]:
    """The child elements of one namespace (no comments)."""
    return node.iterchildren(f"{namespace}*")


def text_of(node: etree._Element | None) -> str:
    """The text of a node and everything in it, trimmed; empty for no node."""
    return "".join(str(part) for part in node.itertext()).strip() if node is not None else ""


def child_text(node: etree._Element, tag: str) -> str:
    """The trimmed text of the first BPMN child with this tag; empty when there is none."""
    return text_of(node.find(f"{BPMN}{tag}"))


def flag(node: etree._Element, attribute: str, default: bool) -> bool:
    """An XML boolean attribute."""
    value = node.get(attribute)
    return default if value is None else value.strip().lower() in TRUE


def camunda_attributes(node: etree._Element) -> dict[str, str]:
    """The camunda: attributes of a node, without the prefix."""
    return {
        name.removeprefix(CAMUNDA): value
        for name, value in ((str(key), str(text)) for key, text in node.attrib.items())
        if name.startswith(CAMUNDA)
    }
