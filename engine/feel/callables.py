"""How functions take their arguments: by position or by name, checked and coerced, several forms under one name."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from engine.feel.border import imported
from engine.feel.budget import one_call_deeper, spend, weigh
from engine.feel.errors import FeelError
from engine.feel.instants import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import Function, Range, Run, Scope, Value

Accept = Callable[[Value], Value]
Body = TypeVar("Body", bound=Callable[..., Value])


class Unfit(Exception):
    """An argument is not of the kind its parameter asks for; the call gives null."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter: what it accepts (giving the coerced value, or raising Unfit), and how often it comes."""

    name: str
    accept: Accept
    optional: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One of the forms a function may be called in."""

    parameters: tuple[Parameter, ...]
    body: Callable[..., Value]

    def bind(self, arguments: Sequence[Value], names: Sequence[str]) -> list[Value]:
        """The values for the body. Raises Unfit when the arguments do not suit this form."""
        if names:
            return self._bind_names(dict(zip(names, arguments, strict=True)))
        if self.parameters and self.parameters[-1].rest:
            split = len(self.parameters) - 1
            arguments = [*arguments[:split], list(arguments[split:])]
        if len(arguments) > len(self.parameters):
            raise Unfit
        if any(not parameter.optional for parameter in self.parameters[len(arguments) :]):
            raise Unfit
        return [parameter.accept(value) for parameter, value in zip(self.parameters, arguments, strict=False)]

    def _bind_names(self, named: dict[str, Value]) -> list[Value]:
        known = {parameter.name for parameter in self.parameters}
        if not named.keys() <= known:
            raise Unfit
        return [self._bind_name(parameter, named) for parameter in self.parameters]

    def _bind_name(self, parameter: Parameter, named: dict[str, Value]) -> Value:
        """The argument of a parameter; one that is not given is null, if the parameter takes in null."""
        if parameter.name not in named:
            return None if parameter.optional else parameter.accept(None)
        value = named[parameter.name]
        return parameter.accept([value] if parameter.rest else value)


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
        spend(1 + (len(self.scope) >> 3))
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
        return imported(self.body(*arguments))


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
        """Make a Python function callable by a FEEL name, in forms such as `string: string, length?: integer`.

        `name?` may be left out, `*name` takes all that remain as a list, `type?` lets null through, `a|b` takes both.
        """

        def register(body: Body) -> Body:
            forms = self.functions.setdefault(name, Builtin(name)).forms
            forms.extend(Form(_parameters(signature), body) for signature in signatures)
            return body

        return register


def _parameters(signature: str) -> tuple[Parameter, ...]:
    return tuple(_parameter(text.strip()) for text in signature.split(",") if text.strip())


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(": ")
    accept = _either(kinds.removesuffix("?").split("|"))
    return Parameter(
        name.strip("*?"),
        _or_null(accept) if kinds.endswith("?") else accept,
        optional=name.endswith("?"),
        rest=name.startswith("*"),
    )


def _either(kinds: list[str]) -> Accept:
    accepts = [_ACCEPTS[kind] for kind in kinds]
    return accepts[0] if len(accepts) == 1 else functools.partial(_first_fit, accepts)


def _first_fit(accepts: list[Accept], value: Value) -> Value:
    for accept in accepts:
        try:
            return accept(value)
        except Unfit:
            continue
    raise Unfit


def _or_null(accept: Accept) -> Accept:
    return lambda value: None if value is None else accept(value)


def _exactly(kind: type) -> Accept:
    def accept(value: Value) -> Value:
        if type(value) is list and len(value) == 1:  # a list of one stands for its item (clause 10.3.2.9.4)
            value = value[0]
        if type(value) is not kind:
            raise Unfit
        return value

    return accept


def _integer(value: Value) -> int:
    return int(_exactly(Decimal)(value))


def _list(value: Value) -> Value:
    if value is None:
        raise Unfit
    return value if type(value) is list else [value]


def _function(value: Value) -> Value:
    if not isinstance(value, Function):
        raise Unfit
    return value


_ACCEPTS: dict[str, Accept] = {
    "any": lambda value: value,
    "string": _exactly(str),
    "number": _exactly(Decimal),
    "integer": _integer,
    "boolean": _exactly(bool),
    "date": _exactly(Date),
    "time": _exactly(Time),
    "date and time": _exactly(DateTime),
    "days and time duration": _exactly(DaysTime),
    "years and months duration": _exactly(YearsMonths),
    "context": _exactly(dict),
    "range": _exactly(Range),
    "list": _list,
    "function": _function,
}
