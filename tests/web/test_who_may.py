"""Who may use each route: a table that states it for every route and every kind of person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from processes.installation import Installation
from processes.tables import PaperRow
from tests.kit.actors import Browsers, a_case, open_task, said
from tests.kit.assessments import assess
from tests.kit.incidents import an_incident
from tests.kit.sites import a_site, an_app, person_id

PEOPLE = {
    "nobody": "",
    "its township": "clerk@360428109",
    "other township": "clerk@360428100",
    "dispatched": "section_head@urban_management",
    "other department": "section_head@housing",
    "office": "director@whistle_office",
    "leader": "county_leader@county_leaders",
}

# In the order of PEOPLE: nobody, its township, another, the department at work, another, office, leader.
ALL_SIGNED_IN = (302, 200, 200, 200, 200, 200, 200)
CONCERNED = (302, 200, 403, 200, 403, 200, 200)
CLERKS = (302, 200, 200, 403, 403, 403, 403)
MANAGERS = (302, 403, 403, 403, 403, 200, 403)
HOLDERS = (302, 403, 403, 200, 403, 403, 403)
SHOWN_THE_DRAFT = (302, 404, 404, 200, 404, 200, 200)
TABLE = {
    "GET /": ALL_SIGNED_IN,
    "GET /done": ALL_SIGNED_IN,
    "GET /cases/": ALL_SIGNED_IN,
    "GET /cases/<number_or_id>": CONCERNED,
    "GET /cases/new/<start>": CLERKS,
    "POST /cases/new/<start>": (302, 422, 422, 403, 403, 403, 403),
    "POST /cases/new/<start>/draft": CLERKS,
    "POST /cases/new/<start>/similar": CLERKS,
    "GET /tasks/<task_id>": HOLDERS,
    "POST /tasks/<task_id>": (302, 403, 403, 422, 403, 403, 403),
    "POST /tasks/<task_id>/claim": (302, 403, 403, 302, 403, 403, 403),
    "POST /tasks/<task_id>/release": (302, 403, 403, 302, 403, 403, 403),
    "POST /tasks/<task_id>/draft": HOLDERS,
    "GET /papers/<paper_id>": (302, 302, 403, 302, 403, 302, 302),
    "GET /papers/<paper_id>/thumbnail": (302, 404, 403, 404, 403, 404, 404),
    "GET /papers/<paper_id>/download": CONCERNED,
    "GET /duties/": ALL_SIGNED_IN,
    "GET /duties/versions": ALL_SIGNED_IN,
    "GET /duties/beyond": ALL_SIGNED_IN,
    "GET /ledgers/": (302,) * 7,
    "GET /ledgers/<key>": ALL_SIGNED_IN,
    "GET /assessments/": ALL_SIGNED_IN,
    "GET /assessments/<case_id>": SHOWN_THE_DRAFT,
    "GET /assessments/<case_id>/cases": (302, 404, 404, 404, 404, 404, 404),  # of no figure
    "GET /assessments/ratings": (302, 403, 403, 403, 403, 200, 200),
    "GET /assessments/<case_id>/excel": SHOWN_THE_DRAFT,
    "GET /knowledge/": ALL_SIGNED_IN,
    "GET /knowledge/commended": ALL_SIGNED_IN,
    "GET /knowledge/<case_id>": (302, 404, 404, 404, 404, 404, 404),  # a case that was not published
    "GET /refusals/": (302, 403, 403, 403, 403, 200, 403),
    "GET /supervision/": ALL_SIGNED_IN,
    "GET /account/": ALL_SIGNED_IN,
    "POST /account/password": (302, 422, 422, 422, 422, 422, 422),
    "POST /account/visits/<token>/end": (302,) * 7,
    "POST /account/visits/end-others": (302,) * 7,
    "GET /incidents/": MANAGERS,
    "GET /incidents/<incident_id>": MANAGERS,
    "POST /incidents/<incident_id>/skip": (302, 403, 403, 403, 403, 422, 403),
    "POST /incidents/<incident_id>/retry": (302, 403, 403, 403, 403, 302, 403),  # settles it: after the others
    "GET /clock/": (302, 403, 403, 403, 403, 404, 403),  # there is no rehearsal here
    "POST /clock/": (302, 403, 403, 403, 403, 404, 403),
    "GET /login": (200, 302, 302, 302, 302, 302, 302),
    "POST /login": (422,) * 7,
    "POST /login/demo": (403,) * 7,
    "POST /logout": (302,) * 7,
    "GET /healthz": (200,) * 7,
    "POST /exchange/<county>": (415,) * 7,  # whoever signs a letter; what these send is none
    "GET /static/<path:filename>": (200,) * 7,
}


@dataclass(frozen=True)
class Place:
    """A site with one case at work in one department."""

    inst: Installation
    app: Flask
    ids: dict[str, str]

    def as_person(self, by: str) -> FlaskClient:
        """A fresh browser, signed in unless nobody."""
        client = self.app.test_client()
        if by:
            answer = client.post("/login/demo", data={"person": person_id(self.inst, by)})
            assert answer.status_code == 302
        return client


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    inst = a_site(tmp_path_factory.mktemp("site"))
    case_id = a_case(inst, 5)
    task = open_task(inst, "accept", "section_head@urban_management", case_id)
    with inst.db.read() as session:
        paper = session.scalars(select(PaperRow.id).where(PaperRow.media_type == "application/pdf")).first()
    assert paper is not None
    ids = {
        "number_or_id": case_id,
        "task_id": task.id,
        "paper_id": paper,
        "incident_id": an_incident(inst, case_id, datetime.now(UTC)),
        "start": "吹哨",
        "case_id": assess(inst, units=["urban_management"]),
        "token": "0" * 64,
        "filename": "dist/icons.svg",
        "county": "360428",
        "key": "pending",
    }
    yield Place(inst, an_app(inst), ids)
    inst.db.close()


def test_every_route_is_in_the_table(place: Place) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in place.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(TABLE)


@pytest.mark.parametrize("route", TABLE)
def test_a_route_is_open_to_those_the_table_names(place: Place, route: str) -> None:
    got = {}
    for name, by in PEOPLE.items():
        with ask(place.as_person(by), place, route) as answer:
            got[name] = answer.status_code
    assert got == dict(zip(PEOPLE, TABLE[route], strict=True))


@pytest.mark.parametrize("route", [route for route, row in TABLE.items() if row[0] == 302 and route != "POST /logout"])
def test_nobody_is_sent_to_the_door_and_back_afterwards(place: Place, route: str) -> None:
    answer = ask(place.as_person(""), place, route)
    assert answer.headers["Location"].startswith("/login")
    method, _, path = path_of(place, route).partition(" ")
    if method == "GET" and path != "/":
        page = place.as_person("").get(answer.headers["Location"])
        assert f'value="{path}"' in page.text


@pytest.mark.parametrize("route", [route for route, row in TABLE.items() if 403 in row and row[1:] != (403,) * 6])
def test_a_closed_door_says_so_in_plain_chinese(place: Place, route: str) -> None:
    refused = next(by for name, by in PEOPLE.items() if TABLE[route][list(PEOPLE).index(name)] == 403)
    words = said(ask(place.as_person(refused), place, route))
    assert "您没有权限" in words and "没有保存任何内容" in words and "请联系" in words
    assert not {"403", "Forbidden", "NotYours", "Error"} & set(words.split())


UNKNOWN = [
    "/cases/DC2026-9999",
    "/tasks/" + "0" * 32,
    "/papers/" + "0" * 32,
    "/papers/x/download",
    "/papers/x/thumbnail",
]


@pytest.mark.parametrize("path", [*UNKNOWN, "/cases/new/没有这个", "/no/such/page", "/account/none"])
def test_what_is_not_there_is_not_found_for_everybody_who_is_signed_in(place: Place, path: str) -> None:
    for by in PEOPLE.values():
        if by:
            answer = place.as_person(by).get(path)
            assert answer.status_code == 404 and "没有找到" in said(answer)


@pytest.mark.parametrize(
    "path", ["/tasks/{0}", "/tasks/{0}/claim", "/tasks/{0}/release", "/tasks/{0}/draft", "/cases/new/无"]
)
def test_nothing_can_be_done_to_what_is_not_there(place: Place, path: str) -> None:
    assert place.as_person(PEOPLE["dispatched"]).post(path.format("0" * 32)).status_code == 404


def test_every_link_on_a_persons_lists_opens(place: Place) -> None:
    a_case(place.inst, 1, "approval_needs_minutes")
    a_case(place.inst, 5, "water_pipe")
    a_case(place.inst, 99, "single_unit")
    browsers, opened = Browsers(place.inst, place.app), 0
    people = [*filter(None, PEOPLE.values()), "vetter@360428100", "collector@360428200", "section_head@water_company"]
    for by in people:
        client = browsers.of(by)
        for page in ("/", "/done", "/cases/?only=all"):
            for link in links(client.get(page).text):
                assert client.get(link).status_code == 200, (by, page, link)
                opened += 1
    assert opened > 25


def links(page: str) -> set[str]:
    hrefs = html.document_fromstring(page).xpath("//main//a/@href")
    return {href for href in hrefs if href.startswith(("/cases/", "/tasks/")) and "?" not in href}


def path_of(place: Place, route: str) -> str:
    for name, value in place.ids.items():
        route = route.replace(f"<{name}>", value).replace(f"<path:{name}>", value)
    return route


def ask(client: FlaskClient, place: Place, route: str):  # type: ignore[no-untyped-def]
    method, _, path = path_of(place, route).partition(" ")
    return client.open(path, method=method)
