"""However large or odd a drawing is, judging it ends soon and no rule falls over."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model import Diagram, Element, EventDefinition, Flow, MultiInstance, Process, Timer
from engine.model.diagram import FLOW_NODES, Passing, StandardLoop
from engine.model.lint import Known, lint_diagrams
from tests.kit.effort import calls

KNOWN = Known(posts={"vetter"}, forms={"vet": ({"opinion"}, {"forward", "back"})}, limits={"vet"})


def tangle(seed: int) -> Diagram:
    """As large as a diagram may be, every step writing and every flow asking."""
    dice = random.Random(seed)  # a drawing, not a secret
    kinds = ["parallelGateway", "inclusiveGateway", "exclusiveGateway", "userTask"]
    steps = [
        Element(f"s{number}", "", dice.choice(kinds), attributes={"formKey": "vet"}, outputs={"vetting": "outcome"})
        for number in range(300)
    ]
    flows = [
        Flow(f"f{n}", "", f"s{dice.randrange(300)}", f"s{dice.randrange(300)}", f'vetting = "x{n}" and w{n} > {n}')
        for n in range(600)
    ]
    return Diagram("whistle.bpmn", (Process("whistle", "", True, tuple(steps), tuple(flows)),))


def test_the_largest_tangle_is_judged_in_a_bounded_number_of_steps() -> None:
    found = list(lint_diagrams({"whistle.bpmn": tangle(7)}, KNOWN))
    assert len(found) > 100
    assert calls(lambda: list(lint_diagrams({"whistle.bpmn": tangle(7)}, KNOWN))) < 4_000_000


WORDS = st.sampled_from(
    ["", "a", "b", "c", "vet", "outcome", "${x}", "{a}@{b", "a@b", 'a = "x"', "1 +", "limit(a)", "哨"]
)
EVENTS = st.builds(
    EventDefinition,
    kind=st.sampled_from(["timer", "message", "signal", "link", "error", "compensate", "terminate", "?"]),
    name=WORDS,
    timer=st.none() | st.builds(Timer, st.sampled_from(["timeDate", "timeCycle", ""]), WORDS),
)
TABLES = st.dictionaries(
    st.sampled_from(["candidateGroups", "formKey", "dueDate", "topic", "a", "b"]), WORDS, max_size=3
)
PASSED = st.tuples(st.builds(Passing, WORDS, WORDS, WORDS, st.booleans()))
ELEMENTS = st.builds(
    Element,
    id=WORDS,
    name=WORDS,
    kind=st.sampled_from(sorted(FLOW_NODES)) | WORDS,
    scope=st.none() | WORDS,
    attributes=TABLES,
    properties=st.just({"other_than": "a,,b"}),
    inputs=TABLES,
    outputs=TABLES,
    ins=PASSED,
    outs=PASSED,
    events=st.tuples(EVENTS),
    multi_instance=st.none() | st.builds(MultiInstance, st.booleans(), *[WORDS] * 6),
    loop=st.none() | st.builds(StandardLoop, WORDS | st.sampled_from(["5", "٣", "²"]), WORDS),
    attached_to=st.none() | WORDS,
    default=st.none() | WORDS,
    called_element=WORDS,
)
FLOWS = st.builds(
    Flow, id=WORDS, name=WORDS, source=WORDS, target=WORDS, condition=st.none() | WORDS, scope=st.none() | WORDS
)
PROCESSES = st.builds(
    Process,
    id=WORDS,
    name=WORDS,
    executable=st.booleans(),
    elements=st.lists(ELEMENTS, max_size=6).map(tuple),
    flows=st.lists(FLOWS, max_size=8).map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PROCESSES, max_size=2), st.lists(WORDS, max_size=4))
def test_no_drawing_however_odd_makes_a_rule_fall_over(processes: list[Process], ids: list[str]) -> None:
    diagram = Diagram("a.bpmn", tuple(processes), ids=tuple(ids))
    for finding in lint_diagrams({"a.bpmn": diagram}, KNOWN):
        assert finding.message_zh
        assert finding.severity in {"error", "warning"}
