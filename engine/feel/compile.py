"""Syntax tree to closures: every node becomes a function from scope to value (DMN 1.5, clause 10.3.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.feel import tree
from engine.feel.arithmetic import negate, operation
from engine.feel.budget import spend
from engine.feel.callables import Closure
from engine.feel.errors import FeelBudgetError
from engine.feel.functions import BUILTINS
from engine.feel.functions.aggregates import negation
from engine.feel.loops import Loop, collected, filtered, quantified
from engine.feel.names import SUBJECT, mentions
from engine.feel.range_text import make_range
from engine.feel.signatures import Parameter
from engine.feel.temporal import property_of
from engine.feel.types import Types, accept_of, check_of
from engine.feel.unary import Test, fits, passes
from engine.feel.values import Function, Range, Run, Scope, Value, compare, equal

_COSTLY = (tree.Call, tree.Filter, tree.For, tree.Quantified)


def compile_node(node: tree.Node, types: Types) -> Run:
    """The closure of a node; `types` are those of the model besides the built-in ones."""
    run = _MAKERS[type(node)](node, types)
    return _placed(run, node.position) if isinstance(node, _COSTLY) else run


def _placed(run: Run, position: int) -> Run:
    """A closure that says where it stands when it uses up the budget."""

    def run_here(scope: Scope) -> Value:
        try:
            return run(scope)
        except FeelBudgetError as error:
            raise error.at(position) from None

    return run_here


def _compile_all(nodes: Iterable[tree.Node], types: Types) -> tuple[Run, ...]:
    return tuple(compile_node(node, types) for node in nodes)


# names and operators


def _literal(node: tree.Literal | tree.AtLiteral, _types: Types) -> Run:
    value = node.value
    return lambda _scope: value


def _name(node: tree.Name, _types: Types) -> Run:
    name, builtin = node.name, BUILTINS.get(node.name)
    return lambda scope: scope.get(name, builtin)


def _path(node: tree.Path, types: Types) -> Run:
    source, name = compile_node(node.source, types), node.name
    return lambda scope: _entry_of(source(scope), name)


def _entry_of(value: Value, name: str) -> Value:
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        spend(len(value) + 1)
        return [_entry_of(item, name) for item in value]
    return property_of(value, name)


def _negation(node: tree.Negation, types: Types) -> Run:
    operand = compile_node(node.operand, types)
    return lambda scope: negate(operand(scope))


def _arithmetic(node: tree.Arithmetic, types: Types) -> Run:
    operate = operation(node.operator)
    left, right = compile_node(node.left, types), compile_node(node.right, types)
    return lambda scope: operate(left(scope), right(scope))


def _comparison(node: tree.Comparison, types: Types) -> Run:
    sign, left, right = node.operator, compile_node(node.left, types), compile_node(node.right, types)
    if sign == "=":
        return lambda scope: equal(left(scope), right(scope))
    if sign == "!=":
        return lambda scope: negation(equal(left(scope), right(scope)))
    return lambda scope: compare(sign, left(scope), right(scope))


def _conjunction(node: tree.Conjunction, types: Types) -> Run:
    return _joined(_compile_all(node.terms, types), decisive=False)


def _disjunction(node: tree.Disjunction, types: Types) -> Run:
    return _joined(_compile_all(node.terms, types), decisive=True)


def _joined(terms: tuple[Run, ...], *, decisive: bool) -> Run:
    """Three-valued logic (clause 10.3.2.12): a decisive term ends it, one that is no boolean leaves it open."""
    neutral = not decisive

    def run(scope: Scope) -> bool | None:
        result: bool | None = neutral
        for term in terms:
            answer = term(scope)
            if answer is decisive:
                return not neutral
            if answer is not neutral:
                result = None
        return result

    return run


def _between(node: tree.Between, types: Types) -> Run:
    value, low, high = _compile_all((node.value, node.low, node.high), types)

    def run(scope: Scope) -> bool | None:
        subject = value(scope)
        above, below = compare(">=", subject, low(scope)), compare("<=", subject, high(scope))
        return None if above is None or below is None else above and below

    return run


def _instance_of(node: tree.InstanceOf, types: Types) -> Run:
    value, check = compile_node(node.value, types), check_of(node.type, types)
    takes_null = node.type.name == "Null"

    def run(scope: Scope) -> bool | None:
        subject = value(scope)
        if check is None:
            return None
        return takes_null if subject is None else check(subject)

    return run


# control and loops


def _if(node: tree.If, types: Types) -> Run:
    condition, consequence, alternative = _compile_all((node.condition, node.consequence, node.alternative), types)
    return lambda scope: consequence(scope) if condition(scope) is True else alternative(scope)


def _loops(bindings: Iterable[tree.Binding], types: Types) -> tuple[Loop, ...]:
    return tuple(
        Loop(
            binding.name,
            compile_node(binding.source, types),
            compile_node(binding.end, types) if binding.end else None,
        )
        for binding in bindings
    )


def _for(node: tree.For, types: Types) -> Run:
    loops, result = _loops(node.bindings, types), compile_node(node.result, types)
    partial = mentions(node.result, "partial")
    return lambda scope: collected(loops, result, scope, partial=partial)


def _quantified(node: tree.Quantified, types: Types) -> Run:
    loops, condition, every = _loops(node.bindings, types), compile_node(node.condition, types), node.every
    return lambda scope: quantified(loops, condition, scope, every=every)


def _filter(node: tree.Filter, types: Types) -> Run:
    source, condition = compile_node(node.source, types), compile_node(node.condition, types)
    return lambda scope: filtered(source(scope), condition, scope)


# lists, contexts, ranges and functions


def _list(node: tree.ListLiteral, types: Types) -> Run:
    items = _compile_all(node.items, types)
    return lambda scope: [item(scope) for item in items]


def _context(node: tree.ContextLiteral, types: Types) -> Run:
    entries = [(entry.key, compile_node(entry.value, types)) for entry in node.entries]
    if len({key for key, _ in entries}) < len(entries):
        return lambda _scope: None

    def run(scope: Scope) -> dict[str, Value]:
        spend(len(scope) + len(entries) >> 3)
        inner, context = dict(scope), {}
        for key, value in entries:
            context[key] = inner[key] = value(inner)
        return context

    return run


def _interval(node: tree.Interval, types: Types) -> Run:
    low = compile_node(node.low, types) if node.low else _nothing
    high = compile_node(node.high, types) if node.high else _nothing
    bounded_low, bounded_high = node.low is not None, node.high is not None
    low_included, high_included, sign = node.low_included, node.high_included, node.sign

    def run(scope: Scope) -> Value:
        start, end = low(scope), high(scope)
        if (bounded_low and start is None) or (bounded_high and end is None):
            return None  # a bound that is null is not the same as none
        if sign:
            return Range(start, end, low_included, high_included, sign)
        return make_range(start, end, start_included=low_included, end_included=high_included)

    return run


def _nothing(_scope: Scope) -> None:
    return None


def _function(node: tree.FunctionLiteral, types: Types) -> Run:
    if node.external:
        return _nothing
    parameters = tuple(Parameter(each.name, accept_of(each.type, types)) for each in node.parameters)
    body = compile_node(node.body, types)
    return lambda scope: Closure(parameters, body, scope)


def _call(node: tree.Call, types: Types) -> Run:
    callee, arguments, names = compile_node(node.callee, types), _compile_all(node.arguments, types), node.names
    builtin = BUILTINS.get(node.callee.name) if isinstance(node.callee, tree.Name) else None

    def run(scope: Scope) -> Value:
        function = callee(scope)
        if not isinstance(function, Function):
            function = builtin  # a variable called `date` or `count` does not hide the function of that name
        if function is None:
            return None
        return function.call([argument(scope) for argument in arguments], names)

    return run


# tests


def _membership(node: tree.Membership, types: Types) -> Run:
    value, tests = compile_node(node.value, types), tuple(_test(test, types) for test in node.tests)
    return lambda scope: passes(tests, value(scope), scope)


def _unary_tests(node: tree.UnaryTests, types: Types) -> Run:
    tests = tuple(_test(test, types) for test in node.tests)
    if not tests:
        return lambda _scope: True
    if node.negated:
        return lambda scope: negation(passes(tests, scope.get(SUBJECT), scope))
    return lambda scope: passes(tests, scope.get(SUBJECT), scope)


def _test(node: tree.Node, types: Types) -> Test:
    if isinstance(node, tree.Comparator):
        return _comparator(node, types)
    answer = compile_node(node, types)
    if isinstance(node, tree.Interval):
        return lambda subject, scope: _lies_within(subject, answer(scope))
    if mentions(node, SUBJECT):
        return lambda subject, scope: fits(subject, answer({**scope, SUBJECT: subject}), asks=True)
    return lambda subject, scope: fits(subject, answer(scope), asks=False)


def _lies_within(subject: Value, span: Range | None) -> bool | None:
    return None if span is None else span.contains(subject)


def _comparator(node: tree.Comparator, types: Types) -> Test:
    sign, operand = node.operator, compile_node(node.operand, types)
    if sign == "=":
        return lambda subject, scope: equal(subject, operand(scope))
    if sign == "!=":
        return lambda subject, scope: negation(equal(subject, operand(scope)))
    return lambda subject, scope: compare(sign, subject, operand(scope))


_MAKERS: Mapping[type[tree.Node], Callable[[Any, Types], Run]] = {
    tree.Literal: _literal,
    tree.AtLiteral: _literal,
    tree.Name: _name,
    tree.Path: _path,
    tree.Negation: _negation,
    tree.Arithmetic: _arithmetic,
    tree.Comparison: _comparison,
    tree.Conjunction: _conjunction,
    tree.Disjunction: _disjunction,
    tree.Between: _between,
    tree.InstanceOf: _instance_of,
    tree.If: _if,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.Filter: _filter,
    tree.ListLiteral: _list,
    tree.ContextLiteral: _context,
    tree.Interval: _interval,
    tree.FunctionLiteral: _function,
    tree.Call: _call,
    tree.Membership: _membership,
    tree.UnaryTests: _unary_tests,
}
