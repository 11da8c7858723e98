"""Timers, messages, errors and escalations: what comes from the clock, from outside, or from within."""

from datetime import timedelta

import pytest

from engine.run import NotAwaited
from engine.spiff.expressions import DiagramFault
from engine.time.errors import UnknownLimit
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    about,
    after,
    at,
    boundary,
    call,
    catch,
    drawn,
    end,
    every,
    exclusive,
    inside,
    service,
    throw,
    user,
)
from tests.kit.walks import Case, Way, both_ways

pytestmark = both_ways

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# -- when a timer is due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("P1D", DAY),
        ("PT90M", timedelta(minutes=90)),
        ("P1M", timedelta(days=30)),
        ('"PT2H"', 2 * HOUR),
        ('duration("PT" + string(hours) + "H")', 3 * HOUR),
        ("2026-09-08T09:00:00+08:00", DAY),
        ('"2026-09-08T01:00:00Z"', DAY),
        ('date and time("2026-09-08T09:00:00+08:00")', DAY),
        ("now() + duration(length)", 2 * DAY),
        ('limit("respond")', timedelta(days=2, hours=8, minutes=30)),  # the 2nd working day after, at closing time
    ],
)
def test_a_timer_may_be_written_in_many_ways(way: Way, text: str, due: timedelta) -> None:
    case = Case(drawn("start -> pause -> write -> done", catch("pause", at(text))), way, hours=3, length="P2D")
    assert case.due == [due]
    case.now += due - timedelta(seconds=1)
    assert case.wait().open == []
    assert case.wait(seconds=1).open == ["write"]
    assert case.step.timers == ()


def test_a_moment_that_has_passed_fires_at_once(way: Way) -> None:
    assert Case(drawn("start -> pause -> write -> done", catch("pause", at("2026-09-01T00:00:00Z"))), way).open == [
        "write"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "someday",
        '"someday"',
        "5",
        "null",
        "P99999999D",
        "PXD",
        'date("2026-09-08")',
        '"2026-09-08T09:00:00"',
        'duration("P1M")',
    ],
)
def test_a_timer_without_a_clear_moment_is_a_fault_that_names_it(way: Way, text: str) -> None:
    with pytest.raises(DiagramFault, match="“pause”"):
        Case(drawn("start -> pause -> write -> done", catch("pause", after(text))), way)


def test_a_timer_on_an_unknown_limit_is_refused(way: Way) -> None:
    with pytest.raises(UnknownLimit):
        Case(drawn("start -> pause -> done", catch("pause", at('limit("nobody knows")'))), way)


def test_a_duration_is_counted_from_when_the_case_comes_to_it(way: Way) -> None:
    case = Case(drawn("start -> write -> pause -> read -> done", catch("pause", after("PT1H"))), way)
    case.now += 5 * HOUR
    assert case.do("write").due == [HOUR]
    assert case.wait(minutes=59).due == [timedelta(minutes=1)]


def test_ticking_when_nothing_is_due_changes_nothing(way: Way) -> None:
    case = Case(drawn("start -> work -> done; late -> gone", boundary("late", "work", after("P1D"))), way)
    before = case.step
    case.wait(hours=1)
    assert (case.step.opened, case.step.closed, case.step.passed) == ((), (), ())
    assert case.step.open_ids == before.open_ids
    assert case.step.timers == before.timers


# -- timers on the border of a step

LATE = ("start -> work -> done; late -> chase -> chased", boundary("late", "work", after("P1D")))
REMINDED = (
    "start -> work -> done; late -> chase -> chased",
    boundary("late", "work", after("P1D"), interrupting=False),
)


def test_an_interrupting_timer_takes_the_step_away(way: Way) -> None:
    case = Case(drawn(*LATE), way).wait(days=1)
    assert case.open == ["chase"]
    assert [closed.how for closed in case.step.closed] == ["withdrawn"]
    assert case.do("chase").ended == "chased"


def test_a_step_done_in_time_takes_its_timer_along(way: Way) -> None:
    case = Case(drawn(*LATE), way).do("work")
    assert (case.ended, case.step.timers) == ("done", ())


@pytest.mark.parametrize(("first", "second", "ended"), [("work", "chase", "chased"), ("chase", "work", "done")])
def test_a_non_interrupting_timer_leaves_the_step_open(way: Way, first: str, second: str, ended: str) -> None:
    case = Case(drawn(*REMINDED), way).wait(days=1)
    assert case.open == ["chase", "work"]
    assert case.do(first).open == [second]
    assert case.do(second).ended == ended


