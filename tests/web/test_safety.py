"""What protects every page: tokens in forms, headers, cookies, and not one script or style written into the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.store.tables import TaskRow
from processes.installation import Installation
from tests.kit.actors import Browsers, a_case, answers_to, holders_of, open_task, said
from tests.kit.sites import a_person, a_site, an_app, person_id
from web.app import create_app

COLLECTOR = "collector@360428109"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A site with cases at every step of the story with three departments, and one that came back."""
    inst = a_site(tmp_path_factory.mktemp("site"))
    for until in (1, 2, 3, 4, 5, 7, 9, 12, 15, 17, 18, 19, 99):
        a_case(inst, until, "water_pipe")
    a_case(inst, 5, "led_by_county_leader")
    a_case(inst, 6, "returned_to_township")
    a_case(inst, 3, "returned_at_collect")
    yield inst
    inst.db.close()


@pytest.fixture(scope="module")
def app(site: Installation) -> Flask:
    return an_app(site)


def test_every_page_obeys_the_policy_it_is_sent_with(site: Installation, app: Flask) -> None:
    pages = dict(every_page(site, app))
    steps = {name.partition(" ")[2] for name in pages if name.startswith("task ")}
    assert len(pages) > 40
    assert steps >= {
        "propose",
        "collect",
        "vet",
        "approve",
        "triage",
        "take_lead",
        "take_back",
        "accept",
        "plan",
        "audit",
        "rate",
    }
    for name, page in pages.items():
        assert written_in(page) == [], name
        assert protected(page) == [], name


def test_every_refusal_obeys_the_policy_too(site: Installation, app: Flask) -> None:
    for name, page in refusals(site, app).items():
        assert page.status_code == int(name), name
        assert written_in(page) == [] and protected(page) == [], name
        assert "<h1>" in page.text and re.search("[一-鿿]", said(page)), name


def test_papers_styles_and_pictures_carry_the_headers_as_well(app: Flask) -> None:
    with app.test_client().get("/static/dist/icons.svg") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" in answer.headers and "max-age" in answer.headers["Cache-Control"]


def test_pages_of_the_signed_in_are_never_kept_by_a_cache(site: Installation, app: Flask) -> None:
    client = Browsers(site, app).of(COLLECTOR)
    for path in ("/", "/done", "/cases/", "/account/"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/login", "/login/demo", "/logout", "/tasks/x", "/tasks/x/claim", "/cases/new/吹哨", "/account/password"]
)
def test_a_form_without_its_token_is_refused_with_a_whole_page(site: Installation, path: str) -> None:
    client = an_app(site, csrf=True).test_client()
    for data in ({}, {"csrf_token": "forged"}):
        answer = client.post(path, data=data)
        assert answer.status_code == 400
        assert "页面已过期" in said(answer) and "没有保存任何内容" in said(answer)


def test_a_form_with_its_token_is_accepted_and_the_token_is_of_one_browser(site: Installation) -> None:
    app = an_app(site, csrf=True)
    client, other = app.test_client(), app.test_client()
    token, others = token_of(client.get("/login")), token_of(other.get("/login"))
    person = person_id(site, COLLECTOR)
    assert client.post("/login/demo", data={"person": person, "csrf_token": others}).status_code == 400
    assert client.post("/login/demo", data={"person": person, "csrf_token": token}).status_code == 302


def test_every_form_on_every_page_carries_a_token(site: Installation) -> None:
    app = an_app(site, csrf=True)
    client = app.test_client()
    token = token_of(client.get("/login"))
    client.post("/login/demo", data={"person": person_id(site, "clerk@360428100"), "csrf_token": token})
    for path in ("/", "/account/", "/cases/new/吹哨"):
        for form in html.document_fromstring(client.get(path).text).xpath(
            "//form[translate(@method,'POST','post')='post']"
        ):
            assert form.xpath(".//input[@name='csrf_token' and string-length(@value) > 20]"), (path, form.get("action"))


