"""The diagram in words."""

from __future__ import annotations

from web.drawing import ElementState, steps_as_text


def flow(identity: str, source: str, target: str) -> str:
    return f'<sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}"/>'


def test_steps_come_in_flow_order_with_sub_process_steps_after_their_own(sample):
    steps = {step.id: place for place, step in enumerate(steps_as_text(sample, {}))}
    order = (
        "start propose vet pick_responder assign_number triage notify_units respond report_in sum_up audit rate closed"
    )
    places = [steps[name] for name in order.split()]
    assert places == sorted(places)


def test_a_rework_loop_does_not_turn_the_order_round(diagram_of, shape_of):
    elements = (
        '<startEvent id="s"/><userTask id="do" name="办理"/><userTask id="check" name="审核"/><endEvent id="e"/>'
        + flow("1", "s", "do")
        + flow("2", "do", "check")
        + flow("3", "check", "do")
        + flow("4", "check", "e")
    )
    # laid out against the flow, so that the order cannot come from the picture
    layout = shape_of("s", 900) + shape_of("do", 600) + shape_of("check", 300) + shape_of("e", 0)
    assert [step.id for step in steps_as_text(diagram_of(elements, layout), {})] == ["do", "check"]


def test_a_step_says_its_lane_its_depth_and_its_state(sample):
    states = {"report_in": ElementState("late", 3, "住建局、水务局办理中"), "vet": ElementState("done")}
    steps = {step.id: step for step in steps_as_text(sample, states)}
    assert steps["vet"].sentence == "审核把关（乡镇（街道））：已办"
    assert steps["report_in"].sentence == "各单位报到办理：超期，3 次。住建局、水务局办理中"
    assert (steps["report_in"].depth, steps["report_in"].state) == (1, "late")
    assert (steps["audit"].state, steps["audit"].words) == ("todo", "未到")


def test_gateways_and_nameless_events_are_told_only_when_something_is_known_of_them(sample):
    assert "vetted" not in {step.id for step in steps_as_text(sample, {})}
    assert "vetted" in {step.id for step in steps_as_text(sample, {"vetted": ElementState("done")})}


def test_steps_no_flow_leads_to_are_still_told(diagram_of, shape_of):
    elements = '<startEvent id="s"/><task id="a" name="甲"/><task id="island" name="孤岛"/>' + flow("1", "s", "a")
    layout = shape_of("s", 100) + shape_of("a", 300) + shape_of("island", 0)
    assert [step.id for step in steps_as_text(diagram_of(elements, layout), {})] == ["a", "island"]


def test_a_chain_of_two_thousand_steps_does_not_exhaust_the_stack(diagram_of, shape_of):
    names = [f"t{number}" for number in range(2000)]
    elements = "".join(f'<task id="{name}"/>' for name in names)
    elements += "".join(flow(f"f{name}", name, f"t{number + 1}") for number, name in enumerate(names[:-1]))
    layout = "".join(shape_of(name, 10 * number) for number, name in enumerate(names))
    assert [step.id for step in steps_as_text(diagram_of(elements, layout), {})] == names
