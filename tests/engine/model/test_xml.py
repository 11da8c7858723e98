"""Hostile documents get a finding, quickly; none is opened, none raises, nothing outside is read."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import load_diagrams
from engine.model.findings import Finding
from engine.model.xml import MAX_BYTES, MAX_NODES, load_xml
from tests.kit.effort import calls

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def document(body: str = "", before: str = "") -> str:
    process = f'<process id="p"><documentation>{body}</documentation></process>'
    return f'{HEAD}{before}<definitions xmlns="{BPMN}">{process}</definitions>'


def laughs() -> str:
    tens = "".join(f'<!ENTITY {name} "{f"&{last};" * 10}">' for last, name in pairwise("abcdefghi"))
    return document("&i;", f'<!DOCTYPE d [<!ENTITY a "ha">{tens}]>')


HOSTILE = {
    "doctype": (document(before="<!DOCTYPE definitions>"), "xml_unsafe"),
    "external file": (document("&x;", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'), "xml_unsafe"),
    "external dtd": (document(before='<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">'), "xml_unsafe"),
    "parameter entity": (
        document(before='<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>'),
        "xml_unsafe",
    ),
    "billion laughs": (laughs(), "xml_unsafe"),
    "quadratic": (document("&x;" * 999, f'<!DOCTYPE d [<!ENTITY x "{"y" * 9999}">]>'), "xml_unsafe"),
    "lower case doctype": (document(before="<!doctype d>"), "xml_unsafe"),
    "stylesheet": (document(before='<?xml-stylesheet href="x.xsl"?>'), "xml_unsafe"),
    "instruction inside": (document("<?php echo 1 ?>"), "xml_unsafe"),
    "instruction at the end": (document() + "<?late x?>", "xml_unsafe"),
    "undeclared entity": (document("&who;"), "xml_unreadable"),
    "not xml": ("once upon a time", "xml_unreadable"),
    "empty": ("", "xml_unreadable"),
    "unclosed": (document()[:-5], "xml_unreadable"),
    "null byte": (document("\0"), "xml_unreadable"),
    "two roots": (document() + "<more/>", "xml_unreadable"),
    "unbound prefix": (document("<x:y/>"), "xml_unreadable"),
    "other encoding declared": (document().replace("UTF-8", "GBK"), "xml_unreadable"),
    "utf-7 declared": (document().replace("UTF-8", "UTF-7"), "xml_unreadable"),
    "other root": (f'{HEAD}<definitions xmlns="http://example.org/"/>', "xml_unreadable"),
    "deep": (document("<a>" * 100 + "</a>" * 100), "too_large"),
    "very deep": (document("<a>" * 100_000 + "</a>" * 100_000), "xml_unreadable"),
    "many nodes": (document("<a/>" * 100_000), "too_large"),
    "many comments": (document("<!---->" * 100_000) + "<", "xml_unreadable"),
    "large": (document("x" * MAX_BYTES), "too_large"),
    "ten megabytes": (document("x" * 10_000_000), "too_large"),
    "ten thousand nodes": (document().replace("</process>", '<userTask id="t"/>' * 10_000 + "</process>"), "too_large"),
    "wordy": (document().replace("</process>", f'<userTask id="{"x" * 200_000}"/></process>'), "too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_gets_one_finding_at_little_cost(name: str) -> None:
    text, rule = HOSTILE[name]
    diagrams, findings = load_diagrams({"x.bpmn": text.encode()})
    assert diagrams == {}
    assert [finding.rule for finding in findings] == [rule]
    assert calls(lambda: load_diagrams({"x.bpmn": text.encode()})) < 3 * MAX_NODES  # it is measured before it is read


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "gb18030", "latin-1"])
def test_another_encoding_than_utf_8_is_named_as_the_fault(encoding: str) -> None:
    content = document("é哨" if encoding != "latin-1" else "é").encode(encoding)
    finding = load_xml(content, "x.bpmn")
    assert isinstance(finding, Finding)
    assert "UTF-8" in finding.message_zh


@pytest.mark.parametrize("text", [document("哨"), document("哨").removeprefix(HEAD), "\ufeff" + document("哨")])
def test_plain_utf_8_is_opened_with_and_without_declaration_and_mark(text: str) -> None:
    root = load_xml(text.encode(), "x.bpmn")
    assert not isinstance(root, Finding)
    assert root.findtext(f"{{{BPMN}}}process/{{{BPMN}}}documentation") == "哨"


def test_no_file_is_read_on_behalf_of_a_document(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret", encoding="utf-8")
    include = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{tmp_path}/secret" parse="text"/>'
    diagrams, _ = load_diagrams({"x.bpmn": document(include).encode()})
    assert "secret" not in diagrams["x.bpmn"].processes[0].documentation


@given(st.binary(max_size=200))
def test_no_content_raises(content: bytes) -> None:
    for text in (content, HEAD.encode() + content, document().encode().replace(b'id="p"', b'id="p" ' + content)):
        diagrams, findings = load_diagrams({"x.bpmn": text})
        assert len(diagrams) + len(findings) == 1


def test_a_folder_of_ten_thousand_elements_is_opened_only_in_part() -> None:
    tasks = "".join(f'<userTask id="t{number}"/>' for number in range(250))
    file = document().replace("</process>", f"{tasks}</process>").encode()
    diagrams, findings = load_diagrams({f"{number}.bpmn": file for number in range(40)})
    assert sum(len(diagram.elements) for diagram in diagrams.values()) <= 3_250
    assert {finding.rule for finding in findings} == {"too_large"}


def test_a_folder_of_many_diagrams_is_opened_only_in_part() -> None:
    diagrams, findings = load_diagrams({f"{number:03}.bpmn": document().encode() for number in range(101)})
    assert len(diagrams) == 100
    assert [(finding.file, finding.rule) for finding in findings] == [("100.bpmn", "too_large")]


def test_a_folder_of_much_text_is_opened_only_in_part() -> None:
    padded = document(" " * (MAX_BYTES - 1_000)).encode()
    diagrams, findings = load_diagrams({f"{number:02}.bpmn": padded for number in range(12)})
    assert len(diagrams) + len(findings) == 12
    assert {finding.rule for finding in findings} == {"too_large"}


def test_a_diagram_of_many_flows_is_not_opened() -> None:
    flows = "".join(f'<sequenceFlow id="f{number}" sourceRef="a" targetRef="a"/>' for number in range(2_001))
    diagrams, findings = load_diagrams({"x.bpmn": document().replace("</process>", f"{flows}</process>").encode()})
    assert diagrams == {}
    assert [finding.rule for finding in findings] == ["too_large"]
