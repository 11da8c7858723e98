"""From the bytes of a DMN file to its model. No DOCTYPE, no entities, no network, no giants."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from engine.dmn import model
from engine.dmn.errors import DmnTooLarge, DmnUnreadable

_LARGEST = 2_000_000
_KINDS = ("decision", "inputData", "businessKnowledgeModel", "decisionService")
_XML = etree._Element


def read_definitions(xml: bytes) -> model.Definitions:
    """Read a DMN file of any 1.x version. Raises DmnUnreadable or DmnTooLarge."""
    root = _parsed(xml)
    if _tag(root) != "definitions":
        raise DmnUnreadable(reason="根元素不是 definitions")
    namespace = root.get("namespace") or ""
    try:
        return model.Definitions(
            namespace=namespace,
            elements=tuple(_element(child, namespace) for child in root if _tag(child) in _KINDS),
            items=tuple(_item(child) for child in _children(root, "itemDefinition")),
            imports=tuple((child.get("name") or "", child.get("namespace") or "") for child in _imports(root)),
        )
    except RecursionError:
        raise DmnTooLarge from None


def _parsed(xml: bytes) -> _XML:
    if len(xml) > _LARGEST:
        raise DmnTooLarge
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DmnUnreadable(reason=str(error)) from error
    if etree.ElementTree(root).docinfo.doctype:
        raise DmnUnreadable(reason="文件含有 DOCTYPE")
    return root


def _imports(root: _XML) -> Iterator[_XML]:
    for child in _children(root, "import"):
        kind = child.get("importType") or ""
        if "DMN" in kind or "MODEL" in kind:
            yield child


def _element(element: _XML, namespace: str) -> model.Element:
    kind, name = _tag(element), element.get("name") or ""
    return model.Element(
        kind=kind,
        id=element.get("id") or name,  # the schema lets an id be absent
        name=name,
        namespace=namespace,
        type_ref=_type_ref(_child(element, "variable")),
        logic=_knowledge(element) if kind == "businessKnowledgeModel" else _boxed_in(element),
        requirements=tuple(_references(element, "informationRequirement", "knowledgeRequirement")),
        input_data=_links(element, "inputData"),
        input_decisions=_links(element, "inputDecision"),
        output_decisions=_links(element, "outputDecision"),
    )


def _knowledge(element: _XML) -> model.Boxed | None:
    logic = _child(element, "encapsulatedLogic")
    return None if logic is None else _function(logic)


def _references(element: _XML, *tags: str) -> Iterator[str]:
    for requirement in _children(element, *tags):
        for target in requirement:
            if target.get("href"):
                yield target.get("href") or ""


def _links(element: _XML, tag: str) -> tuple[str, ...]:
    return tuple(child.get("href") or "" for child in _children(element, tag))


def _item(element: _XML) -> model.ItemDefinition:
    return model.ItemDefinition(
        name=element.get("name") or "",
        type_ref=_type_ref(element),
        is_collection=element.get("isCollection") == "true",
        is_function=_child(element, "functionItem") is not None,
        allowed=_text(_child(element, "allowedValues")),
        components=tuple(_item(child) for child in _children(element, "itemComponent")),
    )


# boxed expressions


def _boxed_in(element: _XML | None) -> model.Boxed | None:
    """The first boxed expression directly inside an element."""
    return next(_all_boxed_in(element), None) if element is not None else None


def _all_boxed_in(element: _XML) -> Iterator[model.Boxed]:
    for child in element:
        read = _BOXED.get(_tag(child))
        if read:
            yield read(child)


def _literal(element: _XML) -> model.Boxed:
    return model.LiteralExpression(_id(element), _type_ref(element), _text(element) or "")


def _context(element: _XML) -> model.Boxed:
    return model.BoxedContext(
        _id(element), _type_ref(element), tuple(_entry(child) for child in _children(element, "contextEntry"))
    )


def _entry(element: _XML) -> model.ContextEntry:
    variable = _child(element, "variable")
    name = variable.get("name") if variable is not None else None
    return model.ContextEntry(name, _type_ref(variable), _boxed_in(element))


def _invocation(element: _XML) -> model.Boxed:
    bindings = tuple((_parameter(child)[0], _boxed_in(child)) for child in _children(element, "binding"))
    return model.Invocation(_id(element), _type_ref(element), _boxed_in(element), bindings)


def _parameter(binding: _XML) -> tuple[str, str | None]:
    parameter = _child(binding, "parameter")
    return ("", None) if parameter is None else (parameter.get("name") or "", _type_ref(parameter))


def _list(element: _XML) -> model.Boxed:
    return model.BoxedList(_id(element), _type_ref(element), tuple(_all_boxed_in(element)))


def _relation(element: _XML) -> model.Boxed:
    return model.Relation(
        _id(element),
        _type_ref(element),
        tuple(child.get("name") or "" for child in _children(element, "column")),
        tuple(tuple(_all_boxed_in(child)) for child in _children(element, "row")),
    )


def _function(element: _XML) -> model.Boxed:
    return model.FunctionDefinition(
        _id(element),
        None if _tag(element) == "encapsulatedLogic" else _type_ref(element),
        element.get("kind") or "FEEL",
        tuple((child.get("name") or "", _type_ref(child)) for child in _children(element, "formalParameter")),
        _boxed_in(element),
    )


def _conditional(element: _XML) -> model.Boxed:
    parts = (_boxed_in(_child(element, tag)) for tag in ("if", "then", "else"))
    return model.Conditional(_id(element), _type_ref(element), *parts)


def _filter(element: _XML) -> model.Boxed:
    parts = (_boxed_in(_child(element, tag)) for tag in ("in", "match"))
    return model.BoxedFilter(_id(element), _type_ref(element), *parts)


def _loop(element: _XML) -> model.Boxed:
    kind = _tag(element)
    body = _boxed_in(_child(element, "return" if kind == "for" else "satisfies"))
    source = _boxed_in(_child(element, "in"))
    return model.BoxedLoop(_id(element), _type_ref(element), kind, element.get("iteratorVariable") or "", source, body)


def _table(element: _XML) -> model.Boxed:
    return model.DecisionTable(
        _id(element),
        _type_ref(element),
        (element.get("hitPolicy") or "UNIQUE").upper(),
        element.get("aggregation"),
        tuple(_input(child) for child in _children(element, "input")),
        tuple(_output(child) for child in _children(element, "output")),
        tuple(_rule(child) for child in _children(element, "rule")),
    )


def _input(element: _XML) -> model.Input:
    expression = _child(element, "inputExpression")
    text = _text(expression) or ""
    label = element.get("label") or text
    return model.Input(_id(element), label, text, _type_ref(expression), _text(_child(element, "inputValues")))


def _output(element: _XML) -> model.Output:
    name = element.get("name")
    return model.Output(
        _id(element),
        element.get("label") or name or "",
        name,
        _type_ref(element),
        _text(_child(element, "outputValues")),
        _text(_child(element, "defaultOutputEntry")),
    )


def _rule(element: _XML) -> model.Rule:
    return model.Rule(
        _id(element),
        tuple(_text(child) or "-" for child in _children(element, "inputEntry")),
        tuple(_text(child) or "" for child in _children(element, "outputEntry")),
    )


_BOXED: dict[str, Callable[[_XML], model.Boxed]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _loop,
    "some": _loop,
    "every": _loop,
}


# elements and attributes


def _tag(element: _XML) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: _XML, *tags: str) -> list[_XML]:
    return [child for child in element if _tag(child) in tags]


def _child(element: _XML, tag: str) -> _XML | None:
    return next(iter(_children(element, tag)), None)


def _id(element: _XML) -> str:
    return element.get("id") or ""


def _text(element: _XML | None) -> str | None:
    found = _child(element, "text") if element is not None else None
    return None if found is None else (found.text or "").strip()


def _type_ref(element: _XML | None) -> str | None:
    if element is None:
        return None
    written = element.get("typeRef")
    if written is None:
        child = _child(element, "typeRef")
        written = child.text if child is not None else None
    return written.strip().rpartition("}")[2].rpartition(":")[2] if written else None