CYCLE = ("start -> work -> done; late -> remind -> reminded", service("remind", "notify"))


def test_a_cycle_fires_as_often_as_it_says(way: Way) -> None:
    case = Case(drawn(*CYCLE, boundary("late", "work", every("R3/PT1H"), interrupting=False)), way)
    reminders = []
    for _ in range(5):
        case.wait(hours=1)
        reminders.append(len(case.asked))
    assert reminders == [1, 2, 3, 3, 3]
    assert (case.step.timers, case.do("work").ended) == ((), "done")


@pytest.mark.parametrize("text", ["R/PT1H", "R9/PT1H", '"R/PT1H"'])
def test_after_downtime_there_is_one_reminder_not_five(way: Way, text: str) -> None:
    case = Case(drawn(*CYCLE, boundary("late", "work", every(text), interrupting=False)), way)
    case.wait(hours=5.5)
    assert len(case.asked) == 1
    assert case.due == [timedelta(minutes=30)]
    assert len(case.wait(minutes=30).asked) == 2


def test_missed_rounds_of_a_cycle_count(way: Way) -> None:
    case = Case(drawn(*CYCLE, boundary("late", "work", every("R3/PT1H"), interrupting=False)), way)
    case.wait(hours=9)
    assert (len(case.asked), case.step.timers) == (1, ())


def test_a_cycle_ends_with_its_step(way: Way) -> None:
    case = Case(drawn(*CYCLE, boundary("late", "work", every("R/PT1H"), interrupting=False)), way)
    case.wait(hours=1).wait(hours=1).do("work")
    assert (case.ended, len(case.asked), case.step.timers) == ("done", 2, ())


def test_work_for_people_behind_a_cycle_outlives_the_step_it_reminded_of(way: Way) -> None:
    case = Case(
        drawn(
            "start -> work -> done; late -> chase -> chased",
            boundary("late", "work", every("R/PT1H"), interrupting=False),
        ),
        way,
    )
    assert case.wait(hours=1).open == ["chase", "work"]
    assert case.wait(hours=1).open == ["chase", "chase", "work"]
    assert case.do("chase").do("work").open == ["chase"]
    assert (case.wait(hours=3).open, case.step.timers) == (["chase"], ())
    assert case.do("chase").ended == "chased"


@pytest.mark.parametrize(
    "text", ["R/PT0S", "R3/", "someday", '"P1D"', "R3/P99999999D", "R99999999999999999999/PT1H", "5"]
)
def test_a_cycle_without_a_clear_length_is_a_fault_that_names_it(way: Way, text: str) -> None:
    with pytest.raises(DiagramFault, match="“late”"):
        Case(drawn(*CYCLE, boundary("late", "work", every(text), interrupting=False)), way)


def test_timers_in_every_round_count_anew(way: Way) -> None:
    program = drawn(
        "start -> work -> ok; ok -> done if fine; ok -> work; late -> chase -> chased",
        exclusive("ok", "work"),
        user("work", outputs={"fine": "fine"}),
        boundary("late", "work", after("P1D")),
    )
    case = Case(program, way)
    for _ in range(3):
        assert case.wait(hours=20).due == [timedelta(hours=4)]
        assert case.do("work", fine=False).due == [DAY]
    assert case.wait(days=1).open == ["chase"]


def test_the_earliest_of_several_timers_is_known(way: Way) -> None:
    program = drawn(
        "start -> work -> done; late -> remind -> reminded; later -> stop",
        service("remind", "notify"),
        boundary("late", "work", after("P1D"), interrupting=False),
        boundary("later", "work", after("P3D")),
    )
    case = Case(program, way)
    assert case.due == [DAY, 3 * DAY]
    assert case.wait(days=1).due == [2 * DAY]
    assert case.wait(days=2).ended == "stop"


def test_after_a_long_pause_what_was_due_happens_in_its_order(way: Way) -> None:
    program = drawn(
        "start -> work -> done; late -> remind -> reminded; later -> stop",
        service("remind", "notify"),
        boundary("later", "work", after("P3D")),
        boundary("late", "work", after("P1D"), interrupting=False),
    )
    case = Case(program, way).wait(days=9)
    assert [asked.element for asked in case.asked] == ["remind"]
    assert case.passed == ["start", "late", "later", "stop", "remind", "reminded"]


