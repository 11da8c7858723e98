"""Functions that can be called: the standard's, those defined in an expression, and those the host lends."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from engine.feel.border import exported, imported
from engine.feel.budget import one_call_deeper, spend, weigh
from engine.feel.errors import FeelError
from engine.feel.signatures import Form, Parameter, Unfit, read_form
from engine.feel.values import Function, Run, Scope, Value

Body = TypeVar("Body", bound=Callable[..., Value])


@dataclass(frozen=True, slots=True)
class Builtin(Function):
    """A function of the standard; the first form that suits the arguments is taken."""

    name: str
    forms: list[Form] = field(default_factory=list)

    def call(self, arguments: Sequence[Value], names: Sequence[str] = ()) -> Value:
        """The result, or null when no form suits or the result does not exist."""
        spend(1 + sum(map(weigh, arguments)))
        for form in self.forms:
            try:
                bound = form.bind(arguments, names)
            except Unfit:
                continue
            result = _result(form.body, bound)
            spend(weigh(result))
            return result
        return None


def _result(body: Callable[..., Value], arguments: list[Value]) -> Value:
    try:
        return body(*arguments)
    except (Unfit, ArithmeticError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Closure(Function):
    """A function defined in an expression, with the scope it was defined in."""

    parameters: tuple[Parameter, ...]
    body: Run
    scope: Scope

    def call(self, arguments: Sequence[Value], names: Sequence[str] = ()) -> Value:
        """The value of the body; null when the arguments do not fit."""
        spend(2 + (len(self.scope) >> 3))
        try:
            bound = Form(self.parameters, self.body).bind(arguments, names)
        except Unfit:
            return None
        given = zip((parameter.name for parameter in self.parameters), bound, strict=True)
        with one_call_deeper():
            return self.body({**self.scope, **dict(given)})


@dataclass(frozen=True, slots=True)
class Lent(Function):
    """A function of the host. What it raises is the host's affair and is not turned into null."""

    name: str
    body: Callable[..., object]

    def call(self, arguments: Sequence[Value], names: Sequence[str] = ()) -> Value:
        """The host's result as a FEEL value. Raises FeelError when the arguments are not those it takes."""
        spend(1 + sum(map(weigh, arguments)))
        if names or not _takes(self.body, len(arguments)):
            raise _wrong_arguments(self.name)
        return imported(self.body(*map(exported, arguments)))


def _takes(body: Callable[..., object], count: int) -> bool:
    """Whether a host function may be called with so many arguments, asked beforehand so as to hide no TypeError."""
    try:
        inspect.signature(body).bind(*range(count))
    except TypeError:
        return False
    return True


def _wrong_arguments(name: str) -> FeelError:
    return FeelError(f"函数 {name} 的参数个数或写法不对", f"The function {name} does not take these arguments")


class Library:
    """A family of built-in functions under construction."""

    def __init__(self) -> None:
        self.functions: dict[str, Builtin] = {}

    def define(self, name: str, *signatures: str) -> Callable[[Body], Body]:
        """Make a Python function callable by a FEEL name, in the forms of these signatures."""

        def register(body: Body) -> Body:
            forms = self.functions.setdefault(name, Builtin(name)).forms
            forms.extend(read_form(signature, body) for signature in signatures)
            return body

        return register
