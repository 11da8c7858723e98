"""Small decision models for the tests, written as modelling tools write them."""

from html import escape

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="model" name="model" namespace="test">'


def model(*elements: str) -> bytes:
    return f"{HEAD}{''.join(elements)}</definitions>".encode()


def table(
    *rules: str,
    hit_policy: str = "UNIQUE",
    inputs: tuple[str, ...] = ("level", "amount"),
    outputs: tuple[str, ...] = ("result",),
    allowed: dict[str, str] | None = None,
    default: str = "",
    aggregation: str = "",
    requires: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    types: dict[str, str] | None = None,
    decision: str = "route",
) -> str:
    """A decision table. A rule is written `test | test => output | output`."""
    allowed, types = allowed or {}, types or {}
    columns = "".join(
        f'<input id="in{place}" label="{name}"><inputExpression{_type(types.get(name))}><text>{name}</text>'
        "</inputExpression>"
        f"{_values('inputValues', allowed.get(name))}</input>"
        for place, name in enumerate(inputs)
    )
    results = "".join(
        f'<output id="out{place}" name="{name}"{_type(types.get(name))}>{_values("outputValues", allowed.get(name))}'
        f"{_values('defaultOutputEntry', default)}</output>"
        for place, name in enumerate(outputs)
    )
    policy = f'hitPolicy="{hit_policy}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    rows = "".join(_rule(number, rule) for number, rule in enumerate(rules, 1))
    required = "".join(
        f'<informationRequirement><required{kind} href="#{name}"/></informationRequirement>'
        for kind, names in (("Decision", requires), ("Input", needs))
        for name in names
    )
    return (
        f'<decision id="{decision}" name="{decision}">{required}'
        f'<decisionTable id="table" {policy}>{columns}{results}{rows}</decisionTable></decision>'
    )


def input_data(name: str, type_ref: str = "") -> str:
    """An input, for `needs` of a decision."""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"{_type(type_ref)}/></inputData>'


def literal(decision: str, text: str, requires: tuple[str, ...] = (), knows: tuple[str, ...] = ()) -> str:
    """A decision that is one expression."""
    required = "".join(
        f'<informationRequirement><requiredDecision href="#{name}"/></informationRequirement>' for name in requires
    ) + "".join(f'<knowledgeRequirement><requiredKnowledge href="#{name}"/></knowledgeRequirement>' for name in knows)
    return (
        f'<decision id="{decision}" name="{decision}">{required}'
        f"<literalExpression><text>{escape(text)}</text></literalExpression></decision>"
    )


def _type(type_ref: str | None) -> str:
    return f' typeRef="{type_ref}"' if type_ref else ""


def _values(tag: str, text: str | None) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>" if text else ""


def _rule(number: int, rule: str) -> str:
    tests, _, results = rule.partition("=>")
    entries = "".join(f"<inputEntry><text>{escape(test.strip())}</text></inputEntry>" for test in tests.split("|"))
    entries += "".join(f"<outputEntry><text>{escape(text.strip())}</text></outputEntry>" for text in results.split("|"))
    return f'<rule id="rule{number}">{entries}</rule>'