# -- messages


def test_a_message_is_awaited_and_of_its_payload_only_output_parameters_become_variables(way: Way) -> None:
    paid = catch("paid", about("message", "payment"), outputs={"amount": "amount + fee", "payer": "by.name"})
    case = Case(drawn("start -> paid -> write -> done", paid), way, amount=0, fee=1)
    assert (case.open, case.awaited, case.step.may_await) == ([], ["payment"], True)
    case.deliver("payment", amount=5, by={"name": "王"}, secret=1)
    assert case.values("write") == {"amount": 6, "fee": 1, "payer": "王"}
    assert case.awaited == []


def test_a_receive_task_awaits_too(way: Way) -> None:
    case = Case(drawn("start -> paid -> write -> done", Node("paid", "receiveTask", ' messageRef="payment"')), way)
    assert case.awaited == ["payment"]
    assert case.deliver("payment").open == ["write"]


def test_a_message_that_nobody_awaits_is_refused(way: Way) -> None:
    case = Case(drawn("start -> write -> paid -> done", catch("paid", about("message", "payment"))), way)
    with pytest.raises(NotAwaited, match="payment"):
        case.deliver("payment")


def test_another_message_is_refused_and_changes_nothing(way: Way) -> None:
    case = Case(drawn("start -> paid -> done", catch("paid", about("message", "payment"))), way)
    with pytest.raises(NotAwaited, match="refund"):
        case.deliver("refund")
    assert case.deliver("payment").ended == "done"


def test_a_message_reaches_a_called_process(way: Way) -> None:
    paid = catch("paid", about("message", "payment"), outputs={"amount": "amount"})
    called = a_diagram("start -> paid -> write -> done", paid, id="called")
    case = Case(a_program(a_diagram("start -> body -> done", call("body", "called")), called), way, secret=1)
    assert case.awaited == ["payment"]
    case.deliver("payment", amount=5)
    assert case.values("write") == {"amount": 5}


def test_a_message_on_the_border_of_a_step(way: Way) -> None:
    program = drawn(
        "start -> work -> done; recall -> recalled", boundary("recall", "work", about("message", "withdrawn"))
    )
    case = Case(program, way)
    assert case.awaited == ["withdrawn"]
    assert case.deliver("withdrawn").ended == "recalled"


def test_a_folder_without_messages_awaits_none(way: Way) -> None:
    assert Case(drawn("start -> work -> done"), way).step.may_await is False


# -- errors and escalations


def failing(caught: str) -> tuple[str, Node, Node]:
    within = inside("body", "begin -> work -> broken", end("broken", about("error", "no_money")))
    return "start -> body -> done; failed -> mend -> mended", within, boundary("failed", "body", about("error", caught))


@pytest.mark.parametrize("caught", ["no_money", ""])
def test_an_error_end_is_caught_on_the_border(way: Way, caught: str) -> None:
    case = Case(drawn(*failing(caught)), way).do("work")
    assert case.open == ["mend"]
    assert case.do("mend").ended == "mended"


def escalating(*, interrupting: bool) -> tuple[str, Node, Node]:
    within = inside("body", "begin -> work -> up -> rest -> over", throw("up", about("escalation", "too_big")))
    border = boundary("raised", "body", about("escalation", "too_big"), interrupting=interrupting)
    return "start -> body -> done; raised -> decide -> decided", within, border


def test_an_escalation_may_leave_the_work_going_on(way: Way) -> None:
    case = Case(drawn(*escalating(interrupting=False)), way).do("work")
    assert case.open == ["decide", "rest"]
    assert case.do("decide").do("rest").ended == "done"


def test_an_escalation_may_take_the_work_away(way: Way) -> None:
    case = Case(drawn(*escalating(interrupting=True)), way).do("work")
    assert case.open == ["decide"]
    assert case.do("decide").ended == "decided"


def test_an_escalation_that_nobody_catches_stops_nothing(way: Way) -> None:
    within = inside("body", "begin -> work -> up -> rest -> over", throw("up", about("escalation", "too_big")))
    case = Case(drawn("start -> body -> done", within), way).do("work")
    assert case.do("rest").ended == "done"
