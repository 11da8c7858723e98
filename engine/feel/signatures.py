"""What a function takes and gives: its forms, written as `string: string, length?: integer -> string`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.instants import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import Function, Range, Value

Accept = Callable[[Value], Value]


class Unfit(Exception):
    """An argument is not of the kind its parameter asks for; the call gives null."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter: what it accepts (giving the coerced value, or raising Unfit), and how often it comes.

    `kinds` are the kinds of value it takes, for checks; none means any.
    """

    name: str
    accept: Accept
    optional: bool = False
    rest: bool = False
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One of the forms a function may be called in; `gives` is the kind of its result, "" when it varies."""

    parameters: tuple[Parameter, ...]
    body: Callable[..., Value]
    gives: str = ""

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


def read_form(signature: str, body: Callable[..., Value]) -> Form:
    """The form that a signature such as `string: string, length?: integer -> string` describes.

    `name?` may be left out, `*name` takes all that remain as a list, `type?` lets null through, `a|b` takes both.
    """
    taken, _, gives = signature.partition(" -> ")
    parameters = tuple(_parameter(text.strip()) for text in taken.split(","))
    return Form(parameters, body, gives)


def _parameter(text: str) -> Parameter:
    name, _, written = text.partition(": ")
    kinds = written.removesuffix("?").split("|")
    accept = _either(kinds)
    return Parameter(
        name.strip("*?"),
        _or_null(accept) if written.endswith("?") else accept,
        optional=name.endswith("?"),
        rest=name.startswith("*"),
        kinds=() if "any" in kinds else tuple("number" if kind == "integer" else kind for kind in kinds),
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
