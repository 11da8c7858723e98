"""Whether what forms take their choices and their first words from is there: messages that are awaited, periods to be
assessed, and fields of other forms (`latest`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.model.checking import nearest
from engine.model.findings import Finding, about_file
from processes.exchange import awaited_messages
from processes.forms import Field, Form
from processes.forms.world import AWAITING
from processes.pack import Pack

_LATEST = re.compile(r'\blatest\(\s*"([^"]*)"\s*\)')


def loose_sources(pack: Pack) -> Iterator[Finding]:
    """The fields that would never offer or propose anything."""
    yield from _unheard(pack)
    awaited = awaited_messages(pack)
    for name, form in pack.forms.items():
        for field in _fields(form):
            message = field.source.removeprefix(AWAITING)
            if field.source == "periods" and not pack.lists.sources["periods"]:
                told = f"：“{field.label}”列出考核周期，文件夹里没有 assessment.toml，或者没有写周期。"
                said = f": “{field.label}” offers periods to be assessed, and assessment.toml names none."
                yield about_file("form", f"forms/{name}.form", told, said)
            if field.source.startswith(AWAITING) and message not in awaited:
                near = nearest(message, awaited)
                zh = f"您是不是想写“{near}”？" if near else "请核对消息名称。"
                en = f"did you mean “{near}”?" if near else "check the name."
                told = f"：“{field.label}”列出等待消息“{message}”的事项，流程图里没有等它的地方，{zh}"
                said = f": “{field.label}” offers what waits for “{message}”, and nothing does; {en}"
                yield about_file("form", f"forms/{name}.form", told, said)


def _unheard(pack: Pack) -> Iterator[Finding]:
    """Fields that propose what was last filled in under a key that no form has."""
    known = {field.key for form in pack.forms.values() for field in form.inputs.values()}
    for name, form in pack.forms.items():
        for field in _fields(form):
            for key in _LATEST.findall(field.value.text if field.value else ""):
                if key not in known:
                    near = nearest(key, known)
                    zh = f"您是不是想写“{near}”？" if near else "请核对名称。"
                    told = f"：“{field.label}”预填最近一次填的“{key}”，哪张表单也没有这一项，{zh}"
                    said = f": “{field.label}” proposes the latest “{key}”, which no form asks for."
                    yield about_file("form", f"forms/{name}.form", told, said)


def _fields(form: Form) -> Iterator[Field]:
    """Every field that is answered, those in rows too."""
    for field in form.inputs.values():
        yield field
        yield from field.fields
