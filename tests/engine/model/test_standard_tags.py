"""The tags of BPMN 2.0 are those of its schema, which SpiffWorkflow ships."""

from __future__ import annotations

from importlib.resources import files

from lxml import etree

from engine.model.standard_tags import STANDARD_TAGS

_ELEMENT = "{http://www.w3.org/2001/XMLSchema}element"


def test_the_tags_are_those_of_the_schema() -> None:
    folder = files("SpiffWorkflow.bpmn.parser").joinpath("schema")
    roots = [etree.fromstring(folder.joinpath(name).read_bytes()) for name in ("BPMN20.xsd", "Semantic.xsd")]
    assert {
        str(node.get("name")) for root in roots for node in root.iter(_ELEMENT) if node.get("name")
    } == STANDARD_TAGS
