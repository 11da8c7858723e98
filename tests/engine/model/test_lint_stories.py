"""What policy staff meet when they draw: names they misspell, variables that travel, folders that are too much."""

from __future__ import annotations

import random
import time
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model import Diagram, Element, EventDefinition, Finding, Flow, MultiInstance, Process, Timer
from engine.model.diagram import FLOW_NODES, Passing, StandardLoop
from engine.model.lint import Known, lint, lint_diagrams

KNOWN = Known(
    units={"whistle_office"},
    posts={"vetter", "triager"},
    forms={"vet": ({"opinion"}, {"forward", "back"}), "audit": ({"proof"}, {"accept", "rework"})},
    limits={"vet"},
    given={"township"},
)
SENT_ON = 'vetting = "forward"'


def task(id_: str = "vet", **changes: object) -> Element:
    groups = {"candidateGroups": "vetter@{township}", "formKey": "vet", "dueDate": "vet"}
    return replace(Element(id_, "审核把关", "userTask", attributes=groups), **changes)  # type: ignore[arg-type]  # any field


def keeping(id_: str, form: str) -> Element:
    written = task(id_, outputs={"vetting": "outcome"})
    return replace(written, attributes={**written.attributes, "formKey": form})


def drawn(elements: list[Element], *flows: str, id_: str = "whistle") -> dict[str, Diagram]:
    """One file: the elements, a start, an end and a gateway `choose`, joined by flows like `a>b` or `a>b if x = 1`."""
    around = [Element("start", "开始", "startEvent"), Element("end", "结束", "endEvent")]
    if any("choose" in flow for flow in flows):
        around.append(Element("choose", "怎么办？", "exclusiveGateway", default="choose_end"))
    process = Process(id_, "吹哨", executable=True, elements=(*around, *elements), flows=tuple(map(line, flows)))
    return {f"{id_}.bpmn": Diagram(f"{id_}.bpmn", (process,))}


def line(text: str) -> Flow:
    ends, _, condition = text.partition(" if ")
    source, _, target = ends.partition(">")
    return Flow(f"{source}_{target}", "", source, target, condition or None)


def judged(diagrams: dict[str, Diagram], *rules: str, known: Known = KNOWN) -> list[Finding]:
    return [finding for finding in lint_diagrams(diagrams, known) if finding.rule in rules]


def test_a_misspelt_post_is_answered_with_the_one_that_was_meant() -> None:
    wrong = task(attributes={"candidateGroups": "veter@whistle_ofice", "formKey": "vett", "dueDate": "vett"})
    found = judged(
        drawn([wrong], "start>vet", "vet>end"), "unknown_post", "unknown_unit", "unknown_form", "unknown_limit"
    )
    said = {
        finding.rule: finding.message_zh.removeprefix("whistle.bpmn：用户任务“审核把关”（vet）") for finding in found
    }
    assert said == {
        "unknown_post": "用到了没有登记的岗位“veter”，您是不是想写“vetter”？",
        "unknown_unit": "用到了没有登记的单位“whistle_ofice”，您是不是想写“whistle_office”？",
        "unknown_form": "用到了没有登记的表单“vett”，您是不是想写“vet”？",
        "unknown_limit": "用到了没有登记的时限“vett”，您是不是想写“vet”？",
    }


def test_a_name_like_no_other_is_answered_with_what_to_do() -> None:
    wrong = task(attributes={"candidateGroups": "zzz@whistle_office"})
    (found,) = judged(drawn([wrong], "start>vet", "vet>end"), "unknown_post")
    assert found.message_en.endswith("uses the unknown post “zzz”; declare this post first, or use a declared one.")


def test_a_flow_is_named_by_the_steps_it_joins() -> None:
    (found,) = judged(drawn([task()], "start>vet", f"vet>end if {SENT_ON}"), "condition_on_task_flow")
    assert "（vet_end，从“审核把关”到“结束”）" in found.message_zh
    assert "from “审核把关” to “结束”" in found.message_en


def test_what_a_caller_passes_in_is_known_in_the_called_process() -> None:
    calls = Element(
        "report_in", "报到", "callActivity", called_element="report_in", ins=(Passing("unit", source="township"),)
    )
    inner = task(attributes={"candidateGroups": "vetter@{unit}", "formKey": "vet", "dueDate": "vet"})
    called = drawn([inner], "start>vet", "vet>end", id_="report_in")
    assert judged(drawn([calls], "start>report_in", "report_in>end") | called, "unwritten_name") == []
    (found,) = judged(called, "unwritten_name")
    assert "“unit”" in found.message_zh


def test_a_caller_that_passes_everything_leaves_nothing_to_check() -> None:
    calls = Element(
        "report_in", "报到", "callActivity", called_element="report_in", ins=(Passing("", everything=True),)
    )
    inner = task(attributes={"candidateGroups": "vetter@{anything}"})
    called = drawn([inner], "start>vet", "vet>end", id_="report_in")
    assert judged(drawn([calls], "start>report_in", "report_in>end") | called, "unwritten_name") == []


