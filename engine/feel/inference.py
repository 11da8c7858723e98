"""What kind of value an expression gives, as far as that is sure beforehand, and where kinds cannot go together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel import tree
from engine.feel.arithmetic import is_defined
from engine.feel.callables import Builtin
from engine.feel.functions import BUILTINS
from engine.feel.kinds import CLASSES, ORDERED, Kind, kind_of, suiting_forms, word
from engine.feel.names import SUBJECT
from engine.feel.temporal import properties_of

Kinds = Mapping[str, Kind]
_DURATIONS = frozenset({"days and time duration", "years and months duration"})
_VARIED = frozenset({"list", "context", "function"})
_PROPERTY_KINDS = {
    "time offset": "days and time duration",
    "timezone": "string",
    "start included": "boolean",
    "end included": "boolean",
    "start": None,
    "end": None,
}


@dataclass(frozen=True, slots=True)
class KindFault:
    """A part whose value is always null for the kinds it meets; `position` is its offset in the source."""

    position: int
    zh: str
    en: str


def infer(node: tree.Node, kinds: Kinds) -> tuple[Kind, list[KindFault]]:
    """The kind of an expression over variables of these kinds, and all faults, in the order of the source.

    A variable that is not in `kinds` may be anything. `?` is the kind a table cell tests.
    """
    inference = _Inference()
    kind = inference.kind(node, kinds)
    return kind, sorted(set(inference.faults), key=lambda fault: fault.position)


class _Inference:
    """Goes down the tree with the kinds of the names in reach, and gathers faults."""

    def __init__(self) -> None:
        self.faults: list[KindFault] = []

    def kind(self, node: tree.Node, kinds: Kinds) -> Kind:
        infer_node = _INFER.get(type(node))
        if infer_node:
            return infer_node(self, node, kinds)
        for part in node.children():
            self.kind(part, kinds)
        return _FIXED.get(type(node))

    def fault(self, node: tree.Node, zh: str, en: str) -> None:
        self.faults.append(KindFault(node.position, zh, en))

    def wants_boolean(self, node: tree.Node, kinds: Kinds, zh: str, en: str) -> None:
        kind = self.kind(node, kinds)
        if kind not in (None, "boolean"):
            self.fault(node, f"{zh}应当是“是”或“否”，这里却是{word(kind)}", f"{en} must be true or false, not a {kind}")

    def compare(self, node: tree.Node, sign: str, left: Kind, right: Kind) -> None:
        if left is None or right is None:
            return
        if left != right:
            zh = f"{word(left)}与{word(right)}不能相比（{sign}）"
            self.fault(node, zh, f"a {left} cannot be compared with a {right} ({sign})")
        elif sign not in ("=", "!=") and left not in ORDERED:
            self.fault(node, f"{word(left)}不分大小（{sign}）", f"a {left} has no order ({sign})")

    def test(self, node: tree.Node, subject: Kind, kinds: Kinds) -> None:
        """A unary test of a subject."""
        inner = {**kinds, SUBJECT: subject}
        match node:
            case tree.Comparator(operator=sign, operand=operand):
                self.compare(node, sign, subject, self.kind(operand, inner))
            case tree.Interval(low=low, high=high, sign=sign):
                for end in (low, high):
                    if end:
                        self.compare(node, sign or "..", subject, self.kind(end, inner))
            case tree.ListLiteral(items=items) if subject != "list":
                for item in items:
                    self.test(item, subject, kinds)
            case _:
                self._value_test(node, subject, self.kind(node, inner))

    def _value_test(self, node: tree.Node, subject: Kind, answer: Kind) -> None:
        if answer in ORDERED and subject not in _VARIED:
            self.compare(node, "=", subject, answer)

    def common(self, nodes: Iterable[tree.Node], kinds: Kinds) -> Kind:
        found = {self.kind(node, kinds) for node in nodes}
        return found.pop() if len(found) == 1 else None

    def items_of(self, binding: tree.Binding, kinds: Kinds) -> Kind:
        """What a loop variable holds."""
        if binding.end:
            self.kind(binding.end, kinds)
        kind = self.kind(binding.source, kinds)
        if isinstance(binding.source, tree.ListLiteral):
            return self.common(binding.source.items, kinds)
        return kind if binding.end else None


def _name(_: _Inference, node: tree.Name, kinds: Kinds) -> Kind:
    return kinds.get(node.name)


def _path(inference: _Inference, node: tree.Path, kinds: Kinds) -> Kind:
    source = inference.kind(node.source, kinds)
    if source is None or source in _VARIED:
        return None
    if node.name not in properties_of(CLASSES[source]):
        inference.fault(node, f"{word(source)}没有“{node.name}”", f"a {source} has no {node.name}")
        return None
    return _PROPERTY_KINDS.get(node.name, "number")


def _negation(inference: _Inference, node: tree.Negation, kinds: Kinds) -> Kind:
    kind = inference.kind(node.operand, kinds)
    if kind not in (None, "number", *_DURATIONS):
        inference.fault(node, f"{word(kind)}不能取负", f"a {kind} has no opposite")
    return kind


def _arithmetic(inference: _Inference, node: tree.Arithmetic, kinds: Kinds) -> Kind:
    left, right, sign = inference.kind(node.left, kinds), inference.kind(node.right, kinds), node.operator
    if left is None or right is None:
        return None
    if not is_defined(sign, CLASSES[left], CLASSES[right]):
        hint = "；要连成文本，请先用 string(…) 转换" if sign == "+" and "string" in (left, right) else ""
        inference.fault(
            node, f"{word(left)}与{word(right)}不能用 {sign} 计算{hint}", f"a {left} {sign} a {right} has no meaning"
        )
        return None
    return _result(sign, left, right)


def _result(sign: str, left: str, right: str) -> Kind:
    """The kind of a result that exists (clause 10.3.2.15)."""
    if left == right and left not in ("number", "string"):
        return {"+": left, "/": "number"}.get(sign, left if left in _DURATIONS else "days and time duration")
    if sign == "-" and right not in _DURATIONS and left != "number":
        return "days and time duration"
    if left == right or right == "number" or (sign in "+-" and right in _DURATIONS):
        return left
    return right


def _comparison(inference: _Inference, node: tree.Comparison, kinds: Kinds) -> Kind:
    left, right = inference.kind(node.left, kinds), inference.kind(node.right, kinds)
    inference.compare(node, node.operator, left, right)
    return "boolean"


def _junction(inference: _Inference, node: tree.Conjunction | tree.Disjunction, kinds: Kinds) -> Kind:
    joiner = "and" if isinstance(node, tree.Conjunction) else "or"
    for term in node.terms:
        inference.wants_boolean(term, kinds, f"{joiner} 连接的条件", f"what {joiner} joins")
    return "boolean"


def _between(inference: _Inference, node: tree.Between, kinds: Kinds) -> Kind:
    value = inference.kind(node.value, kinds)
    for end in (node.low, node.high):
        inference.compare(node, "between", value, inference.kind(end, kinds))
    return "boolean"


def _membership(inference: _Inference, node: tree.Membership, kinds: Kinds) -> Kind:
    value = inference.kind(node.value, kinds)
    for test in node.tests:
        inference.test(test, value, kinds)
    return "boolean"


def _unary_tests(inference: _Inference, node: tree.UnaryTests, kinds: Kinds) -> Kind:
    for test in node.tests:
        inference.test(test, kinds.get(SUBJECT), kinds)
    return "boolean"


def _if(inference: _Inference, node: tree.If, kinds: Kinds) -> Kind:
    inference.wants_boolean(node.condition, kinds, "if 后的条件", "the condition of if")
    return inference.common((node.consequence, node.alternative), kinds)


def _filter(inference: _Inference, node: tree.Filter, kinds: Kinds) -> Kind:
    inference.kind(node.source, kinds)
    inference.kind(node.condition, {})  # any name in it may be a property of the items
    return None


def _loop(inference: _Inference, node: tree.For | tree.Quantified, kinds: Kinds) -> Kind:
    inner = dict(kinds)
    for binding in node.bindings:
        inner[binding.name] = inference.items_of(binding, inner)
    if isinstance(node, tree.For):
        inference.kind(node.result, {**inner, "partial": "list"})
        return "list"
    inference.wants_boolean(node.condition, inner, "satisfies 后的条件", "the condition of satisfies")
    return "boolean"


def _context(inference: _Inference, node: tree.ContextLiteral, kinds: Kinds) -> Kind:
    inner = dict(kinds)
    for entry in node.entries:
        inner[entry.key] = inference.kind(entry.value, inner)
    return "context"


def _function(inference: _Inference, node: tree.FunctionLiteral, kinds: Kinds) -> Kind:
    typed = {each.name: each.type.name if each.type and each.type.name in CLASSES else None for each in node.parameters}
    if not node.external:
        inference.kind(node.body, {**kinds, **typed})
    return "function"


def _call(inference: _Inference, node: tree.Call, kinds: Kinds) -> Kind:
    arguments = [inference.kind(argument, kinds) for argument in node.arguments]
    if not isinstance(node.callee, tree.Name):
        inference.kind(node.callee, kinds)
        return None
    function = BUILTINS.get(node.callee.name)
    if function is None or kinds.get(node.callee.name, "") in (None, "function"):
        return None
    return _call_builtin(inference, node, function, arguments)


def _call_builtin(inference: _Inference, node: tree.Call, function: Builtin, arguments: Sequence[Kind]) -> Kind:
    suiting = suiting_forms(function, arguments, node.names)
    if not suiting:
        given = "、".join(map(word, arguments)) or "无"
        zh = f"函数 {function.name} 不接受这样的参数（{given}）"
        shown = ", ".join(kind or "unknown" for kind in arguments) or "none"
        inference.fault(node, zh, f"the function {function.name} does not take these arguments ({shown})")
    results = {form.gives for form in suiting}
    return results.pop() or None if len(results) == 1 else None


_FIXED: Mapping[type[tree.Node], str] = {
    tree.ListLiteral: "list",
    tree.Interval: "range",
    tree.InstanceOf: "boolean",
}
_INFER: Mapping[type[tree.Node], Callable[[_Inference, Any, Kinds], Kind]] = {
    tree.Literal: lambda _, node, __: kind_of(node.value),
    tree.AtLiteral: lambda _, node, __: kind_of(node.value),
    tree.Name: _name,
    tree.Path: _path,
    tree.Negation: _negation,
    tree.Arithmetic: _arithmetic,
    tree.Comparison: _comparison,
    tree.Conjunction: _junction,
    tree.Disjunction: _junction,
    tree.Between: _between,
    tree.Membership: _membership,
    tree.UnaryTests: _unary_tests,
    tree.If: _if,
    tree.Filter: _filter,
    tree.For: _loop,
    tree.Quantified: _loop,
    tree.ContextLiteral: _context,
    tree.FunctionLiteral: _function,
    tree.Call: _call,
}
