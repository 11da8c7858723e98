"""Run the test cases of the DMN Technology Compatibility Kit: python tests/tck.py <dir> [-v].

Prints passed/total cases per compliance level and, on the last line, over all; -v names the cases that fail. Cases
that run Java are left out of their level, which says how many, but count on the last line. Ends with status 1 when no
case was found, or one of level 2 failed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from engine.dmn import invoke, read_decisions, read_model
from engine.errors import Rejected
from engine.feel import equal
from engine.feel.border import imported
from engine.feel.temporal_text import read_date, read_date_time, read_duration, read_time

NOW = datetime.now(UTC)
FUNCTIONS = {"now": lambda: NOW, "today": lambda: NOW.date()}
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NUMBERS = ("decimal", "double", "integer", "int", "long", "float")
READERS = {"date": read_date, "time": read_time, "dateTime": read_date_time, "duration": read_duration}
TOLERANCE = Decimal("1e-8")
JAVA = re.compile(r'kind="Java"|\bexternal\s*\{\s*java\b')


@dataclass(frozen=True)
class Unreadable:
    """An expected value that lies beyond what the engine holds, such as the year 99999. Equal to nothing."""

    text: str


def main(arguments: list[str]) -> int:
    folders = [argument for argument in arguments if argument != "-v"]
    if len(folders) != 1:
        print(__doc__)
        return 2
    totals: dict[str, Total] = {}
    for file in sorted(Path(folders[0]).rglob("*-test-*.xml")):
        level = next((part for part in file.parts if part.startswith("compliance-level-")), "unknown level")
        total = totals.setdefault(level, Total())
        for name, runs_java, failures in outcomes(file):
            (total.java if runs_java else total.passed).append(not failures)
            for failure in failures if "-v" in arguments else []:
                print(f"{file.parent.name} | {name} | {failure}")
    for level, total in totals.items():
        print(f"{level}: {total}")
    everything = [passed for total in totals.values() for passed in (*total.passed, *total.java)]
    print(f"{sum(everything)}/{len(everything)}")
    return 0 if everything and all(totals.get("compliance-level-2", Total()).passed) else 1


@dataclass
class Total:
    """Whether each case of a level passed, those that run Java apart."""

    passed: list[bool] = field(default_factory=list)
    java: list[bool] = field(default_factory=list)

    def __str__(self) -> str:
        excluded = f" ({len(self.java)} external Java excluded)" if self.java else ""
        return f"{sum(self.passed)}/{len(self.passed)}{excluded}"


def outcomes(file: Path) -> Iterator[tuple[str, bool, list[str]]]:
    """Of each case its name, whether it runs Java, and what failed."""
    root = etree.parse(file, etree.XMLParser(remove_comments=True)).getroot()
    model_file = file.parent / child(root, "modelName").text.strip()
    imports = [other.read_bytes() for other in sorted(file.parent.glob("*.dmn")) if other != model_file]
    model = Model(model_file.read_bytes(), in_order(imports))
    for case in children(root, "testCase"):
        inputs = {node.get("name"): value(node) for node in children(case, "inputNode")}
        yield case.get("id") or "", runs_java(model_file, case), list(failures(model, case, inputs))


def runs_java(model_file: Path, case: etree._Element) -> bool:
    """Whether a decision that the case asks for calls a function that is written in Java."""
    asked = {node.get("name") for node in children(case, "resultNode")}
    decisions = children(etree.parse(model_file).getroot(), "decision")
    return any(JAVA.search(etree.tostring(each, encoding="unicode")) for each in decisions if each.get("name") in asked)


def in_order(files: list[bytes]) -> list[bytes]:
    """Imported files before those that import them."""
    return sorted(files, key=lambda file: len(children(etree.fromstring(file), "import")))


class Model:
    def __init__(self, xml: bytes, imports: list[bytes]) -> None:
        self.model = read_model(xml, imports=imports)
        self.decisions = {each.name: each for each in read_decisions(xml, imports=imports).values()}

    def result(self, case: etree._Element, node: etree._Element, inputs: dict[str, Any]) -> Any:
        if case.get("type") in ("decisionService", "bkm"):
            wanted = case.get("invocableName")
            element = next(each for each in self.model.elements.values() if each.name == wanted)
            return named(invoke(self.model, element.id, inputs), node)
        return self.decisions[node.get("name")].evaluate(inputs, functions=FUNCTIONS)


def named(result: Any, node: etree._Element) -> Any:
    return result[node.get("name")] if isinstance(result, dict) and node.get("name") in result else result


def failures(model: Model, case: etree._Element, inputs: dict[str, Any]) -> Iterator[str]:
    for node in children(case, "resultNode"):
        expected = value(child(node, "expected"))
        try:
            got = model.result(case, node, inputs)
        except (Rejected, LookupError, StopIteration) as error:
            got = None if expected is None else error
        if not alike(got, expected):
            yield f"{node.get('name')} | expected {expected!r} | got {got!r}"


def alike(got: Any, expected: Any) -> bool:
    if isinstance(got, Decimal) and isinstance(expected, Decimal):
        return abs(got - expected) <= max(abs(got), abs(expected)) * TOLERANCE
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(map(alike, got, expected))
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(alike(got[key], expected[key]) for key in got)
    return (
        not isinstance(got, Rejected)
        and not isinstance(expected, Unreadable)
        and equal(imported(got), expected) is True
    )


def value(node: etree._Element) -> Any:
    for part in node:
        if part.get(NIL) == "true":
            return None
        if name(part) == "value":
            return simple(part)
        if name(part) == "list":
            return [value(item) for item in children(part, "item")]
        if name(part) == "component":
            return {each.get("name"): None if each.get(NIL) == "true" else value(each) for each in node}
    return None


def simple(node: etree._Element) -> Any:
    kind, text = (node.get(TYPE) or "xsd:string").rpartition(":")[2], node.text or ""
    if kind in NUMBERS:
        number = Decimal(text.strip())
        return number if number.is_finite() else Unreadable(text)
    if kind == "boolean":
        return text.strip() == "true"
    if kind in READERS:
        found = READERS[kind](text.strip())
        return Unreadable(text) if found is None else found
    return text


def name(node: etree._Element) -> str:
    return etree.QName(node).localname


def children(node: etree._Element, tag: str) -> list[etree._Element]:
    return [part for part in node if isinstance(part.tag, str) and name(part) == tag]


def child(node: etree._Element, tag: str) -> etree._Element:
    return children(node, tag)[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
