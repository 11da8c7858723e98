"""What tasks do: ask people, ask for verbs, ask tables; and what of an answer enters the process."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from engine.run import NotOpen, complete
from engine.spiff.expressions import DiagramFault
from engine.spiff.program import NotExecutable, Program
from engine.step import Group
from engine.world import NoDeadline
from tests.kit.diagrams import (
    a_diagram,
    a_program,
    a_table,
    about,
    boundary,
    call,
    drawn,
    exclusive,
    inside,
    rule,
    script,
    service,
    user,
)
from tests.kit.walks import CALENDAR, MONDAY, Case, Way, both_ways

pytestmark = both_ways


# -- who may do it


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("clerk@office", ["clerk@office"]),
        ("clerk@office, vetter@{town}", ["clerk@office", "vetter@360428100"]),
        ("{posts}@{town}", ["head@360428100", "deputy@360428100"]),
        ('{["a", "b"]}@{[town, "office"]}', ["a@360428100", "a@office", "b@360428100", "b@office"]),
        ('{if count(posts) > 1 then posts[1] else "clerk"}@office', ["head@office"]),
    ],
)
def test_the_groups_of_a_task(way: Way, text: str, groups: list[str]) -> None:
    case = Case(
        drawn("start -> write -> done", user("write", groups=text)), way, town="360428100", posts=["head", "deputy"]
    )
    assert [f"{group.post}@{group.unit}" for group in case.task("write").groups] == groups


LONG = 'clerk@{"' + "x" * 61 + '"}'


@pytest.mark.parametrize(
    "text",
    ["", "clerk", "clerk@", "{nobody}@office", "{null}@office", "{[]}@office", "{5}@office", '{[""]}@office', LONG],
)
def test_a_task_that_nobody_could_hold_is_a_fault(way: Way, text: str) -> None:
    with pytest.raises(DiagramFault, match="“write”"):
        Case(drawn("start -> write -> done", user("write", groups=text)), way)


def test_what_a_task_says_of_itself(way: Way) -> None:
    node = user("write", form="paper", other_than="propose, vet")
    task = Case(drawn("start -> write -> done", node), way, town="x").task("write")
    assert (task.step, task.name, task.process, task.branch) == ("write", "write", "main", "")
    assert (task.form, task.other_than, task.groups) == ("paper", ("propose", "vet"), (Group("clerk", "office"),))
    assert task.values == {"town": "x"}


def test_a_task_inside_an_embedded_sub_process_belongs_to_the_process_around_it(way: Way) -> None:
    within = inside("body", "begin -> deeper -> over", inside("deeper", "b -> write -> o"))
    task = Case(drawn("start -> body -> done", within), way).task("write")
    assert (task.process, task.branch) == ("main", "")


# -- until when


def due(way: Way, text: str, warn: str = "", **values: object) -> tuple[str, str]:
    task = Case(drawn("start -> write -> done", user("write", due=text, warn=warn)), way, **values).task("write")
    moments = (task.due, task.warn)
    return tuple(f"{each.at.astimezone(CALENDAR.zone):%m-%d %H:%M}" if each else "" for each in moments)  # type: ignore[return-value]  # two go in


def test_a_task_may_have_no_limit(way: Way) -> None:
    assert due(way, "") == ("", "")


def test_a_limit_by_its_name_and_a_warning_before_it(way: Way) -> None:
    assert due(way, "respond", "soon") == ("09-09 17:30", "09-09 11:00")


def test_a_warning_without_anything_due_is_none(way: Way) -> None:
    assert due(way, "", "soon") == ("", "")


@pytest.mark.parametrize("value", [date(2026, 9, 30), "2026-09-30"])
def test_a_chosen_date_ends_at_closing_time(way: Way, value: object) -> None:
    assert due(way, "{solve_by}", solve_by=value) == ("09-30 17:30", "")


def test_a_chosen_moment_is_kept(way: Way) -> None:
    assert due(way, '{date and time("2026-09-30T10:15:00+08:00")}') == ("09-30 10:15", "")


@pytest.mark.parametrize("text", ["nobody_knows", "{5}", "{null}", '{"someday"}', '{"2026-09-30T10:15:00"}'])
def test_a_limit_that_cannot_be_computed_is_refused(way: Way, text: str) -> None:
    with pytest.raises(NoDeadline, match="write"):
        due(way, text)


def test_a_limit_counts_from_when_the_task_opens(way: Way) -> None:
    case = Case(drawn("start -> first -> write -> done", user("write", due="respond")), way)
    case.wait(days=2).do("first")
    opened = case.task("write").due
    assert opened is not None
    assert opened.at > Case(drawn("start -> write -> done", user("write", due="respond")), way).now
    assert f"{opened.at:%m-%d %H:%M}" == "09-11 17:30"


# -- what of an answer enters the process


def test_only_output_parameters_enter_the_process(way: Way) -> None:
    node = user("write", outputs={"decision": "outcome", "twice": "2 * n", "n": "n + old"})
    case = Case(drawn("start -> write -> read -> done", node), way, old=1).do("write", "accept", n=5, secret="x")
    assert case.values("read") == {"old": 1, "decision": "accept", "twice": 10, "n": 6}


def test_an_output_of_something_not_answered_is_a_fault_that_names_the_step(way: Way) -> None:
    case = Case(drawn("start -> write -> done", user("write", outputs={"n": "amount"})), way)
    with pytest.raises(DiagramFault, match=r"“write”.*amount"):
        case.do("write")


@pytest.mark.parametrize("text", ['duration("P1M")', "[1..5]", "function(x) x", "1 +"])
def test_what_no_variable_can_hold_is_a_fault(way: Way, text: str) -> None:
    case = Case(drawn("start -> write -> done", user("write", outputs={"n": text})), way)
    with pytest.raises(DiagramFault, match="“write”"):
        case.do("write")


def test_numbers_dates_and_contexts_stay_what_they_are(way: Way) -> None:
    texts = {
        "whole": "2 * 3",
        "part": "1.10 + 1.10",
        "huge": "10 ** 30",
        "day": 'date("2026-09-30")',
        "rows": "[{yes: true, one: 1, none: null}]",
    }
    case = Case(drawn("start -> write -> read -> done", user("write", outputs=texts)), way).do("write")
    assert case.values("read") == {
        "whole": 6,
        "part": Decimal("2.20"),
        "huge": Decimal(10) ** 30,
        "day": date(2026, 9, 30),
        "rows": [{"yes": True, "one": 1, "none": None}],
    }


def test_a_task_is_done_once(way: Way) -> None:
    case = Case(drawn("start -> write -> read -> done"), way)
    task = case.task("write")
    case.do("write")
    for again in (task.id, "0" * 32, "", "nonsense"):
        with pytest.raises(NotOpen):
            complete(case.program, case.step.state, again, {}, "submit", case.world)


def test_a_task_that_the_diagram_took_away_cannot_be_done(way: Way) -> None:
    program = drawn(
        "start -> write -> done; recall -> recalled", boundary("recall", "write", about("message", "withdrawn"))
    )
    case = Case(program, way)
    task = case.task("write")
    case.deliver("withdrawn")
    with pytest.raises(NotOpen):
        complete(case.program, case.step.state, task.id, {}, "submit", case.world)


def test_a_refused_step_leaves_the_bytes_as_they_were(way: Way) -> None:
    node = user("write", outputs={"n": "amount"})
    case = Case(drawn("start -> write -> read -> done", node), "restored")
    before = case.step.state
    with pytest.raises(DiagramFault):
        case.do("write")
    assert case.step.state == before
    assert case.do("write", amount=1).open == ["read"]


# -- verbs


def test_a_service_task_asks_for_a_verb_with_its_inputs(way: Way) -> None:
    node = service("tell", "notify_units", units="for u in units return u.code", round="n + 1")
    case = Case(drawn("start -> tell -> read -> done", node), way, units=[{"code": "a"}, {"code": "b"}], n=1)
    (asked,) = case.asked
    assert (asked.verb, asked.element, asked.name) == ("notify_units", "tell", "tell")
    assert asked.inputs == {"units": ["a", "b"], "round": 2}
    assert case.open == ["read"]


def test_every_asking_has_a_key_of_its_own_and_no_step_asks_again(way: Way) -> None:
    flows = "start -> tell -> read -> ok; ok -> done if fine; ok -> tell"
    case = Case(
        drawn(flows, service("tell", "notify"), exclusive("ok", "tell"), user("read", outputs={"fine": "fine"})), way
    )
    for _ in range(3):
        case.do("read", fine=False).wait(hours=1)
    assert len(case.asked) == len({asked.key for asked in case.asked}) == 4


def test_the_input_of_a_verb_that_cannot_be_computed_is_a_fault(way: Way) -> None:
    with pytest.raises(DiagramFault, match=r"“tell”.*nobody"):
        Case(drawn("start -> tell -> done", service("tell", "notify", who="nobody")), way)


# -- decision tables

TABLE = a_table(
    "level", "COLLECT", "size", ["post", "days"], ('"large"', '"head"', "2"), ('"large","small"', '"deputy"', "5")
)


def deciding(shape: str) -> Program:
    return a_program(
        a_diagram("start -> decide -> read -> done", rule("decide", "level", "answer", shape)), level=TABLE
    )


@pytest.mark.parametrize(
    ("shape", "size", "answer"),
    [
        ("singleEntry", "small", "deputy"),
        ("singleResult", "small", {"post": "deputy", "days": 5}),
        ("collectEntries", "large", ["head", "deputy"]),
        ("resultList", "large", [{"post": "head", "days": 2}, {"post": "deputy", "days": 5}]),
        ("", "small", [{"post": "deputy", "days": 5}]),
        ("collectEntries", "tiny", []),
    ],
)
def test_a_table_answers_in_the_shape_asked_for(way: Way, shape: str, size: str, answer: object) -> None:
    case = Case(deciding(shape), way, size=size)
    assert case.values("read") == {"size": size, "answer": answer}


@pytest.mark.parametrize("shape", ["singleEntry", "singleResult"])
@pytest.mark.parametrize("size", ["large", "tiny"])
def test_one_answer_was_expected(way: Way, shape: str, size: str) -> None:
    with pytest.raises(DiagramFault, match="“decide”"):
        Case(deciding(shape), way, size=size)


def test_a_table_that_lacks_its_input_is_a_fault(way: Way) -> None:
    with pytest.raises(DiagramFault, match="“decide”"):
        Case(deciding("singleEntry"), way)


# -- what is never run


def test_a_script_is_never_run(way: Way) -> None:
    with pytest.raises(NotExecutable, match=r"scriptTask.*hack"):
        Case(drawn("start -> write -> hack -> done", script("hack", "import os; os.abort()")), way)


@pytest.mark.parametrize("text", ["__import__('os').abort()", "().__class__", "task.workflow", "open('x')"])
def test_python_in_an_expression_is_no_expression(way: Way, text: str) -> None:
    case = Case(drawn("start -> write -> done", user("write", outputs={"x": text})), way)
    with pytest.raises(DiagramFault, match="“write”"):
        case.do("write")


def test_a_call_to_nowhere_is_a_fault(way: Way) -> None:
    case = Case(drawn("start -> write -> away -> done", call("away", "nowhere")), way)
    with pytest.raises(DiagramFault, match="“away”"):
        case.do("write")


def test_the_functions_of_the_world(way: Way) -> None:
    texts: Mapping[str, str] = {"at": "now()", "day": "today()", "until": 'limit("respond")'}
    case = Case(drawn("start -> write -> read -> done", user("write", outputs=texts)), way).do("write")
    values = case.values("read")
    assert (values["at"], values["day"]) == (MONDAY, date(2026, 9, 7))
    assert str(values["until"]) == "2026-09-09 17:30:00+08:00"
