"""The requirement graph: models linked by import, and the values of their elements, each worked out once (clause 6)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from engine.dmn import model
from engine.dmn.boxed import MAKERS
from engine.dmn.compiler import Compiler, Fault
from engine.dmn.errors import DecisionsCircular
from engine.dmn.table import Table, compile_table
from engine.dmn.types import names_of_items
from engine.feel.callables import Closure
from engine.feel.values import Function, Run, Scope, Value

_Key = tuple[str, str]
Found = tuple["Model", model.Element, str]


class Model:
    """One file, compiled, with the models it imports by their names in it."""

    def __init__(self, definitions: model.Definitions, others: Iterable[Model] = ()) -> None:
        self.namespace: str = definitions.namespace
        by_namespace = {other.namespace: other for other in others}
        self.imports = {
            name: by_namespace[namespace] for name, namespace in definitions.imports if namespace in by_namespace
        }
        self.elements = {element.id: element for element in definitions.elements}
        self.items = tuple((item.name, item) for item in definitions.items)
        self.names = frozenset(self._names(definitions))
        self.compiler = Compiler(self.names, tuple(self._all_items()), MAKERS)
        self.faults: dict[str, list[Fault]] = {}
        self._asked: dict[str, frozenset[str]] = {}
        self._called: dict[str, frozenset[str]] = {}
        self.programs = {element.id: self._program(element) for element in definitions.elements}

    def _names(self, definitions: model.Definitions) -> Iterator[str]:
        for element in definitions.elements:
            yield element.name
            yield from names_in(element.logic)
        yield from names_of_items(definitions.items)
        for name, other in self.imports.items():
            yield name
            yield from other.names

    def _all_items(self) -> Iterator[tuple[str, model.ItemDefinition]]:
        for name, other in self.imports.items():
            for item_name, item in other.items:
                yield f"{name}.{item_name}", item
                yield item_name, item
        yield from self.items

    def _program(self, element: model.Element) -> Table | Run:
        before = len(self.compiler.faults)
        self.compiler.asked, self.compiler.called = set(), set()
        if isinstance(element.logic, model.DecisionTable):
            program: Table | Run = compile_table(self.compiler, element.logic, element.name)
        else:
            program = self.compiler.boxed(element.logic)
        self.faults[element.id] = self.compiler.faults[before:]
        self._asked[element.id] = frozenset(self.compiler.asked)
        self._called[element.id] = frozenset(self.compiler.called)
        return program

    def required(self, element: model.Element) -> list[Found]:
        """All elements that an element requires, directly or by way of others, itself too if it is circular."""
        found: list[Found] = []
        waiting = self.found(element.requirements)
        while waiting:
            home, each, name = waiting.pop()
            if not any(each is known for _, known, _ in found):
                found.append((home, each, name))
                waiting += home.found(each.requirements)
        return found

    def is_circular(self, element: model.Element) -> bool:
        """Whether an element requires itself, directly or by way of others."""
        return any(each is element for _, each, _ in self.required(element))

    def names_asked(self, element: model.Element) -> frozenset[str]:
        """The variables that an element and all it requires take from outside."""
        asked = self._own_names(element)
        return asked.union(*(home._own_names(each) for home, each, _ in self.required(element)))

    def _own_names(self, element: model.Element) -> frozenset[str]:
        known = self.found(element.requirements)
        inner = {name or each.name for _, each, name in known if each.kind != "inputData"}
        return self._asked[element.id] - inner

    def required_names(self, element: model.Element) -> dict[str, str | None]:
        """The names that an element's requirements give it, with their types; an imported model's name has none."""
        found = self.found(element.requirements)
        return {name or each.name: None if name else each.type_ref for _, each, name in found}

    def strange_names(self, element: model.Element) -> frozenset[str]:
        """The variables that an element's own logic surely asks for (no filter's property) and no requirement gives."""
        elements = {each.name for each in self.elements.values()}
        return self._asked[element.id] - (self.names - elements) - self.required_names(element).keys()

    def strange_functions(self, element: model.Element) -> frozenset[str]:
        """The functions that an element's own logic calls and no requirement gives."""
        return self._called[element.id] - self.required_names(element).keys()

    def find(self, reference: str) -> Found | None:
        """The element a reference leads to, with its model and the name that one is imported by ("" for this one)."""
        namespace, _, element_id = reference.rpartition("#")
        if namespace in ("", self.namespace) and element_id in self.elements:
            return self, self.elements[element_id], ""
        for name, other in self.imports.items():
            if element_id in other.elements and namespace in ("", other.namespace):
                return other, other.elements[element_id], name
        return None

    def found(self, references: Sequence[str]) -> list[Found]:
        """The elements of several references; what leads nowhere is left out."""
        return [found for found in map(self.find, references) if found is not None]

    @functools.cached_property
    def wanted(self) -> set[str]:
        """All names the model may take from outside."""
        wanted = self.compiler.wanted | {element.name for element in self.elements.values()}
        return wanted.union(*(other.wanted for other in self.imports.values()))


