"""Two installations talk to each other: a county's matter goes to the city, the answer comes back and moves the case.

The city is the example folder, played by its people; the county draws one small process. Both are real web servers.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.serving import make_server

from engine.store.tables import CaseRow, JournalRow
from engine.store.tables_jobs import IncidentRow
from processes.agenda import strike
from processes.channels import Address, Exchange
from processes.forms import as_formdata
from processes.incidents import retry
from processes.installation import Installation
from processes.tables import NoticeRow
from processes.work import complete
from tests.kit.actors import a_case, all_rows, open_task, pack_of
from tests.kit.diagrams import about, boundary, catch, inside, service
from tests.kit.errands import CLERK, an_errand_site, do, ended, open_steps, run_errand, user
from tests.kit.journals import journal_lines
from tests.kit.sites import a_site, an_app, me, the_folder, the_pack
from web.__main__ import main
from web.clock import Clock
from web.exchange import MOST_BYTES
from web.message_words import told
from web.serving import set_up
from web.settings import Settings

COUNTY, CITY, STRANGER = "360428", "360400", "990401"
SECRET = base64.b64encode(b"shared by these two counties").decode()
FLOW = """start -> ask -> tell -> at_city -> read -> done
pressed -> chase -> chased
taken_back -> withdraw -> withdrawn"""
TO_CITY = {"to": '"city"', "message": '"matter_raised"', "payload": '{summary: "请市里协调：" + subject}'}
ANSWER = {"decision": "decision", "answer": "answer", "answered_on": "date(answered_on)"}
A_CLERK = {"groups": "clerk@{township}", "form": "errand"}
AT_THE_CITY = (
    service("tell", "send_message", **TO_CITY),
    inside("at_city", "sent -> answered -> heard", catch("answered", about("message", "city_answer"), outputs=ANSWER)),
    boundary("pressed", "at_city", about("message"), interrupting=False, **A_CLERK),
    service("chase", "send_message", to='"city"', message='"matter_chased"'),
    boundary("taken_back", "at_city", about("message"), **A_CLERK),
    service("withdraw", "send_message", to='"city"', message='"matter_withdrawn"'),
    user("read"),
)


def now() -> datetime:
    return datetime.now(UTC)


def later() -> datetime:
    return now() + timedelta(minutes=1)


@dataclass(frozen=True)
class Sides:
    """The county and the city, each with its pages."""

    county: Installation
    city: Installation
    apps: dict[str, Flask]

    def strike(self) -> None:
        """Everything that is due on both sides is done."""
        for _ in range(2):
            strike(self.county, later())
            strike(self.city, later())

    def city_case(self) -> str:
        with self.city.db.read() as session:
            return session.scalars(select(CaseRow.id)).one()

    def city_does(self, step: str, by: str, outcome: str | None = None, **answers: Any) -> None:
        """One of the city's people does an open step."""
        task = open_task(self.city, step, by, self.city_case())
        posted = as_formdata(pack_of(self.city).forms[task.form], answers)
        complete(self.city, me(self.city, by), task.id, posted, now=now(), outcome=outcome)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of a web server of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sides(tmp_path: Path, database_url: str) -> Iterator[Sides]:
    county = an_errand_site(tmp_path, database_url, FLOW, *AT_THE_CITY)
    city = a_site(tmp_path / "city", f"sqlite:///{tmp_path / 'city.sqlite'}", folder=the_folder("city-example"))
    with joined(county, city) as both:
        yield both


@contextmanager
def joined(county: Installation, city: Installation) -> Iterator[Sides]:
    """Both served, each with the other's address and the secret they share."""
    known: dict[str, dict[str, Address]] = {COUNTY: {}, CITY: {}}
    sites = {COUNTY: reachable(county, known[COUNTY]), CITY: reachable(city, known[CITY])}
    apps = {code: an_app(inst, csrf=True) for code, inst in sites.items()}
    with ExitStack() as servers:
        urls = {code: servers.enter_context(served(app)) for code, app in apps.items()}
        for mine, other in ((COUNTY, CITY), (CITY, COUNTY)):
            known[mine][other] = Address(f"{urls[other]}/exchange/{other}", SECRET)
        yield Sides(sites[COUNTY], sites[CITY], apps)
    county.db.close()
    city.db.close()


def reachable(inst: Installation, addresses: dict[str, Address]) -> Installation:
    return replace(inst, addresses=addresses, channels={"exchange": Exchange(addresses, Clock.machine)})


# -- there and back


