"""What in a text may tell who somebody is (DC-15, CM-7): numbers that look like a phone's or a document's,
and the names that stand in the fields a county calls personal (county.toml, `[knowledge] personal`). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.model.checking import nearest
from processes.forms import Form
from processes.pack import Pack

_HALF_WIDTH = str.maketrans("０１２３４５６７８９－＋　Ｘｘ", "0123456789-+ Xx")
_APART = r"[ \-—–]?"
_KINDS = (
    ("证件号或账号", re.compile(rf"(?<![0-9])[0-9](?:{_APART}[0-9]){{13,18}}[Xx]?(?![0-9])")),
    ("电话", re.compile(rf"(?<![0-9])(?:\+?86{_APART})?1[3-9][0-9](?:{_APART}[0-9]){{8}}(?![0-9])")),
    ("电话", re.compile(r"(?<![0-9])[(（]?0[0-9]{2,3}[)）]?[ \-—–]?[1-9][0-9]{6,7}(?![0-9])")),
    ("邮箱", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
)
_BETWEEN = re.compile(r"[、，,；;/\s（）()：:]+")
SHORTEST_NAME, LONGEST_NAME = 2, 30


@dataclass(frozen=True)
class Found:
    """What was found in a text, and what it looks like."""

    kind: str
    words: str

    @property
    def sentence(self) -> str:
        """The same for people."""
        return f"{self.words}（{self.kind}）"


def personal_in(text: str, names: Collection[str] = ()) -> list[Found]:
    """Whatever in the text looks like personal data, each once: numbers first, then names."""
    found: list[Found] = []
    rest = text.translate(_HALF_WIDTH)
    for kind, looks in _KINDS:
        found += (Found(kind, match[0].strip()) for match in looks.finditer(rest))
        rest = looks.sub("□", rest)  # what is a document's number is no phone's besides
    found += (Found("姓名", name) for name in sorted(names, key=lambda name: (-len(name), name)) if name in text)
    return list(dict.fromkeys(found))


FORMER = "former"
"""The process variable that says which case this one is about, where it is about one."""


def case_in(former: object) -> object:
    """The id of the case that the variable tells of; None for none."""
    return former.get("case") if isinstance(former, Mapping) else former


def names_in(answers: Iterable[Mapping[str, object]], fields: Collection[str]) -> frozenset[str]:
    """The names in these fields of answers, those in rows too: several in one field are told apart."""
    said = (value for each in answers for value in _values(each, fields))
    parts = (part.strip() for value in said for part in _BETWEEN.split(value))
    return frozenset(part for part in parts if SHORTEST_NAME <= len(part) <= LONGEST_NAME and not _is_number(part))


def personal_fields(pack: Pack) -> tuple[str, ...]:
    """The fields of the county's forms that name people (county.toml, `[knowledge] personal`)."""
    section = pack.county.get("knowledge")
    fields = section.get("personal") if isinstance(section, Mapping) else None
    return tuple(each for each in fields if isinstance(each, str)) if isinstance(fields, list) else ()


def loose_personal(pack: Pack) -> Iterator[str]:
    """What is wrong with the section `[knowledge]`, as sentences without their full stop."""
    section = pack.county.get("knowledge")
    if section is None:
        return
    if not isinstance(section, Mapping) or set(section) != {"personal"} or not isinstance(section["personal"], list):
        yield "[knowledge] 应写 personal（哪些填写项是个人信息，写成一列），没有别的项目"
        return
    known = {key for form in pack.forms.values() for key in _keys(form)}
    for field in section["personal"]:
        if field not in known:
            near = nearest(str(field), known)
            hint = f"，您是不是想写“{near}”" if near else ""
            yield f"[knowledge] personal 里的填写项“{field}”哪张表单也没有{hint}"


def _keys(form: Form) -> Iterator[str]:
    for key, field in form.inputs.items():
        yield key
        yield from (column.key for column in field.fields)


def _values(answers: Mapping[str, object], fields: Collection[str]) -> Iterator[str]:
    for key, value in answers.items():
        if isinstance(value, str) and key in fields:
            yield value
        elif isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    yield from _values(row, fields)


def _is_number(part: str) -> bool:
    return any(sign.isdigit() for sign in part)
