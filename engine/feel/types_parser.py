"""Types in the source: `number`, `list<string>`, `context<a: number>`, `function<number>->string`."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel import tree
from engine.feel.cursor import Cursor

ANY = "Any"


def parse_parameter(cursor: Cursor) -> tree.Parameter:
    """Read `name` or `name: type` of a function definition."""
    at = cursor.token.start
    name = cursor.declared_name(symbols=(":", ",", ")"))
    return tree.Parameter(at, name, parse_type(cursor) if cursor.take(":") else None)


def parse_type(cursor: Cursor) -> tree.Type:
    """Read a type; a name that is not built in is left to whoever knows the model's own types."""
    with cursor.nested():
        at = cursor.token.start
        name = _type_name(cursor)
        return _SHAPES.get(name, _plain)(cursor, at, name)


def _type_name(cursor: Cursor) -> str:
    if cursor.token.text == "function":
        return cursor.advance().text
    names = [cursor.name()]
    while cursor.take("."):
        names.append(cursor.name())
    return ".".join(names)


def _plain(_cursor: Cursor, at: int, name: str) -> tree.Type:
    return tree.Type(at, name)


def _of_element(cursor: Cursor, at: int, name: str) -> tree.Type:
    if not cursor.take("<"):
        return tree.Type(at, name)
    element = parse_type(cursor)
    cursor.expect(">")
    return tree.Type(at, name, (element,))


def _of_entries(cursor: Cursor, at: int, name: str) -> tree.Type:
    if not cursor.take("<"):
        return tree.Type(at, name)
    keys, parts = [], []
    while True:
        keys.append(cursor.declared_name(symbols=(":",)))
        cursor.expect(":")
        parts.append(parse_type(cursor))
        if not cursor.take(","):
            break
    cursor.expect(">")
    return tree.Type(at, name, tuple(parts), tuple(keys))


def _of_parameters(cursor: Cursor, at: int, name: str) -> tree.Type:
    if not cursor.take("<"):
        return tree.Type(at, name)
    parts = []
    while not cursor.at_symbol(">"):
        parts.append(parse_type(cursor))
        if not cursor.take(","):
            break
    cursor.expect(">")
    cursor.expect("->")
    return tree.Type(at, name, (*parts, parse_type(cursor)))


_SHAPES: dict[str, Callable[[Cursor, int, str], tree.Type]] = {
    "list": _of_element,
    "range": _of_element,
    "context": _of_entries,
    "function": _of_parameters,
}
