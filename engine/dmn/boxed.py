"""Boxed expressions to closures, with the same scopes and loops as FEEL text (DMN 1.5, clause 10.2)."""

from __future__ import annotations

from engine.dmn import model
from engine.dmn.compiler import Compiler, Makers, nothing
from engine.dmn.table import compile_table
from engine.feel.budget import spend
from engine.feel.callables import Closure
from engine.feel.loops import Loop, collected, filtered, quantified
from engine.feel.signatures import Unfit
from engine.feel.values import Function, Run, Scope, Value


def _literal(compiler: Compiler, node: model.LiteralExpression) -> Run:
    return compiler.text(node.text, node.id)


def _context(compiler: Compiler, node: model.BoxedContext) -> Run:
    with compiler.binding(each.name for each in node.entries if each.name):
        entries = [(each.name, compiler.typed(compiler.boxed(each.value), each.type_ref)) for each in node.entries]

    def run(scope: Scope) -> Value:
        spend(len(scope) + len(entries) >> 3)
        inner, context = dict(scope), {}
        for name, value in entries:
            if name is None:
                return value(inner)
            context[name] = inner[name] = value(inner)
        return context

    return run


def _list(compiler: Compiler, node: model.BoxedList) -> Run:
    items = [compiler.boxed(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _relation(compiler: Compiler, node: model.Relation) -> Run:
    rows = [[compiler.boxed(cell) for cell in row] for row in node.rows]
    return lambda scope: [dict(zip(node.columns, (cell(scope) for cell in row), strict=False)) for row in rows]


def _function(compiler: Compiler, node: model.FunctionDefinition) -> Run:
    if node.kind != "FEEL":
        return nothing
    parameters = compiler.parameters(node.parameters)
    body = compiler.within((name for name, _ in node.parameters), node.body)
    return lambda scope: Closure(parameters, body, scope)


def _invocation(compiler: Compiler, node: model.Invocation) -> Run:
    callee = compiler.boxed(node.function)
    names = tuple(name for name, _ in node.bindings)
    arguments = [compiler.boxed(argument) for _, argument in node.bindings]

    def run(scope: Scope) -> Value:
        function = callee(scope)
        if not isinstance(function, Function):
            return None
        return function.call([argument(scope) for argument in arguments], names)

    return run


def _conditional(compiler: Compiler, node: model.Conditional) -> Run:
    parts = (node.condition, node.consequence, node.alternative)
    condition, consequence, alternative = (compiler.boxed(part) for part in parts)

    def run(scope: Scope) -> Value:
        answer = condition(scope)
        if answer is None or isinstance(answer, bool):
            return consequence(scope) if answer else alternative(scope)
        return None

    return run


def _filter(compiler: Compiler, node: model.BoxedFilter) -> Run:
    source, match = compiler.boxed(node.source), _boolean(compiler.within(["item"], node.match))

    def run(scope: Scope) -> Value:
        try:
            return filtered(source(scope), match, scope)
        except Unfit:
            return None

    return run


def _boolean(run: Run) -> Run:
    """A condition that, unlike one in FEEL text, must not be anything but a boolean or null (clause 10.2.1)."""

    def condition(scope: Scope) -> bool | None:
        answer = run(scope)
        if answer is not None and not isinstance(answer, bool):
            raise Unfit
        return answer

    return condition


def _loop(compiler: Compiler, node: model.BoxedLoop) -> Run:
    loops = (Loop(node.variable, compiler.boxed(node.source)),)
    body, partial = compiler.loop_body(node.variable, node.body)
    if node.kind == "for":
        return lambda scope: collected(loops, body, scope, partial=partial)
    condition, every = _boolean(body), node.kind == "every"
    return lambda scope: quantified(loops, condition, scope, every=every)


def _table(compiler: Compiler, node: model.DecisionTable) -> Run:
    return compile_table(compiler, node, "").value


MAKERS: Makers = {
    model.LiteralExpression: _literal,
    model.BoxedContext: _context,
    model.BoxedList: _list,
    model.Relation: _relation,
    model.FunctionDefinition: _function,
    model.Invocation: _invocation,
    model.Conditional: _conditional,
    model.BoxedFilter: _filter,
    model.BoxedLoop: _loop,
    model.DecisionTable: _table,
}