def names_in(logic: model.Boxed | None) -> Iterator[str]:
    """The names of entries, columns and outputs, which paths may use anywhere in the model."""
    match logic:
        case None:
            return
        case model.BoxedContext(entries=entries):
            yield from (entry.name for entry in entries if entry.name)
        case model.Relation(columns=columns):
            yield from columns
        case model.DecisionTable(outputs=outputs):
            yield from (output.name for output in outputs if output.name)
    for part in logic.parts():
        yield from names_in(part)


class Case:
    """One evaluation: the values from outside, and those worked out so far."""

    def __init__(self, given: Scope, known: Mapping[_Key, Value] | None = None) -> None:
        self._given = given
        self._known = dict(known or {})
        self._busy: set[_Key] = set()

    def value(self, home: Model, element: model.Element) -> Value:
        """The value of an element. Raises DecisionsCircular when it waits for itself."""
        key = (element.namespace, element.id)
        if key not in self._known:
            if key in self._busy:
                raise DecisionsCircular(decision=element.name)
            self._busy.add(key)
            self._known[key] = _VALUES[element.kind](self, home, element)
        return self._known[key]

    def scope(self, home: Model, element: model.Element) -> Scope:
        """What the logic of an element sees: the values from outside, overlaid by those it requires."""
        scope = dict(self._given)
        for other, required, import_name in home.found(element.requirements):
            value = self.value(other, required)
            if import_name:
                scope[import_name] = {**_context(scope.get(import_name)), required.name: value}
            else:
                scope[required.name] = value
        return scope

    def _input(self, home: Model, element: model.Element) -> Value:
        return home.compiler.types.coerced(self._given.get(element.name), element.type_ref)

    def _decision(self, home: Model, element: model.Element) -> Value:
        if element.logic is None:
            return self._given.get(element.name)
        program = home.programs[element.id]
        run = program.value if isinstance(program, Table) else program
        return home.compiler.types.coerced(run(self.scope(home, element)), element.type_ref)

    def _knowledge(self, home: Model, element: model.Element) -> Value:
        program = home.programs[element.id]
        function = None if isinstance(program, Table) else program(self.scope(home, element))
        return _typed_result(home, function, element.type_ref) if isinstance(function, Closure) else function

    def service(self, home: Model, element: model.Element) -> Function:
        """A decision service as a function of its input data and input decisions (clause 10.4)."""
        given = home.found((*element.input_data, *element.input_decisions))
        outputs = home.found(element.output_decisions)

        def run(scope: Scope) -> Value:
            known = {(part.namespace, part.id): scope[part.name] for _, part, _ in given}
            case = Case({}, known)
            values = {output.name: case.value(other, output) for other, output, _ in outputs}
            return next(iter(values.values())) if len(values) == 1 else values

        signature = tuple((part.name, part.type_ref) for _, part, _ in given)
        return Closure(home.compiler.parameters(signature), home.compiler.typed(run, element.type_ref), {})


def _context(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _typed_result(home: Model, function: Closure, type_ref: str | None) -> Closure:
    """A function whose result has a type; a type that is itself one of functions says nothing about the result."""
    if type_ref is None or home.compiler.types.is_of_functions(type_ref):
        return function
    return Closure(function.parameters, home.compiler.typed(function.body, type_ref), function.scope)


_VALUES: Mapping[str, Callable[[Case, Model, model.Element], Value]] = {
    "inputData": Case._input,
    "decision": Case._decision,
    "businessKnowledgeModel": Case._knowledge,
    "decisionService": Case.service,
}
