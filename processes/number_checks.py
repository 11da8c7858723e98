"""Whether the limits and thresholds that forms ask for, in their rules and in their words, are in limits.toml."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import nearest
from engine.model.findings import Finding, about_file
from engine.model.lint.unknown_limit import ASKED
from processes.forms import Field
from processes.pack import Pack


def loose_numbers(pack: Pack) -> Iterator[Finding]:
    """The names that would leave a form broken for whoever opens it."""
    known = {"limit": ("时限", pack.limits.names), "threshold": ("阈值", pack.limits.thresholds)}
    for name, form in pack.forms.items():
        for function, asked in dict.fromkeys(pair for text in _texts(form.fields) for pair in ASKED.findall(text)):
            what, there = known[function]
            if asked not in there:
                near = nearest(asked, there)
                zh = f"，您是不是想写“{near}”？" if near else "，请核对名称。"
                en = f"; did you mean “{near}”?" if near else "; check the name."
                told = f"：{function}(“{asked}”) 不是 limits.toml 里的{what}{zh}"
                yield about_file("form", f"forms/{name}.form", told, f": no such {function} “{asked}”{en}")


def _texts(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        yield from (field.text, field.help, field.say)
        yield from (each.text for each in (field.must, field.each, field.value) if each is not None)
        yield from _texts(field.fields)
