"""Models with several decisions, other boxed expressions, and files that must not be trusted."""

from decimal import Decimal

import pytest

from engine.dmn import DecisionsCircular, DmnTooLarge, DmnUnreadable, invoke, read_decisions, read_model
from engine.feel import FeelSyntaxError
from tests.engine.dmn.models import HEAD, input_data, literal, model, table

KNOWLEDGE = """
<businessKnowledgeModel id="fee" name="fee"><encapsulatedLogic>
  <formalParameter name="days" typeRef="number"/>
  <literalExpression><text>days * 10</text></literalExpression>
</encapsulatedLogic></businessKnowledgeModel>"""


def value(xml: bytes, decision: str, **values: object) -> object:
    return read_decisions(xml)[decision].evaluate(values)


def test_a_decision_uses_those_it_requires() -> None:
    xml = model(
        literal("risk", 'if amount > 100 then "high" else "low"'),
        table('"high" => "mayor"', '"low" => "clerk"', inputs=("risk",), requires=("risk",)),
    )
    assert read_decisions(xml)["route"].decide({"amount": 500}) == [{"result": "mayor"}]


def test_a_required_decision_is_worked_out_once_and_hides_a_value_of_its_name() -> None:
    xml = model(literal("a", "1"), literal("b", "a + 1", requires=("a",)), literal("c", "a + b", requires=("a", "b")))
    assert value(xml, "c", a=100) == 3


def test_knowledge_is_called_like_a_function() -> None:
    xml = model(KNOWLEDGE, literal("cost", "fee(days) + fee(days: 1)", knows=("fee",)))
    assert value(xml, "cost", days=3) == 40
    assert value(xml, "cost", days="three") is None


def test_decisions_that_wait_for_each_other_are_an_error() -> None:
    xml = model(literal("a", "b", requires=("b",)), literal("b", "a", requires=("a",)))
    with pytest.raises(DecisionsCircular):
        value(xml, "a")


def test_a_literal_decision_decides_under_its_own_name() -> None:
    decisions = read_decisions(model(literal("n", "1 + 1"), literal("rows", "[{a: 1}, {a: 2}]")))
    assert decisions["n"].decide({}) == [{"n": Decimal(2)}]
    assert decisions["rows"].decide({}) == [{"a": Decimal(1)}, {"a": Decimal(2)}]


BOXED = {
    "<context><contextEntry><variable name='a b'/><literalExpression><text>2</text></literalExpression></contextEntry>"
    "<contextEntry><literalExpression><text>a b * 3</text></literalExpression></contextEntry></context>": Decimal(6),
    "<list><literalExpression><text>1</text></literalExpression></list>": [Decimal(1)],
    "<relation><column name='k'/><row><literalExpression><text>1</text></literalExpression></row></relation>": [
        {"k": Decimal(1)}
    ],
    "<conditional><if><literalExpression><text>1 = 1</text></literalExpression></if>"
    "<then><literalExpression><text>1</text></literalExpression></then>"
    "<else><literalExpression><text>2</text></literalExpression></else></conditional>": Decimal(1),
    "<filter><in><literalExpression><text>[1, 2, 3]</text></literalExpression></in>"
    "<match><literalExpression><text>item > 2</text></literalExpression></match></filter>": [Decimal(3)],
    "<for iteratorVariable='i'><in><literalExpression><text>1..2</text></literalExpression></in>"
    "<return><literalExpression><text>i</text></literalExpression></return></for>": None,
    "<for iteratorVariable='i j'><in><literalExpression><text>[1, 2]</text></literalExpression></in>"
    "<return><literalExpression><text>i j + count(partial)</text></literalExpression></return></for>": [
        Decimal(1),
        Decimal(3),
    ],
    "<some iteratorVariable='i'><in><literalExpression><text>[1, 2]</text></literalExpression></in>"
    "<satisfies><literalExpression><text>i = 2</text></literalExpression></satisfies></some>": True,
    "<every iteratorVariable='i'><in><literalExpression><text>[1, 2]</text></literalExpression></in>"
    "<satisfies><literalExpression><text>i = 2</text></literalExpression></satisfies></every>": False,
    "<context><contextEntry><variable name='twice'/><functionDefinition><formalParameter name='n' typeRef='number'/>"
    "<literalExpression><text>n * 2</text></literalExpression></functionDefinition></contextEntry>"
    '<contextEntry><literalExpression><text>[twice(2), twice("x")]</text></literalExpression></contextEntry>'
    "</context>": [Decimal(4), None],
    "<context><contextEntry><variable name='a' typeRef='number'/><literalExpression><text>\"x\"</text>"
    "</literalExpression></contextEntry></context>": {"a": None},
    "<functionDefinition kind='Java'><literalExpression><text>{class: 1}</text></literalExpression>"
    "</functionDefinition>": "nothing",
    "<invocation><literalExpression><text>fee</text></literalExpression><binding><parameter name='days'/>"
    "<literalExpression><text>2</text></literalExpression></binding></invocation>": Decimal(20),
}


