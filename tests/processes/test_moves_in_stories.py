"""In a story verbs are answered with nothing, but a unit that is added begins and one that is withdrawn stops."""

from __future__ import annotations

from processes.pack import read_pack
from processes.play import Played, play
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_folder,
    about,
    boundary,
    call,
    each_of,
    exclusive,
    inside,
    parallel,
    service,
    user,
)
from tests.kit.folders import lakeside_with

COUNTY = '{unit: "990002100"}'
FLOW = (
    "start -> write -> split; split -> all -> worked; split -> gate -> change -> which;"
    'which -> more -> gate; which -> less -> gate if how = "撤回"; twice -> mend -> over'
)
TOWN, OFFICE = "clerk@990002100", "officer@duty_office"


def note(id: str, groups: str, **outputs: str) -> Node:
    return user(id, groups=groups, form="note", outputs=outputs)


def diagram(flow: str, *caught: Node, activity: str = '"all"') -> str:
    more = f'if how = "再来" then {COUNTY} else {{unit: "990002100", of: how}}'
    return a_diagram(
        flow,
        *parallel("split"),
        exclusive("gate"),
        exclusive("which", "more"),
        note("write", "clerk@{township}", about="note"),
        note("change", OFFICE, how="note"),
        inside("all", "begin -> work -> over", note("work", "clerk@{one.unit}"), each=each_of(f"[{COUNTY}]", "one")),
        service("more", "add_instance", activity=activity, item=more),
        service("less", "withdraw_instance", activity=activity, item=COUNTY),
        *caught,
        id="inquiry",
    )


CAUGHT = diagram(FLOW, boundary("twice", "more", about("error", "already_running")), note("mend", OFFICE))


def played(drawn: str, *steps: tuple[str, str, str], then: str = "", more: str = "") -> Played:
    """The story in which they (who, which step, what they write) act one after the other."""
    written = "".join(
        f'[[steps]]\nby = "{by}"\ndoes = "{does}"\nanswers = {{ note = "{text}" }}\n' for by, does, text in steps
    )
    pack = read_pack({**lakeside_with(told=written + then), **a_folder(drawn, *([more] if more else []))})
    return play(pack, pack.stories["told"])


def change(how: str) -> tuple[str, str, str]:
    return (OFFICE, "change", how)


WRITE, WORK = (TOWN, "write", "路灯"), (TOWN, "work", "好")


def test_a_story_tells_what_opened() -> None:
    story = played(CAUGHT, WRITE, change("协办"), then='then = { open = ["change", "work", "work"] }')
    assert story.failures == []
    assert [line[17:] for line in story.journal[-4:]] == [
        "县值班室值班员 【change】提交",
        "  ⚙ more",
        "  → 【work】湖口镇经办人",
        "  → 【change】县值班室值班员",
    ]


def test_a_unit_that_is_withdrawn_stops_and_the_last_one_ends_the_activity() -> None:
    assert played(CAUGHT, WRITE, change("撤回"), then='then = { open = ["change"] }').failures == []
    assert played(CAUGHT, WRITE, change("协办"), change("撤回"), WORK, then='then = { open = ["change"] }').passed


def test_a_unit_that_works_already_takes_the_error_boundary() -> None:
    assert played(CAUGHT, WRITE, change("再来"), then='then = { open = ["mend", "work"] }').failures == []


def test_what_no_boundary_catches_is_told_and_the_step_stays_open() -> None:
    drawn = diagram(FLOW.partition("; twice")[0])
    refused = 'then = { open = ["change", "work"], refused = "uncaught" }'
    assert played(drawn, WRITE, change("再来"), then=refused).failures == []


def test_inputs_that_name_no_repeated_activity_are_told() -> None:
    (failure,) = played(diagram(FLOW.partition("; twice")[0], activity='"work"'), WRITE, change("协办")).failures
    assert "add_instance 的参数不对：activity" in failure


# -- in branches


def from_a_branch(**within: str) -> Played:
    """A unit whose part is a process of its own calls another one to assist."""
    more = service("more", "add_instance", activity='"all"', item='{unit: "duty_office"}', **within)
    part = a_diagram("start -> work -> more -> over", note("work", "clerk@{one.unit}"), more, id="part")
    all_parts = call("all", "part", ins={"one": "one"}, each=each_of(f"[{COUNTY}]", "one"))
    main = a_diagram("start -> write -> all -> done", note("write", "clerk@{township}"), all_parts, id="inquiry")
    return played(main, WRITE, WORK, more=part)


def test_a_unit_in_a_branch_of_its_own_calls_another_by_naming_the_main_process() -> None:
    assert "  → 【work】县值班室经办人" in [line[17:] for line in from_a_branch(within='""').journal]


def test_a_move_without_a_branch_means_its_own() -> None:
    (failure,) = from_a_branch().failures
    assert "not_running" in failure


def test_an_activity_that_runs_in_several_places_takes_the_error_boundary() -> None:
    within = inside("inner", "i -> work -> o", note("work", "clerk@{one.unit}"), each=each_of(f"[{COUNTY}]", "one"))
    outer = inside("outer", "b -> inner -> e", within, each=each_of("[1, 2]", "group"))
    drawn = a_diagram(
        "start -> write -> split; split -> outer -> worked; split -> more -> over; twice -> mend -> over",
        *parallel("split"),
        note("write", "clerk@{township}"),
        note("mend", OFFICE),
        outer,
        service("more", "add_instance", activity='"inner"', item='{unit: "duty_office"}'),
        boundary("twice", "more", about("error", "several_running")),
        id="inquiry",
    )
    assert played(drawn, WRITE, then='then = { open = ["mend", "work", "work"] }').failures == []