@pytest.mark.parametrize("https", [False, True], ids=["http", "https"])
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(site: Installation, https: bool) -> None:
    app = create_app(site, secret=b"a secret of thirty-two bytes ...", https=https)
    client = app.test_client()
    page = client.get("/login", base_url="http://localhost")
    data = {"person": person_id(site, COLLECTOR), "csrf_token": token_of(page)}
    cookies = SimpleCookie("; ".join(page.headers.getlist("Set-Cookie")))
    client.set_cookie("whistle_form", cookies["whistle_form"].value)
    answer = client.post("/login/demo", data=data)
    assert answer.status_code == 302
    for header in (*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")):
        assert "HttpOnly" in header and "SameSite=Lax" in header and "Domain" not in header, header
        assert ("Secure" in header) == https, header


def test_what_people_typed_is_text_wherever_it_is_shown(site: Installation, app: Flask) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    case_id = a_case(site, 1, "single_unit", subject=attack[:40], description=attack + "路灯不亮两个月", place='"><b>x')
    task = open_task(site, "collect", COLLECTOR, case_id)
    client = Browsers(site, app).of(COLLECTOR)
    a_person(site, "<b>恶名</b>", COLLECTOR)
    for path in (
        "/",
        f"/cases/{case_id}",
        f"/tasks/{task.id}",
        "/cases/?q=<script>alert(1)</script>",
        "/cases/?only=<script>",
    ):
        page = client.get(path)
        assert page.status_code == 200 and written_in(page) == []
        assert not html.document_fromstring(page.text).xpath("//main//img[@src='x'] | //main//b[text()='x']")


def every_page(site: Installation, app: Flask) -> Iterator[tuple[str, TestResponse]]:
    """Every kind of page there is, at every state there is."""
    browsers = Browsers(site, app)
    yield "login", app.test_client().get("/login")
    for by in ("clerk@360428100", "director@whistle_office", "section_head@housing"):
        for path in ("/", "/?only=late", "/done", "/cases/", "/cases/?only=all&q=水", "/account/"):
            yield f"{by} {path}", browsers.of(by).get(path)
    yield "new", browsers.of("clerk@360428100").get("/cases/new/吹哨")
    yield "new, refused", browsers.of("clerk@360428100").post("/cases/new/吹哨", data={"subject": "只有名称"})
    with site.db.read() as session:
        tasks = session.scalars(select(TaskRow).order_by(TaskRow.opened_at)).all()
    for case_id in {task.case_id for task in tasks}:
        yield f"case {case_id}", browsers.of("director@whistle_office").get(f"/cases/{case_id}")
    for task in tasks:
        if task.state == "open":
            yield f"task {task.step}", browsers.of(holders_of(site, task)[0]).get(f"/tasks/{task.id}")
    done = next(task for task in tasks if task.state == "completed" and task.step == "collect")
    yield "stale", browsers.of("collector@360428100").get(f"/tasks/{done.id}")


def refusals(site: Installation, app: Flask) -> dict[str, TestResponse]:
    client, strict = Browsers(site, app).of(COLLECTOR), an_app(site, csrf=True).test_client()
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    data = {name: list(texts) for name, texts in answers_to("collect").texts.items()} | {"outcome": "forward"}
    client.post(f"/tasks/{task.id}", data=data)
    return {
        "400": strict.post("/login"),
        "403": client.get("/cases/new/吹哨"),
        "404": client.get("/cases/nothing"),
        "405": client.post("/done"),
        "409": client.post(f"/tasks/{task.id}", data=data),
        "422": client.post("/account/password"),
    }


def written_in(page: TestResponse) -> list[str]:
    """Scripts, styles and handlers written into a page, which the policy would not run."""
    document = html.document_fromstring(page.text)
    faults = [html.tostring(each).decode()[:80] for each in document.xpath("//script[not(@src)] | //style")]
    for element in document.iter():
        for name, value in element.items() if isinstance(element.tag, str) else ():
            if name.startswith("on") or name == "style" or value.strip().lower().startswith(("javascript:", "data:")):
                faults.append(f"{element.tag} {name}={value[:60]}")
            if name in ("src", "href", "action") and re.match(r"(https?:)?//", value):
                faults.append(f"{element.tag} leads to {value[:60]}")
    return faults


def protected(page: TestResponse) -> list[str]:
    """Headers that are missing or weak."""
    policy = page.headers.get("Content-Security-Policy", "")
    wanted = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
    weak = [f"no {each}" for each in wanted if each not in policy]
    weak += [each for each in ("unsafe-inline", "unsafe-eval", "*", "data:") if each in policy]
    expected = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
    expected["Cross-Origin-Opener-Policy"] = "same-origin"
    return weak + [name for name, value in expected.items() if page.headers.get(name) != value]


def token_of(page: TestResponse) -> str:
    tokens = html.document_fromstring(page.text).xpath("//input[@name='csrf_token']/@value")
    assert tokens
    return str(tokens[0])
