"""What a letter template may not hold: macros, links to elsewhere, pictures and frames that the PDF could not show."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from lxml import etree

from processes.letters.errors import LetterRefused
from processes.papers import PaperRejected
from processes.papers.claim import Claim
from processes.papers.kinds import KINDS

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNSHOWN = {
    f"{_WORD}drawing": "图片、文本框或者形状",
    f"{_WORD}pict": "图片、文本框或者形状",
    f"{_WORD}object": "嵌入的对象",
    f"{_WORD}altChunk": "嵌入的文档",
    f"{_WORD}footnoteReference": "脚注",
    f"{_WORD}endnoteReference": "尾注",
    f"{_WORD}ins": "没有接受的修订",
    f"{_WORD}del": "没有接受的修订",
}
_MARGINAL = re.compile(r"word/(?:header|footer)\d*\.xml")
_LEFT_AWAY = re.compile(r"[\s\d—–-]*")
"""What a header or footer may say: a page number, which the PDF gives by itself."""
_LINKED = "hyperlink"


def refuse_unfit(content: bytes, name: str) -> None:
    """Raises LetterRefused for what is no .docx, has macros, or holds what a letter's PDF would leave out."""
    _refuse_strange(content, name)
    with ZipFile(BytesIO(content)) as parts:
        for part in parts.namelist():
            if part.endswith(".rels"):
                _refuse_links(_xml(parts.read(part)))
            elif _MARGINAL.fullmatch(part):
                _refuse_marginal(_xml(parts.read(part)))
        if "word/document.xml" not in parts.namelist():
            raise LetterRefused("不是 WPS 或 Word 存的 .docx 文件")
        _refuse_unshown(_xml(parts.read("word/document.xml")))


def _refuse_strange(content: bytes, name: str) -> None:
    """The same look at the inside of a file that uploads get (processes.papers)."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "letter.docx"
        path.write_bytes(content)
        try:
            KINDS["docx"].check(Claim(path, name, "docx"))
        except PaperRejected as rejected:
            raise LetterRefused(rejected.sentence) from rejected


def _refuse_links(links: etree._Element) -> None:
    for link in links.iter("{*}Relationship"):
        if link.get("TargetMode") == "External" and not link.get("Type", "").endswith(_LINKED):
            raise LetterRefused("连着文件之外的模板或者图片，打开时会去取别处的内容")


def _refuse_marginal(part: etree._Element) -> None:
    text = "".join(map(str, part.itertext(f"{_WORD}t")))
    if not _LEFT_AWAY.fullmatch(text):
        raise LetterRefused(f"页眉页脚里的“{text.strip()[:20]}”印不到 PDF 上；请写到正文里，页码由系统加")


def _refuse_unshown(document: etree._Element) -> None:
    for element in document.iter():
        what = _UNSHOWN.get(element.tag) if isinstance(element.tag, str) else None
        if what is not None:
            raise LetterRefused(f"有{what}，印不到 PDF 上；请改成文字或者表格")


def _xml(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise LetterRefused("文件打不开，可能已经损坏") from error
