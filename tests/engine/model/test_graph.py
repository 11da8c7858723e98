"""Tokens go along flows, from an activity to its boundary events, and through the borders of sub-processes."""

from __future__ import annotations

from engine.model import Element, Flow, Process
from engine.model.graph import Graph, WholeProcess, reach


def drawn(*flows: str, scope: dict[str, str] | None = None, boundary: dict[str, str] | None = None) -> Process:
    """A process of flows like `a>b`; start…, end… and work… have the kind their id begins with."""
    inside, attached = scope or {}, boundary or {}
    pairs = [tuple(flow.split(">")) for flow in flows]
    ids = dict.fromkeys([*(id_ for pair in pairs for id_ in pair), *attached])
    elements = tuple(Element(i, i, _kind(i), inside.get(i), attached_to=attached.get(i)) for i in ids)
    lines = tuple(Flow(f"{a}_{b}", "", a, b, None, inside.get(a)) for a, b in pairs)
    return Process("p", "p", executable=True, elements=elements, flows=lines)


def _kind(id_: str) -> str:
    kinds = {"start": "startEvent", "end": "endEvent", "work": "subProcess"}
    return next((kind for begin, kind in kinds.items() if id_.startswith(begin)), "userTask")


REWORK = drawn("start>a", "a>b", "b>a", "b>end")
NESTED = drawn(
    "start>work", "work>c", "c>end", "start_in>a", "a>end_in", scope={"start_in": "work", "a": "work", "end_in": "work"}
)


def test_what_can_be_reached_and_what_only_through_a_step() -> None:
    steps = Graph(REWORK, None).steps
    assert reach(steps, ["start"]) == {"start", "a", "b", "end"}
    assert reach(steps, ["start"], without=frozenset({"b"})) == {"start", "a"}


def test_a_step_of_a_rework_loop_goes_round() -> None:
    graph = Graph(REWORK, None)
    assert {e.id for e in graph.elements.values() if graph.goes_round(e)} == {"a", "b"}


def test_a_boundary_event_follows_the_activity_it_sits_on() -> None:
    graph = Graph(drawn("start>a", "a>end", "late>end", boundary={"late": "a"}), None)
    assert "late" in reach(graph.steps, ["start"])


def test_each_scope_is_a_graph_of_its_own() -> None:
    assert set(Graph(NESTED, "work").elements) == {"start_in", "a", "end_in"}
    assert Graph(NESTED, "work").starts == ("start_in",)
    assert "a" not in reach(Graph(NESTED, None).steps, ["start"])


def test_the_whole_process_leads_through_a_sub_process_and_not_past_it() -> None:
    whole = WholeProcess(NESTED)
    assert whole.upstream("c") == {"start", "work", "start_in", "a", "end_in"}
    assert "end" not in reach(whole.steps, whole.starts, without=frozenset({"a"}))


def test_a_step_is_upstream_of_itself_only_on_a_loop() -> None:
    whole = WholeProcess(REWORK)
    assert "a" in whole.upstream("a")
    assert "start" not in whole.upstream("start")


def test_the_nearest_writers_hide_those_behind_them() -> None:
    whole = WholeProcess(drawn("start>a", "a>b", "a>c", "b>d", "c>d", "d>end"))
    assert whole.nearest_upstream("d", frozenset({"a", "b"})) == {"a", "b"}
    assert whole.nearest_upstream("d", frozenset({"a", "b", "c"})) == {"b", "c"}


def test_a_flow_that_leads_nowhere_is_left_out() -> None:
    process = drawn("start>a", "a>end")
    loose = Flow("x", "", "a", "nowhere")
    graph = Graph(Process("p", "p", True, process.elements, (*process.flows, loose)), None)
    assert [flow.id for flow in graph.outgoing["a"]] == ["a_end"]
