"""The types of a decision model: its item definitions and the built-in types, as checks on values (clause 7.3.2)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from engine.dmn.model import ItemDefinition
from engine.feel.budget import spend
from engine.feel.expression import Expression
from engine.feel.instants import Date
from engine.feel.kinds import Kind, kind_of_type
from engine.feel.signatures import Unfit
from engine.feel.temporal import midnight_utc
from engine.feel.tree import Type
from engine.feel.types import Check, check_of, conformed, has_entries
from engine.feel.values import Function, Value

_OTHER_NUMBERS = ("integer", "long", "double")  # modelling tools write these beside number

CompileTests = Callable[[str], Expression]


class ModelTypes:
    """Looks up the check of a type reference. Item definitions may refer to each other in any order.

    `shapes` are the checks that `instance of` asks: it does not look at allowed values.
    """

    def __init__(self, items: Iterable[tuple[str, ItemDefinition]], compile_tests: CompileTests) -> None:
        self._compile_tests = compile_tests
        self.checks: dict[str, Check] = dict.fromkeys(_OTHER_NUMBERS, self._reference("number"))
        self.shapes: dict[str, Check] = dict(self.checks)
        self._items = dict(items)
        for name, item in self._items.items():
            self.checks[name] = self._item(item)
            self.shapes[name] = self._item(dataclasses.replace(item, allowed=None))

    def coerced(self, value: Value, type_ref: str | None) -> Value:
        """The value as a type wants it, or null when it does not conform (clause 10.3.2.9.4)."""
        try:
            return self.accepted(value, type_ref)
        except Unfit:
            return None

    def accepted(self, value: Value, type_ref: str | None) -> Value:
        """The value as a type wants it. Raises Unfit when it does not conform, so that a call gives null."""
        if type_ref is None or value is None:
            return value
        if type(value) is Date and type_ref in ("date and time", "dateTime"):
            return midnight_utc(value)
        return conformed(value, self._reference(type_ref))

    def kind(self, type_ref: str | None) -> Kind:
        """What kind of value a type has, or None when that is open."""
        seen: set[str] = set()
        while type_ref in self._items and type_ref not in seen:
            seen.add(type_ref)
            item = self._items[type_ref]
            if item.is_collection or item.is_function or item.components:
                return "list" if item.is_collection else "function" if item.is_function else "context"
            type_ref = item.type_ref
        return "number" if type_ref in _OTHER_NUMBERS else kind_of_type(type_ref or "")

    def is_of_functions(self, type_ref: str) -> bool:
        """Whether a type is one of functions."""
        return self.kind(type_ref) == "function"

    def _reference(self, name: str) -> Check:
        """The check of a name, looked up only when a value comes; a name nobody knows takes in anything."""

        def check(value: Value) -> bool:
            found = check_of(Type(0, name), self.checks)
            return found is None or found(value)

        return check

    def _item(self, item: ItemDefinition) -> Check:
        single = self._single(item)
        if not item.is_collection:
            return single

        def check(value: Value) -> bool:
            if not isinstance(value, list):
                return False
            spend(1 + len(value))
            return all(each is None or single(each) for each in value)

        return check

    def _single(self, item: ItemDefinition) -> Check:
        shape = self._shape(item)
        if not item.allowed:
            return shape
        allowed = self._compile_tests(item.allowed)
        return lambda value: shape(value) and allowed.run({"?": value}) is True

    def _shape(self, item: ItemDefinition) -> Check:
        if item.is_function:
            return lambda value: isinstance(value, Function)
        if item.components:
            entries = {component.name: self._item(component) for component in item.components}
            return lambda value: isinstance(value, dict) and has_entries(value, entries)
        return self._reference(item.type_ref or "Any")


def names_of_items(items: Iterable[ItemDefinition]) -> Iterable[str]:
    """The names of all components, which paths may use."""
    for item in items:
        for component in item.components:
            yield component.name
        yield from names_of_items(item.components)
