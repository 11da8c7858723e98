"""A form-js file into a Form, or every reason why not: a county's form is checked here before anyone meets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import NoReturn

from processes.forms.components import read_component
from processes.forms.conditions import Literal
from processes.forms.form import Field, Form, Outcome, inputs_of
from processes.forms.limits import MOST_ROWS
from processes.forms.notes import Component, Notes, check_key, key_of, plain_text
from processes.forms.refusals import Finding, UnreadableForm

LARGEST_FILE = 512 * 1024
SUBMIT = Outcome("submit", "提交")
_BUTTON_PROPERTIES = frozenset({"look", "ask"})


def read_form(raw: bytes) -> Form:
    """The form in these bytes (form-js JSON, UTF-8).

    Raises UnreadableForm with all findings when the file is not form-js, asks for anything this service does not
    do, or contradicts itself.
    """
    schema, notes = _read_json(raw), Notes()
    fields = _read_fields(schema.get("components"), notes)
    outcomes = tuple(_read_button(button, notes) for button in _buttons(schema.get("components")))
    form = Form(_read_id(schema, notes), plain_text(schema.get("title")), fields, outcomes or (SUBMIT,))
    notes.findings += [*_key_faults(form), *_outcome_faults(form), *_condition_faults(form.fields, {})]
    if notes.findings:
        raise UnreadableForm(tuple(notes.findings))
    return form


def _read_json(raw: bytes) -> Component:
    try:
        if len(raw) > LARGEST_FILE:
            raise ValueError("larger than 512 KB")
        schema = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant)
        if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
            raise ValueError("no list of components")
    except (ValueError, RecursionError) as error:
        finding = Finding("", "", "文件不是有效的表单（form-js JSON，UTF-8）。", f"Not a form-js file: {error}")
        raise UnreadableForm((finding,)) from error
    return schema


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _read_fields(components: object, notes: Notes, inside: str = "") -> tuple[Field, ...]:
    read = (_read_one(component, notes, inside) for component in _components(components, notes))
    return tuple(field for field in read if field is not None)


def _components(components: object, notes: Notes) -> Iterator[Component]:
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict):
            yield component
        else:
            notes.refuse({}, "有一个组件不是对象。", "A component is not an object.")


def _read_one(component: Component, notes: Notes, inside: str) -> Field | None:
    kind = component.get("type")
    if inside == "dynamiclist" and kind in ("dynamiclist", "group", "button", "text", "separator"):
        notes.refuse(component, f"列表的行里不能放“{kind}”组件。", f"A row cannot hold a {kind}.")
        return None
    if kind == "button":
        return None
    if inside == "group" and kind == "group":
        notes.refuse(component, "分组里不能再放分组。", "A group cannot hold a group.")
        return None
    children = _read_fields(component.get("components"), notes, str(kind)) if kind in ("group", "dynamiclist") else ()
    return read_component(component, notes, children)


def _read_id(schema: Component, notes: Notes) -> str:
    return check_key({"key": schema.get("id"), "label": "表单编号（id）"}, notes, frozenset())


def _buttons(components: object, inside: str = "") -> Iterator[Component]:
    for component in components if isinstance(components, list) else ():
        kind = component.get("type") if isinstance(component, dict) else None
        if kind == "button":
            yield component
        elif kind == "group" and not inside:
            yield from _buttons(component.get("components"), "group")


def _read_button(button: Component, notes: Notes) -> Outcome:
    check_key(button, notes, frozenset())
    said = button.get("properties") or {}
    said = said if isinstance(said, dict) else {"?": said}
    look, label = str(said.get("look", "primary")), plain_text(button.get("label"))
    if button.get("action", "submit") != "submit" or button.get("conditional") or set(said) - _BUTTON_PROPERTIES:
        notes.refuse(button, "按钮只能用于提交，只能带 look 和 ask。", "A button may only submit, with look and ask.")
    if look not in ("primary", "plain", "danger"):
        notes.refuse(button, f"不认识按钮样式“{look}”。", f"The look {look!r} is not primary, plain or danger.")
    if not label:
        notes.refuse(button, "按钮缺少名称。", "The button has no label.")
    return Outcome(key_of(button), label, look, str(said.get("ask", "")))


def _key_faults(form: Form) -> Iterator[Finding]:
    groups = [list(inputs_of(form.fields)), *(list(each.fields) for each in form.inputs.values())]
    for fields in groups:
        seen: set[str] = set()
        for field in fields:
            if field.key in seen:
                yield Finding(field.key, field.label, f"字段名“{field.key}”用了两次。", f"{field.key!r} is used twice.")
            seen.add(field.key)
    keys = [outcome.key for outcome in form.outcomes]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Finding(key, "", f"有两个按钮都叫“{key}”。", f"Two buttons have the key {key!r}.")


def _outcome_faults(form: Form) -> Iterator[Finding]:
    for field in _all_fields(form.fields):
        for name in field.outcomes:
            if form.find_outcome(name) is None:
                zh = f"outcomes 里的“{name}”不是本表单的按钮。"
                yield Finding(field.key, field.label, zh, f"{name!r} in `outcomes` is no button of this form.")
        if field.kind == "dynamiclist" and (field.limits.largest or 0) > MOST_ROWS:
            yield Finding(field.key, field.label, f"列表最多 {MOST_ROWS} 行。", f"A list has at most {MOST_ROWS} rows.")
        if field.kind == "dynamiclist" and not field.fields:
            yield Finding(field.key, field.label, "列表里没有任何字段。", "The list has no columns.")


def _all_fields(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _all_fields(field.fields)


def _condition_faults(fields: tuple[Field, ...], earlier: dict[str, Field]) -> Iterator[Finding]:
    # Only earlier answers may decide, so one pass from top to bottom settles what is shown, here and in the browser.
    for field in fields:
        if field.hide is not None and not _can_decide(earlier.get(field.hide.key), field.hide.literal):
            zh = f"隐藏条件里的“{field.hide.key}”应是排在前面的文本、数字、选择或勾选字段，并与同类的值比较。"
            en = f"{field.hide.key!r} must be an earlier text, number, choice or checkbox, compared with its own kind."
            yield Finding(field.key, field.label, zh, en)
        if field.kind == "group":
            yield from _condition_faults(field.fields, earlier)
        elif field.kind == "dynamiclist":
            yield from _condition_faults(field.fields, dict(earlier))
        if field.is_input:
            earlier[field.key] = field


def _can_decide(field: Field | None, literal: Literal) -> bool:
    if field is None or field.kind not in ("textfield", "number", "select", "radio", "checkbox"):
        return False
    if field.kind == "checkbox":
        return isinstance(literal, bool)
    numbers = field.kind == "number" or any(isinstance(option.value, int) for option in field.options)
    return literal is None or isinstance(literal, Decimal if numbers else str)
