"""Opens XML that strangers wrote: no DOCTYPE, no entities, no network, bounded in bytes, nodes and depth."""

from __future__ import annotations

import re

from lxml import etree

from engine.model.findings import Finding, about_file

MAX_BYTES = 2 * 1024 * 1024
MAX_NODES = 40_000
MAX_DEPTH = 64

UNREADABLE, UNSAFE, TOO_LARGE = "xml_unreadable", "xml_unsafe", "too_large"

DECLARED_ENCODING = re.compile(r"""\A<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
FORBIDDEN = re.compile(r"<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)


def load_xml(content: bytes, file: str) -> etree._Element | Finding:
    """The root of the document, or the finding that says why it was not opened. Never raises for any content."""
    if len(content) > MAX_BYTES:
        return about_file(TOO_LARGE, file, "超过 2 MB，请拆成几个文件。", "is larger than 2 MB; split it into several.")
    text = _decode(content, file)
    if isinstance(text, Finding):
        return text
    if FORBIDDEN.search(text):
        return _unsafe(file, "含有 DOCTYPE 或实体声明", "declares a DOCTYPE or an entity")
    try:
        root = etree.fromstring(text.encode(), _careful_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        return _not_well_formed(file, error)
    return _measure(root, file) or _look_around(root, file) or root


def _decode(content: bytes, file: str) -> str | Finding:
    """One encoding only: a document read as UTF-8 here and as something else there could hide what it says."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _wrong_encoding(file)
    declared = DECLARED_ENCODING.match(text)
    if declared and declared[1].lower() not in {"utf-8", "utf8"}:
        return _wrong_encoding(file)
    return DECLARED_ENCODING.sub('<?xml version="1.0" encoding="UTF-8"', text, count=1)


def _careful_parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )


def _measure(root: etree._Element, file: str) -> Finding | None:
    nodes, depth = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end", "pi")):
        nodes += event != "end"
        depth += {"start": 1, "end": -1}.get(event, 0)
        if event == "pi":
            return _instruction(file)
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            return about_file(
                TOO_LARGE,
                file,
                "的内容过多或嵌套过深，请拆成几张图。",
                "holds too many nodes or nests too deeply; split it into several diagrams.",
            )
    return None


def _look_around(root: etree._Element, file: str) -> Finding | None:
    """Instructions before and after the root are not among its nodes."""
    around = [*root.itersiblings(preceding=True), *root.itersiblings()]
    return _instruction(file) if any(isinstance(node, etree._ProcessingInstruction) for node in around) else None


def _instruction(file: str) -> Finding:
    return _unsafe(file, "含有处理指令（<?…?>）", "holds a processing instruction (<?…?>)")


def _unsafe(file: str, zh: str, en: str) -> Finding:
    return about_file(
        UNSAFE,
        file,
        f"{zh}，为了安全不打开。请用流程图编辑器重新保存。",
        f"{en} and is not opened for safety; save it again with a BPMN editor.",
    )


def _wrong_encoding(file: str) -> Finding:
    return about_file(UNREADABLE, file, "不是 UTF-8 编码，请另存为 UTF-8。", "is not UTF-8; save it as UTF-8.")


def _not_well_formed(file: str, error: Exception) -> Finding:
    line = getattr(error, "lineno", None) or 1
    return about_file(
        UNREADABLE,
        file,
        f"不是完好的 XML（第 {line} 行附近）。请用流程图编辑器重新保存，或恢复上一个版本。",
        f"is not well-formed XML (near line {line}); save it again with a BPMN editor or restore the last version.",
    )
