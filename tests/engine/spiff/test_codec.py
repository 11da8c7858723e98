"""A case as bytes: what is refused, what is harmless, and how it grows. That bytes say the same as the live case is
checked after every step of every other story here (tests.kit.walks).
"""

import zlib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from engine.run import tick
from engine.spiff import codec
from engine.spiff.codec import FORMAT, UnreadableState, lines_of
from engine.values import from_bytes, to_bytes
from tests.kit.diagrams import (
    a_diagram,
    a_program,
    after,
    boundary,
    call,
    drawn,
    each_of,
    exclusive,
    inside,
    parallel,
    user,
)
from tests.kit.walks import Case, a_world, typed

WRITE = drawn("start -> write -> read -> done")


def test_every_kind_of_value_comes_back_as_it_went() -> None:
    values = {
        "none": None,
        "yes": True,
        "one": 1,
        "exact": Decimal("1.10"),
        "day": date(2026, 9, 30),
        "moment": datetime(2026, 9, 30, 8, 0, tzinfo=UTC),
        "hour": time(8, 30),
        "length": timedelta(days=1, seconds=1),
        "words": '吹哨 " \\ \u0000 {"@":',
        "rows": [{"day": date(2026, 9, 30), "yes": False, "zero": 0}, [Decimal("0.5")]],
    }
    case = Case(WRITE, **values)
    assert typed(case.values("write")) == typed(values)


@pytest.mark.parametrize(
    "value",
    [
        {"typename": "timedelta", "seconds": 5},
        {"@": "date", "v": "2026-09-30"},
        {"@": "date", "v": "no date"},
        {"@": "decimal", "v": "bomb"},
        {"@": "context", "v": {}},
        {"@": 1},
        {"v": 1, "@": "date"},
        [{"@": {"@": "instant", "v": [date(2026, 9, 30)]}}],
        {"__class__": "x", "py/object": "os.system", "$type": "x"},
    ],
)
def test_a_value_that_looks_like_a_tag_is_only_a_value(value: object) -> None:
    case = Case(
        drawn("start -> write -> read -> done", user("write", outputs={"kept": "answer"})), day=date(2026, 9, 7)
    )
    case.do("write", answer=value)
    assert typed(case.values("read")["kept"]) == typed(value)


def test_true_does_not_become_one_when_only_that_changed() -> None:
    node = user("write", outputs={"a": "true", "b": "[true]", "c": "{x: 1}"})
    case = Case(drawn("start -> write -> read -> done", node), a=1, b=[1], c={"x": True}).do("write")
    assert typed(case.values("read")) == typed({"a": True, "b": [True], "c": {"x": 1}})


def test_a_live_case_and_its_bytes_share_nothing() -> None:
    rows = [{"n": 1}]
    case = Case(WRITE, "live", rows=rows)
    rows[0]["n"] = 2
    case.tasks[case.task("write").id].values["rows"].append(3)  # type: ignore[attr-defined]  # it is a list
    assert case.do("write").values("read") == {"rows": [{"n": 1}]}


# -- what cannot be read


def damaged(state: bytes) -> list[bytes]:
    inner = b"\n".join(lines_of(state))
    return [
        b"",
        b"nonsense",
        state[:-5],
        state[:20],
        state[:30] + bytes([state[30] ^ 1]) + state[31:],
        b"00000000" + state[8:],
        zlib.compress(inner[:-2]),
        zlib.compress(b"null"),
        zlib.compress(b"[]"),
        zlib.compress(b"[1,[]]"),
        zlib.compress(b"[1,[[]]]"),
        zlib.compress(b"[1,[[1,2,3]]]"),
        zlib.compress(b'{"format":1}'),
        zlib.compress(b"[2]"),
        zlib.compress(inner.partition(b"\n")[0]),
        zlib.compress(inner + b"\n[1]"),
        zlib.compress(inner.replace(b"[3,2,16,", b"[3,9,16,")),
        zlib.compress(inner.replace(b"[3,2,16,2", b"[3,2,16,99")),
        zlib.compress(inner.replace(b'"main"', b'"other"')),
        zlib.compress(inner.replace(b'"write"', b'"nowhere"')),
        zlib.compress(b"[" * 100_000),
    ]


@pytest.mark.parametrize("number", range(21))
def test_damaged_bytes_are_said_to_be_unreadable(number: int) -> None:
    case = Case(WRITE)
    with pytest.raises(UnreadableState):
        tick(case.program, damaged(case.step.state)[number], case.world)


@pytest.mark.parametrize("other", [FORMAT + 1, 0, "2", None])
def test_another_format_is_said_to_be_unreadable(other: object) -> None:
    case = Case(WRITE)
    first, *trees = lines_of(case.step.state)
    header = to_bytes([other, *from_bytes(first)[1:]])
    with pytest.raises(UnreadableState, match="format"):
        tick(case.program, zlib.compress(b"\n".join([header, *trees])), case.world)


def test_bytes_of_another_folder_are_said_to_be_unreadable() -> None:
    case = Case(WRITE)
    with pytest.raises(UnreadableState):
        tick(drawn("start -> paint -> done"), case.step.state, case.world)


# -- how it grows


REWORKED = a_program(
    a_diagram(
        "start -> body -> check -> ok; ok -> done if fine; ok -> body",
        inside(
            "body",
            "begin -> split; split -> each -> join; split -> lead -> join; join -> sum_up -> over",
            *parallel("split", "join"),
            call("each", "one", ins={"item": "unit.code"}, each=each_of("units", "unit")),
        ),
        boundary("late", "body", after("P30D")),
        exclusive("ok", "body"),
        user("check", outputs={"fine": "fine"}),
    ).replace(
        "</bpmn:process>",
        '<bpmn:endEvent id="gave_up"/><bpmn:sequenceFlow id="g" sourceRef="late" targetRef="gave_up"/></bpmn:process>',
    ),
    a_diagram("start -> plan -> handle -> report -> done", id="one"),
)


def test_rework_hardly_makes_a_case_larger() -> None:
    case = Case(REWORKED, check=False, units=[{"code": code, "name": "单位" * 20} for code in "abcdef"])
    sizes, trees = [], []
    for _ in range(30):
        while case.open != ["check"]:
            case.complete(next(iter(case.tasks.values())))
        sizes.append(case.bytes)
        trees.append(len(codec.load(case.step.state, case.program, a_world()).trees()))
        case.do("check", fine=False)
    assert set(trees) == {1}  # finished branches are put away
    assert sizes[-1] - sizes[0] < 30 * 200
    assert max(later - former for former, later in pairwise(sizes)) < 300


def test_five_hundred_rounds_do_not_stop_a_case() -> None:
    node = user("write", outputs={"more": "more"})
    case = Case(
        drawn("start -> write -> ok; ok -> write if more; ok -> done", node, exclusive("ok", "done")),
        "live",
        check=False,
    )
    for _ in range(520):
        case.do("write", more=True)
    case.check = True
    assert case.do("write", more=False).ended == "done"
