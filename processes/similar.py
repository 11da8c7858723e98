"""The county's rules for matters that are like one another (county.toml, `[similar]`; DC-3: no casual whistles).

Without the section nothing is kept and nothing is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from processes.forms import Form
from processes.gists import Gist
from processes.pack import Pack

_TEXTS = frozenset({"textfield", "textarea"})


@dataclass(frozen=True)
class Similar:
    """Which answers of the first form say where (`place`) and what (`text`, besides the title); what is shown of them.

    Closed matters are looked at for `closed_within_days`; at most `most` are shown; `at_least_percent` is how much of
    what is asked another matter must say to be like it.
    """

    place: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    closed_within_days: int = 365
    most: int = 5
    at_least_percent: int = 25

    @classmethod
    def of(cls, county: Mapping[str, Any]) -> Similar | None:
        """As county.toml says, None without the section; raises ValueError for what is no rule."""
        section = county.get("similar")
        if section is None:
            return None
        known = {each.name for each in fields(cls)}
        if not isinstance(section, Mapping) or not section.keys() <= known:
            raise ValueError("similar")
        return cls(**{key: _read(key, value) for key, value in section.items()})

    @property
    def floor(self) -> float:
        """`at_least_percent` as a share."""
        return self.at_least_percent / 100

    def gist(self, title: str, told: Mapping[str, object]) -> Gist:
        """The gist of a matter of this title, with these answers."""
        return Gist.of(_texts(told, self.place), title, _texts(told, self.text))

    def closed_since(self, now: datetime) -> datetime:
        """Matters closed before this moment are no longer looked at."""
        return now - timedelta(days=self.closed_within_days)


def gist_of(pack: Pack, title: str, told: Mapping[str, object]) -> bytes | None:
    """What a matter's row keeps to be found by; None where the county does not ask for it, or it says nothing."""
    rules = Similar.of(pack.county)
    if rules is None or not _texts(told, rules.text or rules.place):  # a meeting, say, is no matter like others
        return None
    return rules.gist(title, told).kept()


def loose_similar(pack: Pack) -> Iterator[str]:
    """What is wrong with the section, as sentences without their full stop."""
    try:
        rules = Similar.of(pack.county)
    except ValueError:
        yield (
            "[similar] 只能写 place、text（发起表单里的文字项）、closed_within_days（天）、most（件）"
            "和 at_least_percent（1 至 100），后三项是不小于 1 的整数"
        )
        return
    asked = {key for form in _first_forms(pack) for key, field in form.inputs.items() if field.kind in _TEXTS}
    for name in (*rules.place, *rules.text) if rules else ():
        if name not in asked:
            yield f"[similar] 里的 {name} 不是发起表单里的文字项，按它找不到类似事项"


def _first_forms(pack: Pack) -> Iterator[Form]:
    """The forms that people raise matters with, as far as they are drawn."""
    for start in pack.starts.values():
        process = next((each for each in pack.definition.processes if each.id == start.process), None)
        element = process.find(start.step) if process else None
        if element and element.attributes.get("formKey", start.step) in pack.forms:
            yield pack.forms[element.attributes.get("formKey", start.step)]


def _texts(told: Mapping[str, object], names: tuple[str, ...]) -> list[str]:
    return [value for name in names if isinstance(value := told.get(name), str)]


def _read(key: str, value: object) -> Any:
    """A rule's value as it is kept; raises ValueError."""
    if key in ("place", "text"):
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValueError(key)
        return tuple(value)
    most = 100 if key == "at_least_percent" else 36_500
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ValueError(key)
    return value
