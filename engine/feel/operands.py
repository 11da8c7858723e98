"""The operands of an expression: literals, names, paths, filters, calls, lists, contexts, ranges and functions."""

from __future__ import annotations

import decimal
from abc import ABC, abstractmethod
from collections.abc import Callable
from decimal import Decimal

from engine.feel import tree
from engine.feel.cursor import Cursor
from engine.feel.decimals import CONTEXT
from engine.feel.lexer import NAME, NUMBER, SYMBOL, TEXT, unquote
from engine.feel.temporal_text import read_temporal
from engine.feel.types_parser import parse_parameter

COMPARATORS = ("=", "!=", "<", "<=", ">", ">=")
_CONSTANTS = {"true": True, "false": False, "null": None}


class OperandParser(Cursor, ABC):
    """One method for each kind of operand. What may stand inside them is read by whoever completes the class."""

    @abstractmethod
    def expression(self) -> tree.Node:
        """Any expression."""

    @abstractmethod
    def sum(self) -> tree.Node:
        """An expression of arithmetic only, such as may bound a range."""

    def operand(self) -> tree.Node:
        """An operand with all that is attached to it."""
        node = self._primary()
        while True:
            if self.take("."):
                node = tree.Path(node.position, node, self.name())
            elif self.at_symbol("[") and self.brackets_filter:
                self.advance()
                condition = self.expression()
                self.expect("]")
                node = tree.Filter(node.position, node, condition)
            elif self.take("("):
                node = self._call(node)
            else:
                return node

    def _call(self, callee: tree.Node) -> tree.Node:
        names: list[str] = []
        arguments: list[tree.Node] = []
        named = self.at_argument_name()
        while not self.at_symbol(")"):
            if named:
                names.append(self.declared_name(symbols=(":",)))
                self.expect(":")
            arguments.append(self.expression())
            if not self.take(","):
                break
        self.expect(")")
        return tree.Call(callee.position, callee, tuple(arguments), tuple(names))

    def _primary(self) -> tree.Node:
        token = self.token
        if token.kind == NAME:
            return self._named()
        if token.kind == NUMBER:
            return tree.Literal(token.start, self._number())
        if token.kind == TEXT:
            return tree.Literal(self.advance().start, unquote(token.text))
        if token.kind == SYMBOL and token.text in _OPENERS:
            return _OPENERS[token.text](self, self.advance().start)
        raise self.error("此处应为表达式", "an expression is expected")

    def _number(self) -> Decimal:
        try:
            number = CONTEXT.create_decimal(self.token.text)
        except decimal.DecimalException:
            raise self.error("数字过大", "the number is too large") from None
        self.advance()
        return number

    def _named(self) -> tree.Node:
        at, word = self.token.start, self.token.text
        if not self.known_name()[1]:
            if word in _CONSTANTS:
                self.advance()
                return tree.Literal(at, _CONSTANTS[word])
            if word == "function":
                self.advance()
                return self._function(at)
            if word == "not":
                self.advance()
                return tree.Name(at, word)
        return tree.Name(at, self.name())

    def _function(self, at: int) -> tree.Node:
        self.expect("(")
        parameters = []
        while not self.at_symbol(")"):
            parameters.append(parse_parameter(self))
            if not self.take(","):
                break
        self.expect(")")
        external = self.take_word("external")
        return tree.FunctionLiteral(at, tuple(parameters), self.expression(), external)

    def _parenthesis(self, at: int) -> tree.Node:
        if self.token.text in COMPARATORS and self.token.kind == SYMBOL:
            return self._open_interval(at)
        node = self.expression()
        if self.take(".."):
            return self.upper_end(at, node, low_included=False)
        self.expect(")")
        return node

    def _open_interval(self, at: int) -> tree.Node:
        operator = self.advance().text
        end = self.sum()
        self.expect(")")
        included = operator.endswith("=")
        if operator in ("=", "!="):
            return tree.Interval(
                at, end, end, low_included=operator == "=", high_included=operator == "=", sign=operator
            )
        if operator.startswith("<"):
            return tree.Interval(at, None, end, low_included=False, high_included=included)
        return tree.Interval(at, end, None, low_included=included, high_included=False)

    def _bracket(self, at: int) -> tree.Node:
        items: list[tree.Node] = []
        while not self.at_symbol("]"):
            items.append(self.expression())
            if len(items) == 1 and self.take(".."):
                return self.upper_end(at, items[0], low_included=True)
            if not self.take(","):
                break
        self.expect("]")
        return tree.ListLiteral(at, tuple(items))

    def _reversed_bracket(self, at: int) -> tree.Node:
        low = self.expression()
        self.expect("..")
        return self.upper_end(at, low, low_included=False)

    def upper_end(self, at: int, low: tree.Node, *, low_included: bool) -> tree.Node:
        """The rest of a range, after its two dots."""
        with self.nested(brackets_filter=False):
            high = self.sum()
        high_included = self.at_symbol("]")
        if not high_included and not self.at_symbol(")") and not self.at_symbol("["):
            raise self.error("区间应以 ] 或 ) 结束", "a range ends with ] or )")
        self.advance()
        return tree.Interval(at, low, high, low_included, high_included)

    def _context(self, at: int) -> tree.Node:
        entries = []
        while not self.at_symbol("}"):
            entries.append(self._entry())
            if not self.take(","):
                break
        self.expect("}")
        return tree.ContextLiteral(at, tuple(entries))

    def _entry(self) -> tree.Entry:
        at = self.token.start
        key = unquote(self.advance().text) if self.token.kind == TEXT else self.declared_name(symbols=(":",))
        self.vocabulary.declare(key)
        self.expect(":")
        return tree.Entry(at, key, self.expression())

    def _at_literal(self, at: int) -> tree.Node:
        if self.token.kind != TEXT:
            raise self.error("@ 之后应为带引号的日期、时间或时长", "@ is followed by a quoted date, time or duration")
        text = unquote(self.advance().text)
        return tree.AtLiteral(at, text, read_temporal(text))


_OPENERS: dict[str, Callable[[OperandParser, int], tree.Node]] = {
    "(": OperandParser._parenthesis,
    "[": OperandParser._bracket,
    "]": OperandParser._reversed_bracket,
    "{": OperandParser._context,
    "@": OperandParser._at_literal,
}
