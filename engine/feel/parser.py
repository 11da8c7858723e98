"""Tokens to syntax tree, by recursive descent (DMN 1.5, clause 10.3.1.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.feel import tree
from engine.feel.budget import HEIGHT
from engine.feel.errors import FeelBudgetError
from engine.feel.lexer import END, NAME, SYMBOL
from engine.feel.operands import COMPARATORS, OperandParser
from engine.feel.types_parser import parse_type
from engine.feel.vocabulary import Vocabulary

_OR, _AND, _COMPARISON, _ADDITION, _MULTIPLICATION, _POWER = range(1, 7)
_LEVELS = {
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), _COMPARISON),
    **dict.fromkeys(("+", "-"), _ADDITION),
    **dict.fromkeys(("*", "/"), _MULTIPLICATION),
    "**": _POWER,
}
_WORD_LEVELS = {"or": _OR, "and": _AND, "between": _COMPARISON, "in": _COMPARISON, "instance": _COMPARISON}


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
    beyond = node.below(HEIGHT)
    if beyond is not None:
        raise FeelBudgetError("表达式嵌套过深", "The expression is nested too deeply").at(beyond.position)
    return node


class Parser(OperandParser):
    """One method for each kind of expression around the operands."""

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

    def sum(self) -> tree.Node:
        """An expression of arithmetic only."""
        return self._binary(_ADDITION)

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
        low = self.sum()
        self.expect_word("and")
        return tree.Between(left.position, left, low, self.sum())

    def _instance(self, left: tree.Node) -> tree.Node:
        self.expect_word("of")
        return tree.InstanceOf(left.position, left, parse_type(self))

    def _in(self, left: tree.Node) -> tree.Node:
        if not self.at_symbol("("):
            return tree.Membership(left.position, left, (self._test(self.sum),))
        at = self.advance().start
        with self.nested():
            first = self._test(self.expression)
            if not isinstance(first, tree.Comparator) and self.take(".."):
                return tree.Membership(left.position, left, (self.upper_end(at, first, low_included=False),))
            tests = [first, *self._more_tests()]
            self.expect(")")
            return tree.Membership(left.position, left, tuple(tests))

    def _negation(self) -> tree.Node:
        signs = []
        while self.at_symbol("-"):
            signs.append(self.advance().start)
        operand = self.operand()
        for at in reversed(signs):
            operand = tree.Negation(at, operand)
        return operand

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
        if self.token.kind == SYMBOL and self.token.text in COMPARATORS:
            return tree.Comparator(at, self.advance().text, self.sum())
        return operand()


_JOINERS: dict[str, Callable[[Parser, tree.Node], tree.Node]] = {
    "or": Parser._or,
    "and": Parser._and,
    "between": Parser._between,
    "in": Parser._in,
    "instance": Parser._instance,
}
