"""Messages to another county: what a letter says, that it leaves once and after the commit, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.store.tables_jobs import IncidentRow, JobRow
from processes.check import check
from processes.installation import Installation
from processes.messages import Message, Receipt, send
from tests.kit.diagrams import Node, about, boundary, catch, service
from tests.kit.errands import COUNTY, NOW, an_errand_site, do, ended, later, open_steps, run_errand, user
from tests.kit.folders import lakeside
from tests.kit.journals import what_is_told
from tests.kit.sites import the_folder

CITY = "990400"
EXCHANGE = f"""
[exchange.capital]
name = "市吹哨办"
code = "{CITY}"
takes = ["city_answer"]
"""
FLOW = "start -> ask -> tell -> answered -> read -> done"
ANSWERED = catch("answered", about("message", "city_answer"), outputs={"decision": "decision"})
SUMMARY = (
    '{summary: "跨界" + subject, seen_on: date("2026-09-09"), at: time("10:30:00"), share: 0.1, parts: [1, true, null]}'
)


@dataclass
class Road:
    """A way to the city that is closed as often as it is told to be."""

    closed: int = 0
    letters: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        self.letters.append((key, payload))
        if len(self.letters) <= self.closed:
            raise OSError("the road is closed")


def telling(**inputs: str) -> Node:
    return service("tell", "send_message", **{"to": '"capital"', "message": '"matter_raised"'} | inputs)


def a_site(tmp_path: Path, url: str, *nodes: Node, road: Road | None = None, flow: str = FLOW) -> Installation:
    channels: dict[str, Any] = {"exchange": road} if road else {}
    return an_errand_site(tmp_path, url, flow, *nodes, ANSWERED, user("read"), starts=EXCHANGE, **channels)


def waiting_letters(inst: Installation) -> list[Mapping[str, Any]]:
    with inst.db.read() as session:
        jobs = session.scalars(select(JobRow).where(JobRow.kind == "send"))
        return [(job.payload or {})["content"] for job in jobs]  # type: ignore[misc]  # a mapping


def incidents(inst: Installation) -> list[tuple[str, str]]:
    with inst.db.read() as session:
        found = session.scalars(select(IncidentRow).where(IncidentRow.kind.in_(("send", "verb"))))
        return [(row.place, row.error) for row in found]


def test_a_letter_says_whose_it_is_so_that_the_answer_finds_its_case(tmp_path: Path, database_url: str) -> None:
    road = Road()
    site = a_site(tmp_path, database_url, telling(payload=SUMMARY), road=road)
    case = run_errand(site, "河水发黑")
    assert road.letters == []  # nothing leaves before the commit, and then a job sends it
    later(site, NOW)
    ((key, letter),) = road.letters
    assert {name: letter[name] for name in ("from", "to", "message", "key")} == {
        "from": COUNTY,
        "to": CITY,
        "message": "matter_raised",
        "key": case,
    }
    assert letter["payload"] == {
        "summary": "跨界河水发黑",
        "seen_on": "2026-09-09",
        "at": "10:30:00",
        "share": letter["payload"]["share"],  # type: ignore[index]  # a context
        "parts": [1, True, None],
        "from_county": COUNTY,
        "from_case": case,
        "number": None,
        "subject": "河水发黑",
        "township": "蔡岭镇",
    }
    assert float(letter["payload"]["share"]) == 0.1  # type: ignore[index]  # a context
    told = what_is_told(site.db, "EffectSent")
    assert [(each["channel"], each["name"], each["key"]) for each in told] == [("exchange", "给市吹哨办的消息", key)]
    answer = Message(f"{CITY}:1", "city_answer", case, {"decision": "resolved"})
    assert send(site, COUNTY, answer, now=NOW) == Receipt("delivered", case)
    assert open_steps(site, case) == ["read"]
    site.db.close()


def test_the_receiver_may_be_named_by_its_division_code(tmp_path: Path, database_url: str) -> None:
    site = a_site(tmp_path, database_url, telling(to=f'"{CITY}"', key="subject"))
    run_errand(site, "河水发黑")
    assert [(letter["to"], letter["key"]) for letter in waiting_letters(site)] == [(CITY, "河水发黑")]
    site.db.close()


def test_nobody_can_write_in_anothers_name(tmp_path: Path, database_url: str) -> None:
    site = a_site(
        tmp_path, database_url, telling(payload='{from_county: "990401", from_case: "another", subject: "x"}')
    )
    case = run_errand(site, "河水发黑")
    (letter,) = waiting_letters(site)
    assert [letter["payload"][name] for name in ("from_county", "from_case", "subject")] == [COUNTY, case, "河水发黑"]
    site.db.close()


def test_a_letter_that_could_not_be_sent_is_sent_again_under_the_same_key(tmp_path: Path, database_url: str) -> None:
    road = Road(closed=2)
    site = a_site(tmp_path, database_url, telling(), road=road)
    run_errand(site)
    for hour in range(4):
        later(site, NOW + timedelta(hours=hour))
    assert len(road.letters) == 3 and len({key for key, _ in road.letters}) == 1
    assert len(what_is_told(site.db, "EffectSent")) == 1
    site.db.close()


def test_a_letter_that_never_gets_through_is_put_before_people(tmp_path: Path, database_url: str) -> None:
    site = a_site(tmp_path, database_url, telling(), road=Road(closed=99))
    run_errand(site)
    for hour in range(12):
        later(site, NOW + timedelta(hours=hour))
    ((place, error),) = incidents(site)
    assert place == "给市吹哨办的消息" and "the road is closed" in error
    site.db.close()


def test_a_step_that_is_done_again_leaves_one_letter(tmp_path: Path, database_url: str) -> None:
    """The verb after it fails, so that all of the step is undone and done again."""
    broken = service("broken", "notify_units", units='["water"]', text='"no such text"')
    flow = "start -> ask -> tell -> broken -> answered -> read -> done"
    road = Road()
    site = a_site(tmp_path, database_url, telling(), broken, road=road, flow=flow)
    run_errand(site)
    for hour in range(3):
        later(site, NOW + timedelta(hours=hour))
    assert len(road.letters) == 1
    site.db.close()


def test_who_is_not_in_the_folder_is_an_error_that_the_diagram_may_catch(tmp_path: Path, database_url: str) -> None:
    flow = FLOW + "; unknown -> nobody_there"
    caught = boundary("unknown", "tell", about("error", "unknown_exchange"))
    site = a_site(tmp_path, database_url, telling(to='"province"'), caught, flow=flow)
    assert ended(site, run_errand(site)) == "nobody_there"
    assert waiting_letters(site) == []
    site.db.close()


def test_what_people_filled_in_goes_along_where_the_diagram_says_so(tmp_path: Path, database_url: str) -> None:
    wanted = '{reason: "ask.subject", opinion: "look.subject", missing: "read.subject", odd: "nowhere.x"}'
    tell = telling(answers=wanted, payload='{reason: "written over", kept: 1}')
    site = a_site(tmp_path, database_url, tell, user("look"), flow=FLOW.replace("-> tell", "-> look -> tell"))
    do(site, run_errand(site, "河水发黑"), "look")  # this very answer goes along too
    (letter,) = waiting_letters(site)
    assert [letter["payload"][name] for name in ("reason", "opinion", "kept")] == ["河水发黑", "好", 1]
    assert not {"missing", "odd"} & letter["payload"].keys()
    site.db.close()


MISUSES = {
    "no message": ({"message": '""'}, "message"),
    "message that is no text": ({"message": "5"}, "message"),
    "endless message": ({"message": f'"{"x" * 201}"'}, "message"),
    "key that is no text": ({"key": "5"}, "key"),
    "empty key": ({"key": '""'}, "key"),
    "payload that is no context": ({"payload": '"text"'}, "payload"),
    "answers that are no context": ({"answers": '"ask.subject"'}, "answers"),
    "length of time": ({"payload": '{wait: duration("P1D")}'}, "payload"),
    "endless payload": ({"payload": '{all: for i in 1..60000 return "水水"}'}, "payload"),
    "nobody": ({"to": '"province"'}, "没有“province”"),
}


@pytest.mark.parametrize("misuse", MISUSES)
def test_wrong_inputs_are_an_incident_that_says_what_is_wrong_and_nothing_leaves(misuse: str, tmp_path: Path) -> None:
    inputs, words = MISUSES[misuse]
    site = a_site(tmp_path, f"sqlite:///{tmp_path / 'whistle.sqlite'}", telling(**inputs))
    case = run_errand(site)
    for hour in range(4):
        later(site, NOW + timedelta(hours=hour))
    ((place, error),) = incidents(site)
    assert place == "tell" and words in error
    assert (waiting_letters(site), open_steps(site, case)) == ([], [])
    site.db.close()


# -- what `check` says of the sections


def loose(section: str) -> str:
    files = dict(lakeside().files)
    files["county.toml"] += section.encode()
    return "\n".join(finding.message_zh for finding in check(files).findings)


def section(**changes: str) -> str:
    told = {"name": '"市吹哨办"', "code": f'"{CITY}"', "takes": "[]"} | changes
    return "\n[exchange.capital]\n" + "".join(f"{key} = {value}\n" for key, value in told.items() if value)


def test_a_section_that_is_as_it_should_be_is_no_news() -> None:
    assert loose(section()) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('\nexchange = "city"\n', "应分对方写成 [exchange.某某]"),
        (section(name=""), "[exchange.capital] 应写 name"),
        (section(name='""'), "[exchange.capital] 应写 name"),
        (section(name=f'"{"市" * 51}"'), "1 至 50 个字"),
        (section(code=CITY), "六位区划代码，加引号"),
        (section(code='"36"'), "六位区划代码"),
        (section(code=f'"{lakeside().code}"'), "是本县自己的代码"),
        (section(takes='"city_answer"'), "名称的列表"),
        (section(url='"https://city.example/"'), "也只能写这三项"),
        (section() + section().replace("exchange.capital", "exchange.town"), f"{CITY} 写了不止一次"),
        (section(takes='["city_answer"]'), "没有名为“city_answer”的消息，请核对名称，或者先画出等它的图"),
    ],
)
def test_what_is_wrong_with_a_section_is_said_in_a_sentence(text: str, words: str) -> None:
    # a key of the document itself must stand before its first table
    folder = loose(text) if "[" in text else _first(text)
    assert words in folder and folder.count("\n") == 0


def test_a_diagram_that_writes_to_nobody_is_told_so_before_it_runs() -> None:
    files = dict(the_folder("city-example"))
    files["county_matter.bpmn"] = files["county_matter.bpmn"].replace(
        b">from_county</camunda:inputParameter>", b'>"province"</camunda:inputParameter>'
    )
    (finding,) = check(files).findings
    assert (
        "“答复来文的县”（send_answer）把消息发给“province”，但没有写 [exchange.province] 这一节" in finding.message_zh
    )


def _first(text: str) -> str:
    files = dict(lakeside().files)
    files["county.toml"] = text.encode() + files["county.toml"]
    return "\n".join(finding.message_zh for finding in check(files).findings)


def test_a_message_that_is_nearly_drawn_is_guessed_at(tmp_path: Path) -> None:
    files = dict(the_folder("city-example"))
    files["county.toml"] = files["county.toml"].replace(b'"matter_raised", "matter', b'"matter_rased", "matter')
    (finding,) = check(files).findings
    assert "您是不是想写“matter_raised”" in finding.message_zh
