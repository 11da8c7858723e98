"""Small forms and what is posted to them, made in one line each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from processes.forms import Cleaned, FieldError, Form, Invalid, Lists, PaperRef, Posted, World, clean, read_form

MINUTES = PaperRef("p1", "会议纪要.pdf", 1_300_000, "application/pdf")
PHOTO = PaperRef("p2", "现场.jpg", 412_000, "image/jpeg")
UNITS = [("housing", "县住建局", "政府部门"), ("water", "县水利局", "政府部门"), ("forest", "县林业局", "")]


def part(kind: str, key: str, label: str = "", *, said: Mapping[str, str] | None = None, **attributes: object) -> dict:
    """A form-js component; `said` are its custom properties."""
    named = {"path" if kind == "dynamiclist" else "key": key, "label": label or key}
    return {"type": kind, **named, **({"properties": dict(said)} if said else {}), **attributes}


def button(key: str, label: str = "", **said: str) -> dict:
    return part("button", key, label, said=said, action="submit")


def a_file(*components: object, **more: object) -> bytes:
    schema = {"type": "default", "id": "step", "schemaVersion": 19, "components": list(components), **more}
    return json.dumps(schema, ensure_ascii=False).encode()


def a_form(*components: object) -> Form:
    return read_form(a_file(*components))


def a_world(values: Mapping[str, object] | None = None, papers: tuple[PaperRef, ...] = (MINUTES, PHOTO)) -> World:
    lists = Lists.of({"units": UNITS, "units:department": UNITS[:2], "duties": [("D01", "供水", "")]})
    return World(lists, values or {}, {paper.id: paper for paper in papers}, ZoneInfo("Asia/Shanghai"))


def posted(**texts: str | list[str]) -> Posted:
    """What a browser posts; `__` stands for the `-` in the name of a row's field."""
    named = {name.replace("__", "-"): texts for name, texts in texts.items()}
    return Posted.of({name: [value] if isinstance(value, str) else value for name, value in named.items()})


def sent(form: Form, world: World | None = None, pressed: str | None = None, **texts: str | list[str]) -> Cleaned:
    return clean(form, posted(**texts), world=world or a_world(), outcome=pressed)


def errors_of(
    form: Form, world: World | None = None, pressed: str | None = None, **texts: str | list[str]
) -> tuple[FieldError, ...]:
    """The errors of something that must not be accepted."""
    try:
        accepted = sent(form, world, pressed, **texts)
    except Invalid as invalid:
        return invalid.errors
    raise AssertionError(f"this should have been refused: {accepted}")


def only_error(
    form: Form, world: World | None = None, pressed: str | None = None, **texts: str | list[str]
) -> tuple[str, str]:
    """Path and sentence of the one error there must be."""
    (error,) = errors_of(form, world, pressed, **texts)
    return error.path, error.sentence