def test_a_matter_goes_to_the_city_and_its_answer_moves_the_case(sides: Sides) -> None:
    case = run_errand(sides.county, "河水发黑", now=now())
    sides.strike()
    assert open_steps(sides.county, case) == []
    assert open_steps(sides.city, sides.city_case()) == ["register"]
    sides.city_does("register", "registrar@city_office", "accept", county_summary="请市里协调")
    sides.city_does("assign", "registrar@city_office", bureau="environment", demand="查明来源，督促整治。")
    sides.city_does("handle", "handler@environment", "submit", progress="已查实一家企业偷排，责令停产。")
    sides.city_does("answer", "director@city_office", ruling="resolved", answer_text="已查实偷排，责令停产，复测达标。")
    sides.strike()
    assert ended(sides.city, sides.city_case()) == "answered"
    assert open_steps(sides.county, case) == ["read"]
    lines = journal_lines(sides.county.db, JournalRow.case_id == case)
    sentences = [told(line, pack_of(sides.county)) for line in lines]
    assert [each for each in sentences if each] == ["给市吹哨办的消息已送达", "收到消息：answered"]
    do(sides.county, case, "read", now=later())
    assert ended(sides.county, case) == "done"


def test_what_the_city_sends_back_is_the_answer(sides: Sides) -> None:
    case = run_errand(sides.county, "护栏损坏", now=now())
    sides.strike()
    refused = {"county_summary": "护栏损坏", "opinion": "该路段由县里养护，请先行处置。"}
    sides.city_does("register", "registrar@city_office", "return", **refused)
    sides.strike()
    assert ended(sides.city, sides.city_case()) == "returned"
    assert open_steps(sides.county, case) == ["read"]


def test_a_city_that_cannot_be_reached_is_an_incident_and_the_letter_goes_when_it_can(sides: Sides) -> None:
    known: dict[str, Address] = sides.county.addresses  # type: ignore[assignment]  # this test's own
    address = known.pop(CITY)
    case = run_errand(sides.county, "河水发黑", now=now())
    for hour in range(12):
        strike(sides.county, now() + timedelta(hours=hour))
    with sides.county.db.read() as session:
        incident = session.scalars(select(IncidentRow)).one()
    assert incident.place == "给市吹哨办的消息" and "请写进 WHISTLE_EXCHANGE 指定的文件" in incident.error
    known[CITY] = address
    retry(sides.county, incident.county, incident.id, me=me(sides.county, "director@whistle_office"), now=now())
    sides.strike()
    assert open_steps(sides.city, sides.city_case()) == ["register"]
    assert open_steps(sides.county, case) == []


def test_the_county_chases_the_city_and_takes_its_matter_back(sides: Sides) -> None:
    case = run_errand(sides.county, "断头路", now=now())
    sides.strike()
    county_does(sides, case, "pressed")
    sides.strike()
    with sides.city.db.read() as session:
        texts = [notice.text for notice in session.scalars(select(NoticeRow)) if notice.kind == "chased_by_county"]
    assert texts == ["县里催办“断头路”，请市吹哨办抓紧办理。编号 JJ2026-0001。".replace("2026", f"{now().year}")]
    county_does(sides, case, "taken_back")
    sides.strike()
    assert ended(sides.county, case) == "withdrawn"
    assert ended(sides.city, sides.city_case()) == "withdrawn_end"


def county_does(sides: Sides, case: str, step: str) -> None:
    """The clerk brings about an event that nobody need bring about."""
    task = open_task(sides.county, step, CLERK, case)
    complete(sides.county, me(sides.county, CLERK), task.id, {"subject": ["好"]}, now=now(), outcome="submit")


def test_the_model_countys_own_diagram_and_the_example_city_understand_each_other(tmp_path: Path) -> None:
    """Up to the city by the county's diagram, an answer, and the county goes on with it."""
    county = a_site(tmp_path / "county", f"sqlite:///{tmp_path / 'county.sqlite'}")
    city = a_site(tmp_path / "city", f"sqlite:///{tmp_path / 'city.sqlite'}", folder=the_folder("city-example"))
    story = the_pack().stories["solved_by_city"]
    sent = next(number for number, step in enumerate(story.steps) if step.does == "decide")
    begins = now() - (story.steps[sent].at - story.begins)
    with joined(county, city) as sides:
        case = a_case(sides.county, sent + 1, "solved_by_city", begins=begins)
        sides.strike()
        assert open_steps(sides.city, sides.city_case()) == ["register"]
        sides.city_does(
            "register", "registrar@city_office", "return", county_summary="说明", opinion="请县里先行处置。"
        )
        sides.strike()
        assert open_steps(sides.county, case) == ["digest"]


# -- the door


def a_letter(**changes: object) -> bytes:
    letter: dict[str, object] = {"from": COUNTY, "to": CITY, "id": "send:1", "message": "matter_raised", "key": ""}
    payload = {"from_case": "c1", "number": None, "subject": "河水发黑", "township": "蔡岭镇", "summary": "请协调"}
    return orjson.dumps({**letter, "payload": payload, **changes})


def post(
    client: FlaskClient,
    body: bytes,
    *,
    secret: str = SECRET,
    at: timedelta = timedelta(),
    to: str = CITY,
    kind: str = "application/json",
    signed: bytes | None = None,
) -> Any:
    signature = Address("https://a.example/", secret).signed(body if signed is None else signed, "send:1", now() + at)
    return client.post(f"/exchange/{to}", data=body, content_type=kind, headers=signature)


