"""From XML elements to boxed expressions (DMN 1.5, clause 10.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.dmn import model
from engine.dmn.elements import Xml, child, children, id_of, tag_of, text_in, type_ref


def boxed_in(element: Xml | None) -> model.Boxed | None:
    """The first boxed expression directly inside an element."""
    return next(_all_boxed_in(element), None) if element is not None else None


def _all_boxed_in(element: Xml) -> Iterator[model.Boxed]:
    for part in element:
        read = _BOXED.get(tag_of(part))
        if read:
            yield read(part)


def _literal(element: Xml) -> model.Boxed:
    return model.LiteralExpression(id_of(element), type_ref(element), text_in(element) or "")


def _context(element: Xml) -> model.Boxed:
    return model.BoxedContext(
        id_of(element), type_ref(element), tuple(_entry(part) for part in children(element, "contextEntry"))
    )


def _entry(element: Xml) -> model.ContextEntry:
    variable = child(element, "variable")
    name = variable.get("name") if variable is not None else None
    return model.ContextEntry(name, type_ref(variable), boxed_in(element))


def _invocation(element: Xml) -> model.Boxed:
    bindings = tuple((_parameter(part)[0], boxed_in(part)) for part in children(element, "binding"))
    return model.Invocation(id_of(element), type_ref(element), boxed_in(element), bindings)


def _parameter(binding: Xml) -> tuple[str, str | None]:
    parameter = child(binding, "parameter")
    return ("", None) if parameter is None else (parameter.get("name") or "", type_ref(parameter))


def _list(element: Xml) -> model.Boxed:
    return model.BoxedList(id_of(element), type_ref(element), tuple(_all_boxed_in(element)))


def _relation(element: Xml) -> model.Boxed:
    return model.Relation(
        id_of(element),
        type_ref(element),
        tuple(part.get("name") or "" for part in children(element, "column")),
        tuple(tuple(_all_boxed_in(part)) for part in children(element, "row")),
    )


def read_function(element: Xml) -> model.Boxed:
    """A function definition, also that of a business knowledge model."""
    return model.FunctionDefinition(
        id_of(element),
        None if tag_of(element) == "encapsulatedLogic" else type_ref(element),
        element.get("kind") or "FEEL",
        tuple((part.get("name") or "", type_ref(part)) for part in children(element, "formalParameter")),
        boxed_in(element),
    )


def _conditional(element: Xml) -> model.Boxed:
    parts = (boxed_in(child(element, tag)) for tag in ("if", "then", "else"))
    return model.Conditional(id_of(element), type_ref(element), *parts)


def _filter(element: Xml) -> model.Boxed:
    parts = (boxed_in(child(element, tag)) for tag in ("in", "match"))
    return model.BoxedFilter(id_of(element), type_ref(element), *parts)


def _loop(element: Xml) -> model.Boxed:
    kind = tag_of(element)
    body = boxed_in(child(element, "return" if kind == "for" else "satisfies"))
    source = boxed_in(child(element, "in"))
    return model.BoxedLoop(id_of(element), type_ref(element), kind, element.get("iteratorVariable") or "", source, body)


def _table(element: Xml) -> model.Boxed:
    return model.DecisionTable(
        id_of(element),
        type_ref(element),
        (element.get("hitPolicy") or "UNIQUE").upper(),
        element.get("aggregation"),
        tuple(_input(part) for part in children(element, "input")),
        tuple(_output(part) for part in children(element, "output")),
        tuple(_rule(part) for part in children(element, "rule")),
    )


def _input(element: Xml) -> model.Input:
    expression = child(element, "inputExpression")
    text = text_in(expression) or ""
    label = element.get("label") or text
    return model.Input(id_of(element), label, text, type_ref(expression), text_in(child(element, "inputValues")))


def _output(element: Xml) -> model.Output:
    name = element.get("name")
    return model.Output(
        id_of(element),
        element.get("label") or name or "",
        name,
        type_ref(element),
        text_in(child(element, "outputValues")),
        text_in(child(element, "defaultOutputEntry")),
    )


def _rule(element: Xml) -> model.Rule:
    return model.Rule(
        id_of(element),
        tuple(text_in(part) or "-" for part in children(element, "inputEntry")),
        tuple(text_in(part) or "" for part in children(element, "outputEntry")),
    )


_BOXED: dict[str, Callable[[Xml], model.Boxed]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _loop,
    "some": _loop,
    "every": _loop,
}
