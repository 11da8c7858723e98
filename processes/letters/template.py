"""A letter template: a .docx whose text has fields, `{{ name }}`, and nothing that could run, fetch or hide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from processes.letters.errors import LetterRefused
from processes.letters.inspect import refuse_unfit

_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The date of every part, so that the same letter is the same bytes."""
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)


@dataclass(frozen=True)
class Template:
    """A template that has been looked at: its bytes, and the names of its fields in the order of the text."""

    content: bytes
    fields: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The letter as .docx: every field replaced by its text, line breaks kept, markup shown as it was typed.

        The same values give the same bytes. Raises LetterRefused when a field has no value.
        """
        missing = [name for name in self.fields if name not in values]
        if missing:
            raise LetterRefused(f"没有给出 {'、'.join(missing)}")
        letter = DocxTemplate(BytesIO(self.content))
        letter.render({name: _UNPRINTABLE.sub("", values[name]) for name in self.fields}, _ENVIRONMENT)
        filled = BytesIO()
        letter.save(filled)
        return _packed(filled)


def read_template(content: bytes, name: str) -> Template:
    """A template from its bytes; `name` is its file's. Raises LetterRefused with what is wrong, as a sentence."""
    refuse_unfit(content, name)
    try:
        fields = [field for text in _texts(DocxTemplate(BytesIO(content))) for field in _fields_in(text)]
    except TemplateSyntaxError as error:
        raise LetterRefused(f"有没写完整的 {{{{ 项目 }}}}（{error.message}）") from error
    except (KeyError, ValueError, AttributeError) as error:
        raise LetterRefused("文件打不开，可能已经损坏") from error
    return Template(content, tuple(dict.fromkeys(fields)))


def _texts(template: DocxTemplate) -> Iterator[str]:
    """All that will be filled: the text, and what Word says of the file itself."""
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    about: Any = template.docx.core_properties
    yield from (str(getattr(about, each) or "") for each in ("author", "comments", "language", "subject", "title"))
    yield str(about.identifier or "")


def _fields_in(text: str) -> Iterator[str]:
    """The names of the fields; raises LetterRefused for anything else between braces."""
    for node in _walk(_ENVIRONMENT.parse(text)):
        if not isinstance(node, _PLAIN):
            raise LetterRefused("双花括号里只能写一个项目的名称，如 {{ number }}；不能写算式、条件、循环")
        if isinstance(node, nodes.Name):
            yield node.name


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _packed(filled: BytesIO) -> bytes:
    """The parts packed again in their order, without the moment at which it was done."""
    packed = BytesIO()
    with ZipFile(filled) as parts, ZipFile(packed, "w", ZIP_DEFLATED) as to:
        for name in parts.namelist():
            part = ZipInfo(name, _ALWAYS)
            part.compress_type = ZIP_DEFLATED
            to.writestr(part, parts.read(name))
    return packed.getvalue()
