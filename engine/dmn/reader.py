"""From the bytes of a DMN file to its model. No DOCTYPE, no entities, no network, no giants."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.dmn import model
from engine.dmn.boxed_reader import boxed_in, read_function
from engine.dmn.elements import Xml, child, children, tag_of, text_in, type_ref
from engine.dmn.errors import DmnTooLarge, DmnUnreadable

_LARGEST = 2_000_000
_KINDS = ("decision", "inputData", "businessKnowledgeModel", "decisionService")


def read_definitions(xml: bytes) -> model.Definitions:
    """Read a DMN file of any 1.x version. Raises DmnUnreadable or DmnTooLarge."""
    root = _parsed(xml)
    if tag_of(root) != "definitions":
        raise DmnUnreadable(reason="根元素不是 definitions")
    namespace = root.get("namespace") or ""
    try:
        return model.Definitions(
            namespace=namespace,
            elements=tuple(_element(part, namespace) for part in root if tag_of(part) in _KINDS),
            items=tuple(_item(part) for part in children(root, "itemDefinition")),
            imports=tuple((part.get("name") or "", part.get("namespace") or "") for part in _imports(root)),
        )
    except RecursionError:
        raise DmnTooLarge from None


def _parsed(xml: bytes) -> Xml:
    if len(xml) > _LARGEST:
        raise DmnTooLarge
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DmnUnreadable(reason=str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DmnUnreadable(reason="文件含有 DOCTYPE")
    return root


def _imports(root: Xml) -> Iterator[Xml]:
    for part in children(root, "import"):
        kind = part.get("importType") or ""
        if "DMN" in kind or "MODEL" in kind:
            yield part


def _element(element: Xml, namespace: str) -> model.Element:
    kind, name = tag_of(element), element.get("name") or ""
    return model.Element(
        kind=kind,
        id=element.get("id") or name,  # the schema lets an id be absent
        name=name,
        namespace=namespace,
        type_ref=type_ref(child(element, "variable")),
        logic=_knowledge(element) if kind == "businessKnowledgeModel" else boxed_in(element),
        requirements=tuple(_references(element, "informationRequirement", "knowledgeRequirement")),
        input_data=_links(element, "inputData"),
        input_decisions=_links(element, "inputDecision"),
        output_decisions=_links(element, "outputDecision"),
    )


def _knowledge(element: Xml) -> model.Boxed | None:
    logic = child(element, "encapsulatedLogic")
    return None if logic is None else read_function(logic)


def _references(element: Xml, *tags: str) -> Iterator[str]:
    for requirement in children(element, *tags):
        for target in requirement:
            if target.get("href"):
                yield target.get("href") or ""


def _links(element: Xml, tag: str) -> tuple[str, ...]:
    return tuple(part.get("href") or "" for part in children(element, tag))


def _item(element: Xml) -> model.ItemDefinition:
    return model.ItemDefinition(
        name=element.get("name") or "",
        type_ref=type_ref(element),
        is_collection=element.get("isCollection") == "true",
        is_function=child(element, "functionItem") is not None,
        allowed=text_in(child(element, "allowedValues")),
        components=tuple(_item(part) for part in children(element, "itemComponent")),
    )
