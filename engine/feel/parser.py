"""Tokens to syntax tree, by recursive descent (DMN 1.5, clause 10.3.1.2)."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterable
from decimal import Decimal

from engine.feel import tree
from engine.feel.budget import HEIGHT
from engine.feel.cursor import Cursor
from engine.feel.decimals import CONTEXT
from engine.feel.errors import FeelBudgetError
from engine.feel.lexer import END, NAME, NUMBER, SYMBOL, TEXT, unquote
from engine.feel.temporal_text import read_temporal
from engine.feel.types_parser import parse_parameter, parse_type
from engine.feel.vocabulary import Vocabulary

_OR, _AND, _COMPARISON, _ADDITION, _MULTIPLICATION, _POWER, _OPERAND = range(1, 8)
_LEVELS = {
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), _COMPARISON),
    **dict.fromkeys(("+", "-"), _ADDITION),
    **dict.fromkeys(("*", "/"), _MULTIPLICATION),
    "**": _POWER,
}
_WORD_LEVELS = {"or": _OR, "and": _AND, "between": _COMPARISON, "in": _COMPARISON, "instance": _COMPARISON}
_COMPARATORS = ("=", "!=", "<", "<=", ">", ">=")
_CONSTANTS = {"true": True, "false": False, "null": None}


def parse_expression(text: str, known: Vocabulary) -> tree.Node:
    """Read one expression. Raises FeelSyntaxError, or FeelBudgetError when it is too long or too deep."""
    return _parse(text, known, Parser.expression)


def parse_unary_tests(text: str, known: Vocabulary) -> tree.Node:
    """Read the cell of a decision table. Raises as parse_expression does."""
    return _parse(text, known, Parser.unary_tests)


def _parse(text: str, known: Vocabulary, rule: Callable[[Parser], tree.Node]) -> tree.Node:
    parser = Parser(text, Vocabulary(beyond=known))
    node = rule(parser)
    parser.expect_end()
    if node.height() > HEIGHT:
        raise FeelBudgetError("表达式嵌套过深", "The expression is nested too deeply")
    return node


class Parser(Cursor):
    """One method for each kind of expression."""

    def expression(self) -> tree.Node:
        """Any expression."""
        with self.nested():
            if self.known_name()[1]:
                return self._binary(_OR)
            at = self.token.start
            if self.take_word("if"):
                return self._if(at)
            if self.take_word("for"):
                bindings = self._bindings()
                self.expect_word("return")
                return tree.For(at, bindings, self.expression())
            for word in ("some", "every"):
                if self.take_word(word):
                    bindings = self._bindings()
                    self.expect_word("satisfies")
                    return tree.Quantified(at, word == "every", bindings, self.expression())
            return self._binary(_OR)

    def _if(self, at: int) -> tree.Node:
        condition = self.expression()
        self.expect_word("then")
        consequence = self.expression()
        self.expect_word("else")
        return tree.If(at, condition, consequence, self.expression())

    def _bindings(self) -> tuple[tree.Binding, ...]:
        bindings = [self._binding()]
        while self.take(","):
            bindings.append(self._binding())
        return tuple(bindings)

    def _binding(self) -> tree.Binding:
        at = self.token.start
        name = self.declared_name(words=("in",))
        self.expect_word("in")
        source = self.expression()
        return tree.Binding(at, name, source, self.expression() if self.take("..") else None)

    # operators, weakest first

    def _binary(self, weakest: int) -> tree.Node:
        left = self._negation()
        while (level := self._level()) >= weakest:
            left = self._joined(left, level)
        return left

    def _level(self) -> int:
        token = self.token
        if token.kind == SYMBOL:
            return _LEVELS.get(token.text, 0)
        return _WORD_LEVELS.get(token.text, 0) if token.kind == NAME else 0

    def _joined(self, left: tree.Node, level: int) -> tree.Node:
        operator = self.advance().text
        if operator in _JOINERS:
            return _JOINERS[operator](self, left)
        right = self._binary(level + 1)
        if level == _COMPARISON:
            return tree.Comparison(left.position, operator, left, right)
        return tree.Arithmetic(left.position, operator, left, right)

    def _or(self, left: tree.Node) -> tree.Node:
        terms = [left, self._binary(_AND)]
        while self.take_word("or"):
            terms.append(self._binary(_AND))
        return tree.Disjunction(left.position, tuple(terms))

    def _and(self, left: tree.Node) -> tree.Node:
        terms = [left, self._binary(_COMPARISON)]
        while self.take_word("and"):
            terms.append(self._binary(_COMPARISON))
        return tree.Conjunction(left.position, tuple(terms))

    def _between(self, left: tree.Node) -> tree.Node:
        low = self._binary(_ADDITION)
        self.expect_word("and")
        return tree.Between(left.position, left, low, self._binary(_ADDITION))

    def _instance(self, left: tree.Node) -> tree.Node:
        self.expect_word("of")
        return tree.InstanceOf(left.position, left, parse_type(self))

    def _in(self, left: tree.Node) -> tree.Node:
        if not self.at_symbol("("):
            return tree.Membership(left.position, left, (self._test(lambda: self._binary(_ADDITION)),))
        at = self.advance().start
        with self.nested():
            first = self._test(self.expression)
            if self.take(".."):
                return tree.Membership(left.position, left, (self._upper_end(at, first, low_included=False),))
            tests = [first, *self._more_tests()]
            self.expect(")")
            return tree.Membership(left.position, left, tuple(tests))

    def _negation(self) -> tree.Node:
        signs = []
        while self.at_symbol("-"):
            signs.append(self.advance().start)
        operand = self._postfix()
        for at in reversed(signs):
            operand = tree.Negation(at, operand)
        return operand

    def _postfix(self) -> tree.Node:
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

    # operands

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
        if self.token.text in _COMPARATORS and self.token.kind == SYMBOL:
            return self._open_interval(at)
        node = self.expression()
        if self.take(".."):
            return self._upper_end(at, node, low_included=False)
        self.expect(")")
        return node

    def _open_interval(self, at: int) -> tree.Node:
        operator = self.advance().text
        end = self._binary(_ADDITION)
        self.expect(")")
        if operator == "=":
            return tree.Interval(at, end, end, low_included=True, high_included=True)
        if operator == "!=":
            raise self.error("区间不能用 != 表示", "!= makes no range")
        included = operator.endswith("=")
        if operator.startswith("<"):
            return tree.Interval(at, None, end, low_included=False, high_included=included)
        return tree.Interval(at, end, None, low_included=included, high_included=False)

    def _bracket(self, at: int) -> tree.Node:
        items: list[tree.Node] = []
        while not self.at_symbol("]"):
            items.append(self.expression())
            if len(items) == 1 and self.take(".."):
                return self._upper_end(at, items[0], low_included=True)
            if not self.take(","):
                break
        self.expect("]")
        return tree.ListLiteral(at, tuple(items))

    def _reversed_bracket(self, at: int) -> tree.Node:
        low = self.expression()
        self.expect("..")
        return self._upper_end(at, low, low_included=False)

    def _upper_end(self, at: int, low: tree.Node, *, low_included: bool) -> tree.Node:
        with self.nested(brackets_filter=False):
            high = self._binary(_ADDITION)
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

    # unary tests

    def unary_tests(self) -> tree.Node:
        """The cell of a decision table."""
        at = self.token.start
        if self.at_symbol("-") and self.peek(1).kind == END:
            self.advance()
            return tree.UnaryTests(at, (), negated=False)
        negated = self.is_wholly_negated()
        if negated:
            self.advance()
            self.expect("(")
        tests = [self._test(self.expression), *self._more_tests()]
        if negated:
            self.expect(")")
        return tree.UnaryTests(at, tuple(tests), negated)

    def _more_tests(self) -> Iterable[tree.Node]:
        while self.take(","):
            yield self._test(self.expression)

    def _test(self, operand: Callable[[], tree.Node]) -> tree.Node:
        at = self.token.start
        if self.token.kind == SYMBOL and self.token.text in _COMPARATORS:
            return tree.Comparator(at, self.advance().text, self._binary(_ADDITION))
        return operand()


_JOINERS: dict[str, Callable[[Parser, tree.Node], tree.Node]] = {
    "or": Parser._or,
    "and": Parser._and,
    "between": Parser._between,
    "in": Parser._in,
    "instance": Parser._instance,
}
_OPENERS: dict[str, Callable[[Parser, int], tree.Node]] = {
    "(": Parser._parenthesis,
    "[": Parser._bracket,
    "]": Parser._reversed_bracket,
    "{": Parser._context,
    "@": Parser._at_literal,
}
