"""Whether what demo.toml names is there: items, starts, steps, buttons, fields, facts, papers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from engine.model.checking import nearest
from engine.model.findings import Finding, about_file
from processes.demo.samples import KINDS
from processes.demo.script import FILE, Script, script_of
from processes.demo.wishes import WORDS, named
from processes.forms import Field, Form
from processes.pack import Pack

_ALWAYS = frozenset(
    {"item", "what", "lead", "lead_name", "assistants", "units", "legal_basis", "evidence", "own", "other"}
    | {"township", "unit_name", "urgent", "number", "first", "each"}
)
"""Facts that need no demo.toml: what the duty list says, who raised the matter, whose step it is."""
_ROWS = frozenset({"each", "options", "most", "rows"})


def loose_script(pack: Pack) -> Iterator[Finding]:
    """What is wrong with demo.toml, each as a finding; nothing where there is none."""
    try:
        script = script_of(pack)
    except ValueError as error:
        yield _finding(str(error))
        return
    yield from map(_finding, (*_names(pack, script), *_kinds_of_papers(script), *_steps(pack, script)))


def _names(pack: Pack, script: Script) -> Iterator[str]:
    begun = [start.name for start in pack.starts.values() if start.by]
    wanted = {script.rhythm.start} - {""} | {each.start for each in script.begun} | {*script.again}
    yield from (_unknown("发起方式", each, begun) for each in sorted(wanted - {*begun}))
    yield from (_unknown("单位", each, pack.units) for each in script.units if each not in {*pack.units, "other"})
    yield from (_unknown("事项编码", each.item, pack.duties) for each in script.matters if each.item not in pack.duties)
    yield from (
        _unknown("消息", each, pack.program.messages) for each in script.messages if each not in pack.program.messages
    )
    for name, wish in script.facts.items():
        yield from _facts_in(f"[facts] {name}", wish, _known(script))
    for matter in script.matters:
        for name, wish in matter.facts.items():
            yield from _facts_in(f"[[matters]] {matter.item} 的 {name}", wish, _known(script))


def _kinds_of_papers(script: Script) -> Iterator[str]:
    for name in script.papers:
        if not name.lower().endswith(KINDS):
            yield f"[papers] 的“{name}”做不出来，可以用的后缀有 {'、'.join(KINDS)}"


def _steps(pack: Pack, script: Script) -> Iterator[str]:
    forms = dict(_forms(pack))
    for step, manner in script.steps.items():
        form = forms.get(step)
        if form is None:
            yield _unknown("步骤", step, forms)
            continue
        where, buttons = f"[steps.{step}]", [outcome.key for outcome in form.outcomes]
        yield from (f"{where} " + _unknown("按钮", each, buttons) for each in manner.outcomes if each not in buttons)
        yield from _answers(where, form.inputs, manner.answers, script, pack)
        yield from (f"{where} by " + _unknown("按钮", each, buttons) for each in manner.by if each not in buttons)
        for button, wishes in manner.by.items():
            yield from _answers(f"{where} by.{button}", form.inputs, wishes, script, pack)


def _answers(
    where: str, fields: Mapping[str, Field], wishes: Mapping[str, Any], script: Script, pack: Pack
) -> Iterator[str]:
    for key, wish in wishes.items():
        field = fields.get(key)
        if field is None:
            yield f"{where} " + _unknown("填写项", key, fields)
        elif field.kind == "dynamiclist" and isinstance(wish, Mapping):
            columns = {each.key: each for each in field.fields}
            asked = {name: each for name, each in wish.items() if name not in _ROWS}
            yield from _answers(f"{where} {key}", columns, asked, script, pack)
        elif field.kind == "filepicker":
            for name in _texts_in(wish):
                if name not in script.papers:
                    yield f"{where} {key} " + _unknown("材料", name, script.papers)
        else:
            variables = {name for form in pack.forms.values() for name in form.inputs}
            yield from _facts_in(f"{where} {key}", wish, _known(script) | variables)


def _facts_in(where: str, wish: Any, known: Collection[str]) -> Iterator[str]:
    for text in _texts_in(wish):
        try:
            names = named(text)
        except ValueError:
            yield f"{where}：“{text[:20]}”里的花括号没有配对"
            continue
        yield from (f"{where} " + _unknown("内容", name, known) for name in sorted(names) if name not in known)


def _texts_in(wish: Any) -> Iterator[str]:
    """Every text of a wish, keys of shares left out."""
    if isinstance(wish, str):
        yield wish
    elif isinstance(wish, list):
        for each in wish:
            yield from _texts_in(each)
    elif isinstance(wish, Mapping):
        for key, each in wish.items():
            if key != "among" and (key == "then" or not WORDS & {key}):
                yield from _texts_in(each)


def _known(script: Script) -> set[str]:
    """All that a text may name."""
    return {*_ALWAYS, *script.facts, *(name for matter in script.matters for name in matter.facts)}


def _forms(pack: Pack) -> Iterator[tuple[str, Form]]:
    """Each step that people do, and its form."""
    for process in pack.definition.processes:
        for element in process.elements:
            form = pack.forms.get(element.attributes.get("formKey", element.id))
            if element.is_for_people and form is not None:
                yield element.id, form


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = nearest(name, [*known])
    return f"没有名为“{name}”的{what}" + (f"，您是不是想写“{near}”？" if near else "")


def _finding(sentence: str) -> Finding:
    ending = "" if sentence.endswith("？") else "。"
    return about_file("demo", FILE, f"：{sentence}{ending}", f": {sentence}{ending}")
