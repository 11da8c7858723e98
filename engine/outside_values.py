"""Values from outside the house, before anything is done with them: plain, of bounded size, or refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from engine.errors import Rejected
from engine.values import plain, to_bytes

DEEPEST, LARGEST = 50, 1_000_000


class UnfitValue(Rejected):
    """What was sent holds something that cannot be kept."""

    code = "unfit_value"
    message = "“{name}”的内容不能保存：{why}。"
    advice = "请发送方改正后重发；没有保存任何内容。"


def taken_in(values: Mapping[str, object]) -> dict[str, object]:
    """A plain copy of what came, numbers exact; raises UnfitValue with the name of the value that does not fit."""
    taken = {name: _taken_in(value, name, DEEPEST) for name, value in _named(values, "")}
    if len(to_bytes(taken)) > LARGEST:
        largest = max(taken, key=lambda name: len(to_bytes(taken[name])))
        raise UnfitValue(name=largest[:60], why=f"全部内容超过 {LARGEST:,} 字节")
    return taken


def fit_text(name: str, text: str, longest: int) -> str:
    """The text, if every database can keep it: not empty, not too long, no lone surrogate, no zero character."""
    if not 0 < len(text) <= longest:
        raise UnfitValue(name=name, why=f"应有 1 至 {longest} 个字")
    _refuse_odd(name, text)
    return text


def _taken_in(value: object, name: str, deep: int) -> object:
    if not deep:
        raise UnfitValue(name=name, why=f"嵌套超过 {DEEPEST} 层")
    match value:
        case str():
            _refuse_odd(name, value)
            return str(value)
        case float() | Decimal():
            number = Decimal(repr(value)) if isinstance(value, float) else value
            if not number.is_finite():
                raise UnfitValue(name=name, why=f"不是数字（{number}）")
            return plain(number)
        case Mapping():
            return {key: _taken_in(item, name, deep - 1) for key, item in _named(value, name)}
        case list() | tuple():
            return [_taken_in(item, name, deep - 1) for item in value]
    try:
        return plain(value)
    except TypeError as error:
        raise UnfitValue(name=name, why=f"不认识的类型 {type(value).__name__}") from error


def _named(values: Mapping[object, object] | Mapping[str, object], name: str) -> list[tuple[str, object]]:
    for key in values:
        if not isinstance(key, str):
            raise UnfitValue(name=name or str(key)[:60], why="名称应为文字")
        _refuse_odd(name or "名称", key)
    return [(str(key), item) for key, item in values.items()]


def _refuse_odd(name: str, text: str) -> None:
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise UnfitValue(name=name, why="文字里有不成字的编码")
