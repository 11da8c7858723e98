"""Which names an expression takes from outside, so that a misspelt one is found before anything runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

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


class _Search:
    """Visits a tree with the names bound so far and the set that a free variable goes to."""

    def __init__(self, found: FreeNames) -> None:
        self._found = found

    def visit(self, node: tree.Node, bound: frozenset[str], free: set[str]) -> None:
        match node:
            case tree.Name(name=name):
                if name not in bound and name != SUBJECT:
                    free.add(name)
            case tree.Call(callee=tree.Name(name=name), arguments=arguments):
                if name not in bound:
                    self._found.functions.add(name)
                self._visit_all(arguments, bound, free)
            case tree.Filter(source=source, condition=condition):
                self.visit(source, bound, free)
                self.visit(condition, bound | {"item"}, self._found.in_filters)
            case tree.For(bindings=bindings, result=inner) | tree.Quantified(bindings=bindings, condition=inner):
                self.visit(inner, self._visit_bindings(bindings, bound, free) | {"partial"}, free)
            case tree.FunctionLiteral(parameters=parameters, body=body, external=False):
                self.visit(body, bound | {parameter.name for parameter in parameters}, free)
            case tree.FunctionLiteral():
                pass
            case tree.ContextLiteral(entries=entries):
                for entry in entries:
                    self.visit(entry.value, bound, free)
                    bound |= {entry.key}
            case _:
                self._visit_all(node.children(), bound, free)

    def _visit_all(self, nodes: Iterable[tree.Node], bound: frozenset[str], free: set[str]) -> None:
        for node in nodes:
            self.visit(node, bound, free)

    def _visit_bindings(
        self, bindings: tuple[tree.Binding, ...], bound: frozenset[str], free: set[str]
    ) -> frozenset[str]:
        for binding in bindings:
            self._visit_all(binding.children(), bound, free)
            bound |= {binding.name}
        return bound
