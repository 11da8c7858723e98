"""What is noted while a form file is read: each fault with the component it belongs to, so all are seen at once."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from processes.forms.refusals import Finding

Component = Mapping[str, object]

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TAKEN = frozenset({"outcome", "csrf_token", "revision"})
_FEEL_WORDS = frozenset(
    {"and", "or", "not", "in", "if", "then", "else", "for", "return", "some", "every", "satisfies", "between"}
    | {"instance", "of", "true", "false", "null", "function", "item", "partial"}
)


@dataclass(slots=True)
class Notes:
    """Findings gathered while a file is read, so that its author sees all of them at once."""

    findings: list[Finding] = field(default_factory=list)

    def refuse(self, component: Component, zh: str, en: str) -> None:
        """Write down one fault of this component."""
        self.findings.append(Finding(key_of(component), label_of(component), zh, en))


def key_of(component: Component) -> str:
    """The component's key (a dynamiclist calls it `path`), or an empty text."""
    key = component.get("path" if component.get("type") == "dynamiclist" else "key")
    return key if isinstance(key, str) else ""


def label_of(component: Component) -> str:
    """What people call this component, or an empty text. A datetime keeps it under `dateLabel`."""
    label = component.get("label") or component.get("dateLabel")
    return plain_text(label)


def plain_text(value: object) -> str:
    """The words without HTML tags; what is not a text is an empty one."""
    return html.unescape(re.sub(r"<[^<>]*>", "", value)).strip() if isinstance(value, str) else ""


def check_key(component: Component, notes: Notes, taken: frozenset[str] = _TAKEN | _FEEL_WORDS) -> str:
    """The component's key; refused when it is missing, badly spelt, or means something else to a page or to FEEL."""
    key = key_of(component)
    if not _KEY.fullmatch(key):
        zh = f"字段名“{key}”应为小写英文字母开头，只含小写字母、数字和下划线，最多 40 个字符。"
        notes.refuse(component, zh, f"The key {key!r} must be snake_case English, at most 40 characters.")
    elif key in taken:
        notes.refuse(component, f"字段名“{key}”是保留字，请换一个。", f"The key {key!r} is reserved; choose another.")
    return key


def section(component: Component, name: str, notes: Notes) -> Component:
    """A part of the component that is itself an object (`validate`, `properties` …); empty when it is not there."""
    part = component.get(name) or {}
    if isinstance(part, dict):
        return part
    notes.refuse(component, f"“{name}”应为对象。", f"{name!r} must be an object.")
    return {}