@pytest.fixture
def client(sides: Sides) -> FlaskClient:
    """A machine in front of the city's door."""
    return sides.apps[CITY].test_client()


def test_a_letter_that_comes_twice_is_one_letter_and_gets_the_same_answer(sides: Sides, client: FlaskClient) -> None:
    first = post(client, a_letter())
    before = all_rows(sides.city)
    assert (first.status_code, first.get_json()) == (200, {"state": "delivered"})
    again = post(client, a_letter(), at=timedelta(minutes=1))
    assert (again.status_code, again.get_json()) == (200, {"state": "delivered"})
    assert all_rows(sides.city) == before
    strike(sides.city, later())
    assert open_steps(sides.city, sides.city_case()) == ["register"]


OTHER = base64.b64encode(b"the secret of somebody else ...").decode()
REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "signed by another": ({"body": a_letter(), "secret": OTHER}, 401, "签名不对"),
    "changed on the way": ({"body": a_letter(id="2"), "signed": a_letter()}, 401, "签名不对"),
    "too old": ({"body": a_letter(), "at": -timedelta(minutes=6)}, 401, "相差超过 5 分钟"),
    "from tomorrow": ({"body": a_letter(), "at": timedelta(minutes=6)}, 401, "相差超过 5 分钟"),
    "from nobody we know": ({"body": a_letter(**{"from": "110000"})}, 401, "签名不对"),
    "from the city itself": ({"body": a_letter(**{"from": CITY})}, 401, "签名不对"),
    "from one the folder does not name": ({"body": a_letter(**{"from": STRANGER})}, 403, f"不与 {STRANGER} 交换"),
    "a message that is not taken": ({"body": a_letter(message="city_answer")}, 403, "不收 都昌县 发来的“city_answer”"),
    "to another county": ({"body": a_letter(to=COUNTY)}, 404, "这里不是"),
    "at another county's door": ({"body": a_letter(), "to": COUNTY}, 404, "这里不是 360428"),
    "too large": ({"body": a_letter(payload={"x": "x" * MOST_BYTES})}, 413, "超过"),
    "large and a form": ({"body": b"x" * (MOST_BYTES + 1), "kind": "multipart/form-data; boundary=x"}, 413, "超过"),
    "a form": ({"body": b"from=360428", "kind": "application/x-www-form-urlencoded"}, 415, "不是 JSON"),
    "no JSON": ({"body": b"from=360428"}, 422, "不是 JSON"),
    "no letter": ({"body": b"[]"}, 422, "不是一封消息"),
    "a zero character": ({"body": a_letter(payload={"x": "\0"})}, 422, "不成字的编码"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_as_it_should_be_is_refused_in_words_and_nothing_is_written(
    case: str, sides: Sides, client: FlaskClient
) -> None:
    sides.city.addresses[STRANGER] = Address("https://stranger.example/", SECRET)  # type: ignore[index]  # this test's own
    given, status, words = REFUSED[case]
    before = all_rows(sides.city)
    answer = post(client, given["body"], **{name: value for name, value in given.items() if name != "body"})
    problem = answer.get_json()
    assert (answer.status_code, problem["status"], answer.mimetype) == (status, status, "application/problem+json")
    assert words in problem["title"] and problem["detail"] and problem["code"]
    assert all_rows(sides.city) == before
    assert answer.headers["Content-Security-Policy"] and "Set-Cookie" not in answer.headers


def test_a_letter_without_any_signature_is_refused(sides: Sides, client: FlaskClient) -> None:
    before = all_rows(sides.city)
    assert client.post(f"/exchange/{CITY}", data=a_letter(), content_type="application/json").status_code == 401
    assert all_rows(sides.city) == before


def test_the_token_of_forms_is_still_asked_for_everywhere_else(client: FlaskClient) -> None:
    assert client.post("/login", data={"account": "x", "password": "y"}).status_code == 400


# -- set up by the environment


def test_the_installation_says_where_partners_are_reached(tmp_path: Path) -> None:
    file = tmp_path / "exchange.toml"
    file.write_text(f'["{CITY}"]\nurl = "https://city.example/exchange/{CITY}"\nsecret = "{SECRET}"\n')
    inst = set_up(Settings(data=tmp_path / "data", exchange=file))
    assert inst.addresses == {CITY: Address(f"https://city.example/exchange/{CITY}", SECRET)}
    assert inst.channels["exchange"] == Exchange(inst.addresses, Clock.machine)
    inst.db.close()


def test_a_file_that_cannot_be_used_stops_the_start_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHISTLE_DATA", str(tmp_path))
    monkeypatch.setenv("WHISTLE_EXCHANGE", str(tmp_path / "none.toml"))
    answer = CliRunner().invoke(main, ["serve", "--port", "0"])
    assert answer.exit_code == 1 and "消息交换的地址文件" in answer.output
