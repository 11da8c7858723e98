"""Models made to do harm, or simply broken, are refused or decided; nothing but an error of ours comes out."""

import random
import re

import pytest

from engine.dmn import read_decisions
from engine.errors import Rejected
from engine.feel import Budget, FeelBudgetError
from tests.engine.dmn.models import input_data, literal, model, table
from tests.engine.dmn.test_models import BOXED, KNOWLEDGE
from tests.engine.feel.bombs import HARMLESS, TOO_MUCH
from tests.engine.feel.test_fuzz import mutated

MUTATIONS = 1500


def knowledge(name: str, text: str, *knows: str) -> str:
    links = (f'<requiredKnowledge href="#{each}"/>' for each in knows)
    required = "".join(f"<knowledgeRequirement>{link}</knowledgeRequirement>" for link in links)
    logic = f'<formalParameter name="n"/><literalExpression><text>{text}</text></literalExpression>'
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><encapsulatedLogic>{logic}</encapsulatedLogic>{required}'
        "</businessKnowledgeModel>"
    )


def nested(tag: str, depth: int, inside: str) -> str:
    """Boxed loops within boxed loops, each over a hundred numbers."""
    hundred = "<in><literalExpression><text>for x in 1..100 return x</text></literalExpression></in>"
    body = f"<literalExpression><text>{inside}</text></literalExpression>"
    for level in range(depth):
        parts = f"{hundred}<return>{body}</return><satisfies>{body}</satisfies>"
        body = f'<{tag} iteratorVariable="i{level}">{parts}</{tag}>'
    return f'<decision id="route" name="route">{body}</decision>'


TOO_MUCH_TO_DECIDE = {
    "knowledge that calls itself": (knowledge("f", "f(n + 1)", "f"), literal("route", "f(1)", knows=("f",))),
    "knowledge in a circle": (
        knowledge("f", "g(n)", "g"),
        knowledge("g", "f(n)", "f"),
        literal("route", "f(1)", knows=("f",)),
    ),
    "a chain of decisions": tuple(
        literal("route" if n == 0 else f"d{n}", f"d{n + 1} + 1", requires=(f"d{n + 1}",)) for n in range(2000)
    ),
    "loops within loops": (nested("for", 4, "i0 * i1"),),
    "a search within searches": (nested("some", 4, "i0 &lt; 0"),),
    "a table that collects without end": (
        table(*("- | - => for i in 1..900 return i" for _ in range(200)), hit_policy="COLLECT"),
    ),
    "a long table of costly cells": (
        table(*("some i in 1..900 satisfies i = ? | - => 1" for _ in range(200)), hit_policy="COLLECT"),
    ),
}


@pytest.mark.parametrize("elements", TOO_MUCH_TO_DECIDE.values(), ids=TOO_MUCH_TO_DECIDE.keys())
def test_a_model_that_asks_for_too_much_is_refused(elements: tuple[str, ...]) -> None:
    decision = read_decisions(model(*elements))["route"]
    decision.check()
    with pytest.raises(Rejected):
        decision.decide({"level": "x", "amount": 1})


def test_a_table_of_a_thousand_rules_is_checked_and_decided() -> None:
    rules = [f'"{n}" | [{n}..{n + 1}) => {n}' for n in range(1000)]
    decision = read_decisions(model(table(*rules)))["route"]
    assert {finding.severity for finding in decision.check()} <= {"note", "warning"}
    assert decision.decide({"level": "999", "amount": 999}) == [{"result": 999}]


@pytest.mark.parametrize("text", [*TOO_MUCH.values(), *HARMLESS.values()], ids=[*TOO_MUCH, *HARMLESS])
def test_every_bomb_may_stand_in_a_cell_or_a_result(text: str) -> None:
    text = text.replace("|", "/").replace("=>", "=")
    decision = read_decisions(model(table(f"{text} | - => 1", f"- | - => {text}", hit_policy="COLLECT")))["route"]
    assert all(len(finding.message_zh) < 400 for finding in decision.check())
    try:
        decision.decide({"level": 1}, budget=Budget(steps=10_000, seconds=0.05))
    except Rejected as refused:
        assert refused.sentence


def test_a_budget_is_one_for_the_whole_decision() -> None:
    xml = model(literal("a", "count(for i in 1..900 return i)"), literal("route", "a + a", requires=("a",)))
    decision = read_decisions(xml)["route"]
    assert decision.evaluate({}, budget=Budget(steps=1500)) == 1800
    with pytest.raises(FeelBudgetError):
        decision.evaluate({}, budget=Budget(steps=500))


TEXT = re.compile(r"(?<=<text>)[^<]*(?=</text>)")
WORD = re.compile(r'(?<==")[^"]*(?=")')
WORDS = ("", "number", "string", "route", "#route", "UNIQUE", "OUTPUT ORDER", "COLLECT", "SUM", "Java", "amount", "吹")
MODELS = [
    model(input_data("level", "string"), table('"x" | > 5 => 1', '- | - => amount * 2', needs=("level",))),
    model(literal("a", "1"), table('"x" | - => a', hit_policy="PRIORITY", requires=("a",), allowed={"result": "1, 2"})),
    *(model(KNOWLEDGE, f'<decision id="route" name="route">{boxed}</decision>') for boxed in BOXED),
]  # fmt: skip


def escaped(text: str) -> str:
    kept = "".join(letter for letter in text if letter.isprintable() or letter == "\n")
    return kept.replace("&", "&amp;").replace("<", "&lt;")


def test_mutated_models_are_survived() -> None:
    chance = random.Random(20261120)
    for _ in range(MUTATIONS):
        xml = chance.choice(MODELS).decode()
        place = chance.choice([*TEXT.finditer(xml), *WORD.finditer(xml)])
        new = escaped(mutated(chance)) if place.re is TEXT else chance.choice(WORDS)
        survives(xml[: place.start()] + new + xml[place.end() :])


def survives(xml: str) -> None:
    try:
        for decision in read_decisions(xml.encode()).values():
            assert all(finding.message_zh and finding.message_en for finding in decision.check())
            decision.decide({"level": "x", "amount": 7}, budget=Budget(steps=5000, seconds=0.05))
    except Rejected as refused:
        assert refused.sentence
        assert refused.english
