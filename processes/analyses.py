"""一哨一分析 (county.toml, `[analysis]`; DC-14): where a closed matter's analysis says what, and what it adds up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from processes.pack import Pack

_KEYS = ("step", "cause", "could", "cannot", "item")


@dataclass(frozen=True)
class AnalysisRules:
    """The `step` that analyses; its fields for the `cause` and for whether townships `could` have solved it, of which
    the answers `cannot` count; `items` are the steps, each with its field, that may say which item of the duty list it
    was: what was filled in last holds.
    """

    step: str
    cause: str
    could: str
    cannot: tuple[str, ...]
    items: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, county: Mapping[str, Any]) -> AnalysisRules | None:
        """As county.toml says; None without the section, or with one that cannot be read."""
        section = county.get("analysis")
        if not isinstance(section, Mapping) or sorted(section) != sorted(_KEYS):
            return None
        step, cause, could, cannot, item = (section[key] for key in _KEYS)
        items = tuple(_place(each) for each in (item if isinstance(item, list) else [item]))
        if not (isinstance(cannot, list) and items and all(name for _, name in items)):
            return None
        if not all(isinstance(each, str) for each in (step, cause, could)):
            return None
        return cls(step, cause, could, tuple(map(str, cannot)), items)


def _place(text: object) -> tuple[str, str]:
    step, _, name = str(text).partition(".")
    return step, name


@dataclass
class Beyond:
    """What townships could not solve of one item of the duty list ("" for matters without one)."""

    item: str
    cases: list[str] = field(default_factory=list)
    townships: set[str] = field(default_factory=set)
    causes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Analysed:
    """A closed matter and what its analysis says."""

    case_id: str
    township: str
    item: str
    cause: str
    could: str


def beyond_townships(analysed: Iterable[Analysed], rules: AnalysisRules) -> list[Beyond]:
    """What townships cannot solve, item by item, the most frequent first."""
    found: dict[str, Beyond] = {}
    for each in analysed:
        if each.could in rules.cannot:
            beyond = found.setdefault(each.item, Beyond(each.item))
            beyond.cases.append(each.case_id)
            beyond.townships.add(each.township)
            beyond.causes[each.cause] += 1
    return sorted(found.values(), key=lambda beyond: (-len(beyond.cases), beyond.item))


def loose_analysis(pack: Pack) -> Iterator[str]:
    """What is wrong with the section, as sentences without their full stop."""
    if "analysis" not in pack.county:
        return
    rules = AnalysisRules.of(pack.county)
    if rules is None:
        yield (
            "[analysis] 应写 step、cause、could（填写项）、cannot（算作不能的选项）、"
            "item（“步骤.填写项”，可以有几个），也只能写这五项"
        )
        return
    for step, name in ((rules.step, rules.cause), (rules.step, rules.could), *rules.items):
        if name not in _fields(pack, step):
            yield f"[analysis] 里的“{step}.{name}”没有这一步，或者它的表单里没有这一项"


def _fields(pack: Pack, step: str) -> Iterable[str]:
    found = (process.find(step) for process in pack.definition.processes)
    element = next((each for each in found if each is not None), None)
    form = pack.forms.get(element.attributes.get("formKey", step)) if element is not None else None
    return form.inputs if form else ()
