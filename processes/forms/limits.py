"""A component's `validate` part into limits: how long, how large, how many, of what look."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import regex

from processes.forms.form import Limits
from processes.forms.notes import Component, Notes, section

LONGEST = {"textfield": 200, "textarea": 5000}
MOST_ROWS = 60

_VALIDATE = frozenset({"required", "minLength", "maxLength", "min", "max", "pattern", "validationType"})


def read_limits(component: Component, kind: str, notes: Notes) -> Limits:
    """The limits of a component of this kind; what cannot be understood goes into the notes."""
    said = section(component, "validate", notes)
    for name in sorted(set(said) - _VALIDATE):
        notes.refuse(component, f"不支持校验规则“{name}”。", f"The validation {name!r} is not supported.")
    if not isinstance(said.get("required", False), bool):
        notes.refuse(component, "是否必填只能是“是”或“否”。", "validate.required must be true or false.")
    look = str(said.get("validationType") or "custom")
    if look not in ("custom", "email", "phone"):
        notes.refuse(component, f"不支持校验类型“{look}”。", f"The validation type {look!r} is not supported.")
    most = LONGEST.get(kind, LONGEST["textfield"])
    return Limits(
        shortest=int(_number(component, said, "minLength", notes) or 0),
        longest=min(int(_number(component, said, "maxLength", notes) or most), LONGEST["textarea"]),
        smallest=_number(component, said, "min", notes),
        largest=_number(component, said, "max", notes),
        decimals=min(int(_number(component, component, "decimalDigits", notes, Decimal(6)) or 0), 6),
        pattern=_pattern(component, said, notes),
        look="" if look == "custom" else look,
    )


def _number(
    component: Component, said: Component, name: str, notes: Notes, otherwise: Decimal | None = None
) -> Decimal | None:
    value = said.get(name)
    if value in (None, ""):
        return otherwise
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number) >= 10**15:
        notes.refuse(component, f"“{name}”应为数字，现在是：{value}", f"{name!r} must be a number, not {value!r}.")
        return otherwise
    return number


def _pattern(component: Component, said: Component, notes: Notes) -> str:
    pattern = said.get("pattern") or ""
    try:
        regex.compile(str(pattern), regex.ASCII)
    except regex.error as error:
        notes.refuse(component, f"格式规则（pattern）写错了：{pattern}", f"The pattern does not compile: {error}")
        return ""
    return str(pattern)


def are_crossed(limits: Limits) -> bool:
    """Whether a lower limit lies above its upper one."""
    if limits.shortest > limits.longest:
        return True
    return limits.smallest is not None and limits.largest is not None and limits.smallest > limits.largest