@pytest.mark.parametrize("boxed", BOXED, ids=lambda boxed: boxed[1:].split(">")[0])
def test_boxed_expressions_give_their_values(boxed: str) -> None:
    requirement = '<knowledgeRequirement><requiredKnowledge href="#fee"/></knowledgeRequirement>'
    xml = model(KNOWLEDGE, f'<decision id="d" name="d">{requirement}{boxed}</decision>')
    if BOXED[boxed] == "nothing":
        assert value(xml, "d") is None
    elif BOXED[boxed] is None:
        with pytest.raises(FeelSyntaxError):
            value(xml, "d")
    else:
        assert value(xml, "d") == BOXED[boxed]


SERVICE = """
<decisionService id="s" name="s"><outputDecision href="#total"/>{more}<encapsulatedDecision href="#rate"/>
<inputDecision href="#risk"/><inputData href="#amount"/></decisionService>"""


def served(more: str = "") -> bytes:
    needs = '<informationRequirement><requiredInput href="#amount"/></informationRequirement>'
    rate = (
        f'<decision id="rate" name="rate">{needs}<literalExpression><text>amount / 100</text></literalExpression>'
        "</decision>"
    )
    return model(
        input_data("amount", "number"),
        literal("risk", "1000"),
        rate,
        literal("total", "rate + risk", requires=("rate", "risk")),
        SERVICE.format(more=more),
        literal("caller", "s(5, 300)", knows=("s",)),
    )


def test_a_service_is_called_with_its_inputs_and_input_decisions() -> None:
    assert value(served(), "total", amount=300) == 1003
    assert value(served(), "caller") == 300 + Decimal("0.05")
    assert invoke(read_model(served()), "s", {"amount": 300, "risk": 5}) == 8


def test_a_service_of_several_outputs_gives_a_context() -> None:
    several = read_model(served('<outputDecision href="#rate"/>'))
    assert invoke(several, "s", {"amount": 300, "risk": 5}) == {"total": 8, "rate": 3}


def test_a_service_takes_only_what_fits_its_types() -> None:
    assert invoke(read_model(served()), "s", {"amount": "much", "risk": 5}) is None


def test_types_of_the_model_coerce_and_refuse() -> None:
    level = '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>'
    xml = model(
        f"{level}</itemDefinition>",
        '<inputData id="l" name="level"><variable name="level" typeRef="tLevel"/></inputData>',
        '<decision id="d" name="d"><informationRequirement><requiredInput href="#l"/></informationRequirement>'
        "<literalExpression><text>level</text></literalExpression></decision>",
    )
    assert value(xml, "d", level="a") == "a"
    assert value(xml, "d", level=["b"]) == "b"
    assert value(xml, "d", level="c") is None


def test_one_model_imports_another() -> None:
    library = model(literal("tax", "0.5")).replace(b'namespace="test"', b'namespace="library"')
    main = model(
        '<import name="lib" namespace="library" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        '<decision id="d" name="d"><informationRequirement><requiredDecision href="library#tax"/>'
        "</informationRequirement><literalExpression><text>lib.tax * 2</text></literalExpression></decision>",
    )
    assert read_decisions(main, imports=[library])["d"].evaluate({}) == 1


ENTITY = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    b'<!DOCTYPE d [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;") for n in range(9))
    + b"]>"
)


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"no xml",
        b"<definitions>",
        b"<other/>",
        ENTITY + b"<definitions>&x;</definitions>",
        LAUGHS + b"<definitions>&a8;</definitions>",
        b"<!DOCTYPE definitions>" + HEAD.encode() + b"</definitions>",
        ("<!DOCTYPE definitions>" + HEAD + "</definitions>").encode("utf-16"),
        HEAD.encode() + b"<list>" * 5000 + b"</list>" * 5000 + b"</definitions>",
    ],
    ids=["empty", "text", "open", "other", "entity", "laughs", "doctype", "utf-16", "deep"],
)
def test_a_file_that_is_broken_or_hostile_is_refused(xml: bytes) -> None:
    with pytest.raises((DmnUnreadable, DmnTooLarge)):
        read_decisions(xml)


def test_a_giant_file_is_refused_unread() -> None:
    with pytest.raises(DmnTooLarge):
        read_decisions(b" " * 2_000_001)


def test_boxed_expressions_nested_as_deep_as_xml_may_go_do_no_harm() -> None:
    nested = "<list>" * 200 + "</list>" * 200
    assert read_decisions(model(f'<decision id="d" name="d">{nested}</decision>'))["d"].evaluate({}) is not None
