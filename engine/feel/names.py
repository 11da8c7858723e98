"""Which names an expression takes from outside, so that a misspelt one is found before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.feel import tree

SUBJECT = "?"


@dataclass(frozen=True, slots=True)
class FreeNames:
    """The names not bound inside: as variables, as variables or else properties of filtered items, and as functions."""

    variables: set[str] = field(default_factory=set)
    in_filters: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)

    def everything(self) -> frozenset[str]:
        """All names that a scope may have to provide."""
        return frozenset(self.variables | self.in_filters | self.functions)


def free_names(node: tree.Node) -> FreeNames:
    """The names a tree leaves open."""
    found = FreeNames()
    _Search(found).visit(node, frozenset(), found.variables)
    return found


def mentions(node: tree.Node, name: str) -> bool:
    """Whether a tree names a variable anywhere."""
    return any(isinstance(part, tree.Name) and part.name == name for part in node.walk())


Bound = frozenset[str]


class _Search:
    """Visits a tree with the names bound so far and the set that a free variable goes to."""

    def __init__(self, found: FreeNames) -> None:
        self.found = found

    def visit(self, node: tree.Node, bound: Bound, free: set[str]) -> None:
        visit = _VISITS.get(type(node))
        if visit:
            visit(self, node, bound, free)
        else:
            self.visit_all(node.children(), bound, free)

    def visit_all(self, nodes: Iterable[tree.Node], bound: Bound, free: set[str]) -> None:
        for node in nodes:
            self.visit(node, bound, free)


def _visit_name(_search: _Search, node: tree.Name, bound: Bound, free: set[str]) -> None:
    if node.name not in bound and node.name != SUBJECT:
        free.add(node.name)


def _visit_call(search: _Search, node: tree.Call, bound: Bound, free: set[str]) -> None:
    if isinstance(node.callee, tree.Name):
        search.found.functions.update({node.callee.name} - bound)
    else:
        search.visit(node.callee, bound, free)
    search.visit_all(node.arguments, bound, free)


def _visit_filter(search: _Search, node: tree.Filter, bound: Bound, free: set[str]) -> None:
    search.visit(node.source, bound, free)
    search.visit(node.condition, bound | {"item"}, search.found.in_filters)


def _visit_loop(search: _Search, node: tree.For | tree.Quantified, bound: Bound, free: set[str]) -> None:
    for binding in node.bindings:
        search.visit_all(binding.children(), bound, free)
        bound |= {binding.name}
    if isinstance(node, tree.For):
        search.visit(node.result, bound | {"partial"}, free)
    else:
        search.visit(node.condition, bound, free)


def _visit_function(search: _Search, node: tree.FunctionLiteral, bound: Bound, free: set[str]) -> None:
    if not node.external:
        search.visit(node.body, bound.union(parameter.name for parameter in node.parameters), free)


def _visit_context(search: _Search, node: tree.ContextLiteral, bound: Bound, free: set[str]) -> None:
    for entry in node.entries:
        search.visit(entry.value, bound, free)
        bound |= {entry.key}


_VISITS: Mapping[type[tree.Node], Callable[[_Search, Any, Bound, set[str]], None]] = {
    tree.Name: _visit_name,
    tree.Call: _visit_call,
    tree.Filter: _visit_filter,
    tree.For: _visit_loop,
    tree.Quantified: _visit_loop,
    tree.FunctionLiteral: _visit_function,
    tree.ContextLiteral: _visit_context,
}
