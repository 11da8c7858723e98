"""Makes SVG elements with the least noise: classes for the stylesheet, presentation attributes for want of one."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from web.drawing.paint import attributes_of
from web.drawing.picture import Point
from web.drawing.text import printable

SVG = "http://www.w3.org/2000/svg"


def make(tag: str, role: str = "", /, **attributes: object) -> etree._Element:
    """An SVG element of a painted role (see paint.py); `stroke_width=2` becomes stroke-width="2"."""
    element = etree.Element(f"{{{SVG}}}{tag}", nsmap={None: SVG})  # type: ignore[dict-item]  # the stubs forget the unprefixed name
    if role:
        element.set("class", f"bpmn-{role}")
        for name, value in attributes_of(role).items():
            element.set(name, value)
    for name, given in attributes.items():
        element.set(name.rstrip("_").replace("_", "-"), _text(given))
    return element


def group(*children: etree._Element, **attributes: object) -> etree._Element:
    """A group of elements."""
    element = make("g", **attributes)
    element.extend(children)
    return element


def title(words: str) -> etree._Element:
    """The words that a pointer and a screen reader get."""
    element = make("title")
    element.text = printable(words)
    return element


def lines_of_text(lines: Iterable[str], at: Point, size: float, role: str = "label") -> etree._Element:
    """Lines centred at x, the middle of the whole block at y."""
    lines = list(lines)
    element = make("text", role, text_anchor="middle", font_size=size)
    top = at.y - (len(lines) - 1) * leading(size) / 2 + size * 0.36
    for number, line in enumerate(lines):
        span = etree.SubElement(element, f"{{{SVG}}}tspan", x=_text(at.x), y=_text(top + number * leading(size)))
        span.text = line
    return element


def leading(size: float) -> float:
    """The distance from line to line."""
    return size * 1.32


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
