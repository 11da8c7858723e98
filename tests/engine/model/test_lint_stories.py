"""What policy staff meet when they draw: names they misspell, variables that travel, folders that are too much."""

from __future__ import annotations

from dataclasses import replace

from engine.model import Diagram, Element, Finding, Flow, MultiInstance, Process
from engine.model.diagram import Passing
from engine.model.lint import Known, lint, lint_diagrams
from tests.kit.diagrams import Node, a_diagram, a_folder, about, end, exclusive, service

KNOWN = Known(
    units={"whistle_office"},
    posts={"vetter", "triager"},
    forms={"vet": ({"opinion"}, {"forward", "back"}), "audit": ({"proof"}, {"accept", "rework"})},
    limits={"vet"},
    thresholds={"refusals"},
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


def test_a_threshold_is_not_taken_for_a_limit_nor_a_limit_for_a_threshold() -> None:
    asked = {"n": 'threshold("vet")', "m": 'threshold("refusal")', "ok": 'threshold("refusals")'}
    wrong = task(outputs=asked, attributes={"candidateGroups": "vetter@whistle_office", "dueDate": "refusals"})
    said = [finding.message_zh for finding in judged(drawn([wrong], "start>vet", "vet>end"), "unknown_limit")]
    assert [
        sentence.removeprefix("whistle.bpmn：用户任务“审核把关”（vet）").partition("。")[0] for sentence in said
    ] == [
        "把“refusals”用作时限，但它在 limits.toml 里是阈值（数字）",
        "把“vet”用作阈值，但它在 limits.toml 里是时限（时长）",
        "用到了没有登记的阈值“refusal”，您是不是想写“refusals”？",
    ]


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


def test_the_item_of_a_repeated_sub_process_is_known_to_the_steps_inside_it() -> None:
    several = MultiInstance(False, "[1, 2]", "unit", "", "")
    work = Element("work", "各单位", "subProcess", multi_instance=several)
    inside = (Element("begin", "开始", "startEvent", "work"), Element("finish", "结束", "endEvent", "work"))
    inner = task(scope="work", attributes={"candidateGroups": "vetter@{unit}"})
    steps = ("start>work", "work>end", "begin>vet", "vet>finish")
    assert judged(drawn([work, inner, *inside], *steps), "unwritten_name") == []


def test_what_a_call_hands_back_is_known_after_it_and_not_before() -> None:
    calls = Element("report_in", "报到", "callActivity", called_element="x", outs=(Passing("unit", source="solver"),))
    reader = task(attributes={"candidateGroups": "vetter@{unit}"})
    assert judged(drawn([calls, reader], "start>report_in", "report_in>vet", "vet>end"), "unwritten_name") == []
    assert len(judged(drawn([calls, reader], "start>vet", "vet>report_in", "report_in>end"), "unwritten_name")) == 1


def test_one_fault_is_reported_by_one_rule() -> None:
    about_ways = ("dead_end", "no_way_to_end", "orphan_node", "start_events")
    stuck = judged(drawn([task()], "start>vet"), *about_ways)
    assert [(finding.rule, finding.element_id) for finding in stuck] == [("dead_end", "vet"), ("orphan_node", "end")]
    (process,) = drawn([task()], "start>vet", "vet>end")["whistle.bpmn"].processes
    headless = replace(process, elements=process.elements[1:], flows=process.flows[1:])
    found = judged({"whistle.bpmn": Diagram("whistle.bpmn", (headless,))}, *about_ways)
    assert [finding.rule for finding in found] == ["start_events"]


def test_a_step_does_not_know_beforehand_what_it_writes_itself() -> None:
    early = task(outputs={"unit": "opinion"}, attributes={"candidateGroups": "vetter@{unit}", "formKey": "vet"})
    assert len(judged(drawn([early], "start>vet", "vet>end"), "unwritten_name")) == 1
    assert judged(drawn([early], "start>vet", "vet>vet", "vet>end"), "unwritten_name") == []


COLLECTED = MultiInstance(
    False, "[1, 2]", "unit", 'opinion = "no"', "", output_collection="opinions", output_element="opinion"
)


def test_what_is_collected_is_known_afterwards_and_what_each_leaves_is_not() -> None:
    asked = task("ask", multi_instance=COLLECTED, outputs={"opinion": "opinion"})
    reads = task("read", inputs={"all": "count(opinions)", "one": "opinion"})
    (found,) = judged(drawn([asked, reads], "start>ask", "ask>read", "read>end"), "unwritten_name")
    assert "的输入参数“one”用到了“opinion”" in found.message_zh


def test_what_is_collected_is_a_list() -> None:
    asked = task("ask", multi_instance=COLLECTED, outputs={"opinion": "opinion"})
    wrong = task("read", inputs={"sum": "opinions + 1"})
    (found,) = judged(drawn([asked, wrong], "start>ask", "ask>read", "read>end"), "feel_kinds")
    assert "列表" in found.message_zh


def test_two_branches_may_collect_what_bears_the_same_name_in_their_instances() -> None:
    def at_once(one: MultiInstance, other: MultiInstance) -> list[Finding]:
        split, join = Element("split", "分", "parallelGateway"), Element("join", "合", "parallelGateway")
        branches = [Element(id_, id_, "subProcess", multi_instance=loop) for id_, loop in (("a", one), ("b", other))]
        inner = [task(f"in_{each.id}", scope=each.id, outputs={"opinion": "opinion"}) for each in branches]
        flows = ("start>split", "split>a", "split>b", "a>join", "b>join", "join>end")
        return judged(drawn([split, join, *branches, *inner], *flows), "parallel_write")

    assert at_once(COLLECTED, replace(COLLECTED, output_collection="others")) == []
    (found,) = at_once(COLLECTED, COLLECTED)
    assert "“opinions”" in found.message_zh


def test_what_is_collected_must_be_written_somewhere_in_an_instance() -> None:
    def said(element: Element, *inside: Element) -> list[str]:
        found = judged(
            drawn([element, *inside], f"start>{element.id}", f"{element.id}>end"), "multi_instance_collection"
        )
        return [finding.message_zh.partition("）")[2] for finding in found]

    work = Element("work", "各单位", "subProcess", multi_instance=COLLECTED)
    never = ["的多实例要从每一份收集“opinion”，但里面没有哪一步写入它。请用输出参数（调用活动用传出）写入“opinion”。"]
    assert said(work, task(scope="work")) == never
    assert said(work, task(scope="work", outputs={"opinion": "opinion"})) == []
    assert said(replace(work, outputs={"opinion": "1"})) == []
    calls = Element("ask", "问", "callActivity", called_element="x", multi_instance=COLLECTED)
    assert said(calls) == never
    assert said(replace(calls, outs=(Passing("opinion", source="result"),))) == []
    assert said(replace(calls, outs=(Passing("", everything=True),))) == []


def test_the_counters_of_a_repetition_are_known_to_its_completion_condition_only() -> None:
    several = MultiInstance(False, "[1, 2]", "unit", "nrOfCompletedInstances > 1 or done", "")
    right = task(multi_instance=several, outputs={"done": "opinion"})
    wrong = task(multi_instance=several, outputs={"done": "opinion", "number": "loopCounter"})
    assert judged(drawn([right], "start>vet", "vet>end"), "unwritten_name") == []
    assert len(judged(drawn([wrong], "start>vet", "vet>end"), "unwritten_name")) == 1


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


def test_a_variable_that_is_written_in_two_kinds_is_not_judged() -> None:
    tasks = [task("vet", outputs={"x": "outcome"}), task("again", outputs={"x": "1"})]
    flows = ("start>vet", "vet>again", "again>choose", "choose>end if x > 5", "choose>end")
    assert judged(drawn(tasks, *flows), "feel_kinds") == []
    assert len(judged(drawn(tasks[:1], *flows[:1], "vet>choose", *flows[3:]), "feel_kinds")) == 1


def test_what_a_table_writes_is_not_judged() -> None:
    attributes = {"decisionRef": "responder", "resultVariable": "vetting"}
    table = Element("look", "查表", "businessRuleTask", attributes=attributes)
    flows = ("start>vet", "vet>look", "look>choose", "choose>end if vetting > 5", "choose>end")
    assert judged(drawn([task("vet", outputs={"vetting": "outcome"}), table], *flows), "feel_kinds") == []


def test_a_condition_that_is_no_yes_or_no_is_found_wherever_conditions_stand() -> None:
    several = MultiInstance(False, "units", "unit", "1 + 1", "")
    (found,) = judged(drawn([task("vet", multi_instance=several)], "start>vet", "vet>end"), "feel_kinds")
    assert "的完成条件“1 + 1”得出的是数字，不是“是”或“否”" in found.message_zh


def begun_by(signal: str, flows: str, *nodes: Node, id: str) -> str:
    return a_diagram(flows, Node("start", "startEvent", "", about("signal", signal)), *nodes, id=id)


def test_two_processes_that_begin_each_other_at_once_would_never_stop() -> None:
    ping = begun_by("ping", "start -> pong", end("pong", about("signal", "pong")), id="one")
    pong = begun_by(
        "pong", "start -> again -> ping", service("again", "x"), end("ping", about("signal", "ping")), id="two"
    )
    found = [each for each in lint(a_folder(ping, pong), KNOWN) if each.rule == "endless_start"]
    assert [(each.file, each.element_id) for each in found] == [("one.bpmn", "pong"), ("two.bpmn", "ping")]
    assert not [each for each in lint(a_folder(ping), KNOWN) if each.rule == "endless_start"]


def test_a_process_may_begin_its_like_when_a_gateway_says_so() -> None:
    ringing = begun_by(
        "ping",
        "start -> more; more -> ping if n > 1; more -> done",
        exclusive("more", "done"),
        end("ping", about("signal", "ping")),
        id="one",
    )
    assert not [each for each in lint(a_folder(ringing), KNOWN) if each.rule == "endless_start"]
