"""Looking at XML elements by their local names, for every version of DMN has its own namespace."""

from __future__ import annotations

from lxml import etree

Xml = etree._Element


def tag_of(element: Xml) -> str:
    """The name without its namespace; "" for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Xml, *tags: str) -> list[Xml]:
    """The child elements of these names."""
    return [part for part in element if tag_of(part) in tags]


def child(element: Xml, tag: str) -> Xml | None:
    """The first child element of a name."""
    return next(iter(children(element, tag)), None)


def id_of(element: Xml) -> str:
    """The id, or ""."""
    return element.get("id") or ""


def text_in(element: Xml | None) -> str | None:
    """The text of the child named `text`, or None."""
    found = child(element, "text") if element is not None else None
    return None if found is None else (found.text or "").strip()


def type_ref(element: Xml | None) -> str | None:
    """The local name of the type, which older versions wrote as a child."""
    if element is None:
        return None
    written = element.get("typeRef")
    if written is None:
        below = child(element, "typeRef")
        written = below.text if below is not None else None
    return written.strip().rpartition("}")[2].rpartition(":")[2] if written else None
