"""Ledgers 台账 (county.toml, `[[ledgers]]`): matters that stand at certain steps, with what was filled in about them.

What waits long without a clock, as a matter that cannot be solved yet (DC-10, 挂账), is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.model.checking import nearest
from processes.pack import Pack

_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
_KEYS = {"key", "name", "about", "steps", "shows"}


@dataclass(frozen=True)
class Ledger:
    """One ledger: its key in addresses, what people call it, what it is for, the steps at which matters stand in it
    (user tasks and optional ones), and the fields whose latest answers it shows.
    """

    key: str
    name: str
    about: str
    steps: tuple[str, ...]
    shows: tuple[str, ...]


def ledgers_of(pack: Pack) -> tuple[Ledger, ...]:
    """The county's ledgers in their order; a section that cannot be read has none."""
    return tuple(ledger for section in _sections(pack) if (ledger := _read(section)) is not None)


def label_of(pack: Pack, field: str) -> str:
    """What the forms call a field."""
    found = (form.inputs[field].label for form in pack.forms.values() if field in form.inputs)
    return next(found, field)


def loose_ledgers(pack: Pack) -> Iterator[str]:
    """What is wrong with the sections, as sentences without their full stop."""
    keys = [section.get("key") for section in _sections(pack) if isinstance(section, Mapping)]
    for number, section in enumerate(_sections(pack), 1):
        ledger = _read(section)
        if ledger is None:
            yield (
                f"第 {number} 个 [[ledgers]] 应写 key（小写英文）、name、steps（步骤的列表），"
                "可以写 about、shows（填写项的列表）"
            )
            continue
        if keys.count(ledger.key) > 1:
            yield f"[[ledgers]] 的 key {ledger.key} 用了不止一次"
        yield from _unknown(ledger, pack)


def _unknown(ledger: Ledger, pack: Pack) -> Iterator[str]:
    steps = {
        element.id for process in pack.definition.processes for element in process.elements if element.is_for_people
    }
    fields = {field for form in pack.forms.values() for field in form.inputs}
    for kind, names, known in (("步骤", ledger.steps, steps), ("填写项", ledger.shows, fields)):
        for name in names:
            if name not in known:
                near = nearest(name, known)
                told = f"您是不是想写“{near}”" if near else "请核对名称"
                yield f"台账“{ledger.name}”里没有名为“{name}”的{kind}，{told}"


def _sections(pack: Pack) -> list[object]:
    sections = pack.county.get("ledgers", [])
    return sections if isinstance(sections, list) else [sections]


def _read(section: object) -> Ledger | None:
    if not isinstance(section, Mapping) or section.keys() - _KEYS:
        return None
    key, name, about = (section.get(each, "") for each in ("key", "name", "about"))
    steps, shows = (section.get(each, []) for each in ("steps", "shows"))
    texts = isinstance(name, str) and isinstance(about, str) and 0 < len(name) <= 30
    lists = all(isinstance(each, list) and all(isinstance(item, str) for item in each) for each in (steps, shows))
    if not (isinstance(key, str) and _KEY.fullmatch(key) and texts and lists and steps):
        return None
    return Ledger(key, name, about, tuple(steps), tuple(shows))