def test_the_item_of_a_collection_is_known_inside_and_the_collection_must_be_written() -> None:
    several = MultiInstance(False, "units", "unit", "nrOfCompletedInstances > 1", "")
    inner = task(multi_instance=several, attributes={"candidateGroups": "vetter@{unit}"})
    (found,) = judged(drawn([inner], "start>vet", "vet>end"), "unwritten_name")
    assert "“units”" in found.message_zh


def test_a_form_offers_its_fields_and_its_outcome_to_its_own_outputs_only() -> None:
    kept = task(outputs={"reason": "opinion", "vetting": "outcome"})
    assert judged(drawn([kept], "start>vet", "vet>end"), "unwritten_name") == []
    (found,) = judged(
        drawn([kept], "start>vet", "vet>choose", "choose>vet if opinion = null", "choose>end"), "unwritten_name"
    )
    assert "“opinion”" in found.message_zh


def test_the_form_of_the_task_that_wrote_last_is_the_one_that_counts() -> None:
    steps = ["start>vet", "vet>audit", "audit>choose", "choose>end"]
    both = [keeping("vet", "vet"), keeping("audit", "audit")]
    assert judged(drawn(both, *steps, 'choose>audit if vetting = "rework"'), "unknown_outcome") == []
    (found,) = judged(drawn(both, *steps, 'choose>audit if vetting = "forward"'), "unknown_outcome")
    assert "accept、rework" in found.message_zh


def test_two_tasks_that_may_have_written_it_offer_the_outcomes_of_both() -> None:
    both = [keeping("vet", "vet"), keeping("audit", "audit"), Element("split", "谁办？", "exclusiveGateway")]
    steps = ["start>split", "split>vet if a", "split>audit", "vet>choose", "audit>choose", "choose>end"]
    assert judged(drawn(both, *steps, 'choose>vet if vetting in ("rework", "back")'), "unknown_outcome") == []


def test_a_variable_written_by_something_else_is_not_held_to_the_form() -> None:
    made = task(outputs={"vetting": 'if outcome = "back" then "no" else "yes"'})
    assert (
        judged(
            drawn([made], "start>vet", "vet>choose", 'choose>vet if vetting = "no"', "choose>end"), "unknown_outcome"
        )
        == []
    )


def test_outcomes_handed_to_another_process_may_be_told_apart_there() -> None:
    calls = Element("report_in", "报到", "callActivity", ins=(Passing("vetting", source="vetting"),))
    steps = ("start>vet", "vet>report_in", "report_in>end")
    assert judged(drawn([keeping("vet", "vet"), calls], *steps), "unread_outcome") == []
    assert len(judged(drawn([keeping("vet", "vet")], "start>vet", "vet>end"), "unread_outcome")) == 1


def test_a_boundary_event_may_interrupt_a_multi_instance_user_task() -> None:
    several = task(multi_instance=MultiInstance(False, "units", "unit", "", ""))
    late = Element("late", "到期", "boundaryEvent", attached_to="vet", events=(EventDefinition("timer"),))
    steps = ("start>vet", "vet>end", "late>end")
    assert judged(drawn([several, late], *steps), "boundary_on_multi_instance", "multi_instance_not_embedded") == []


def test_errors_come_before_warnings_file_by_file() -> None:
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="{0}" isExecutable="true">'
    body = '<startEvent id="start"/><userTask id="vet"/></process></definitions>'
    findings = lint({f"{name}.bpmn": (head.format(name) + body).encode() for name in ("b", "a")}, KNOWN)
    assert [finding.file for finding in findings] == sorted(finding.file for finding in findings)
    severities = [finding.severity for finding in findings if finding.file == "a.bpmn"]
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}


def test_one_rule_does_not_say_the_same_thing_a_thousand_times() -> None:
    many = [Element(f"task_{number}", "", "userTask") for number in range(200)]
    assert len(judged(drawn(many, "start>end"), "missing_name")) == 50


def test_a_long_name_does_not_make_an_endless_sentence() -> None:
    (found,) = judged(drawn([task(name="审" * 10_000, attributes={})], "start>vet", "vet>end"), "task_without_form")
    assert len(found.message_zh) < 1_000


def tangle(seed: int) -> dict[str, Diagram]:
    """As large as a diagram may be, every step writing and every flow asking."""
    dice = random.Random(seed)  # a drawing, not a secret
    kinds = ["parallelGateway", "inclusiveGateway", "exclusiveGateway", "userTask"]
    steps = [replace(keeping(f"s{number}", "vet"), kind=dice.choice(kinds)) for number in range(297)]
    ends = [f"s{dice.randrange(297)}>s{dice.randrange(297)}" for _ in range(597)]
    flows = [f'{pair} if vetting = "x{number}" and w{number} > {number}' for number, pair in enumerate(ends)]
    return drawn(steps, "start>s0", "s1>end", *flows)


def test_the_largest_tangle_is_judged_within_a_second() -> None:
    list(lint_diagrams(drawn([task()], "start>vet"), KNOWN))  # the rules are loaded once
    begun = time.process_time()
    found = list(lint_diagrams(tangle(7), KNOWN))
    assert time.process_time() - begun < 1
    assert len(found) > 100


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
    multi_instance=st.none() | st.builds(MultiInstance, st.booleans(), WORDS, WORDS, WORDS, WORDS),
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
