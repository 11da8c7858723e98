"""The door: signing in and out through pages, and where the door leads afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import update

from processes.accounts import hash_password
from processes.installation import Installation
from processes.tables import PersonRow, VisitRow
from tests.kit.actors import said
from tests.kit.sites import a_site, an_app, person_id

LOGIN, PASSWORD = "wang.fang", "湖边的三棵老樟树"
WEEK = timedelta(days=7)


@pytest.fixture
def site(tmp_path: Path) -> Installation:
    """A site with one person who has a password."""
    inst = a_site(tmp_path)
    with inst.db.write() as session:
        person = session.get_one(PersonRow, ("360428", person_id(inst, "clerk@360428109")))
        person.login, person.password = LOGIN, hash_password(PASSWORD)
    return inst


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demonstration, where stepping in costs no password."""
    inst = a_site(tmp_path_factory.mktemp("demo"))
    yield an_app(inst)
    inst.db.close()


def test_account_and_password_lead_to_the_inbox(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/login", data={"account": f" {LOGIN} ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "待办" in said(client.get("/"))


def test_a_wrong_password_is_said_on_the_page_and_the_account_name_is_kept(app: Flask) -> None:
    answer = app.test_client().post("/login", data={"account": LOGIN, "password": "不对"})
    assert answer.status_code == 422
    assert "账号或密码不正确" in said(answer) and f'value="{LOGIN}"' in answer.text
    assert "不对" not in answer.text


def test_five_wrong_passwords_say_that_the_account_is_locked(app: Flask) -> None:
    client = app.test_client()
    for _ in range(5):
        client.post("/login", data={"account": LOGIN, "password": "不对"})
    answer = client.post("/login", data={"account": LOGIN, "password": PASSWORD})
    assert answer.status_code == 422 and "已锁定" in said(answer)


def test_a_token_planted_before_signing_in_is_worth_nothing_afterwards(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("whistle", "planted-by-somebody-else")
    client.post("/login", data={"account": LOGIN, "password": PASSWORD})
    cookie = client.get_cookie("whistle")
    assert cookie is not None and cookie.value != "planted-by-somebody-else"
    intruder = app.test_client()
    intruder.set_cookie("whistle", "planted-by-somebody-else")
    assert intruder.get("/").status_code == 302


def test_signing_out_ends_the_visit_on_the_server_too(app: Flask) -> None:
    client = app.test_client()
    client.post("/login", data={"account": LOGIN, "password": PASSWORD})
    cookie = client.get_cookie("whistle")
    assert cookie is not None
    assert client.post("/logout").headers["Location"] == "/login"
    client.set_cookie("whistle", cookie.value)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("column", ["seen_at", "ends_at"])
def test_a_visit_too_long_ago_is_sent_back_to_the_door(app: Flask, site: Installation, column: str) -> None:
    client = app.test_client()
    client.post("/login", data={"account": LOGIN, "password": PASSWORD})
    assert client.get("/done").status_code == 200
    with site.db.write() as session:
        session.execute(update(VisitRow).values({column: datetime.now(UTC) - WEEK}))
    assert client.get("/done").headers["Location"] == "/login?next=/done"


def test_a_form_sent_after_the_visit_ended_leads_back_to_its_page(site: Installation) -> None:
    nobody = an_app(site).test_client()
    assert unquote(nobody.post("/cases/new/吹哨").headers["Location"]) == "/login?next=/cases/new/吹哨"
    assert nobody.post(f"/tasks/{'0' * 32}/claim").headers["Location"] == "/login"


def test_a_script_is_told_that_the_visit_ended(site: Installation) -> None:
    kept = an_app(site).test_client().post("/cases/new/吹哨/draft", headers={"Accept": "application/json"})
    assert (kept.status_code, kept.json) == (401, {"words": "登录已过期"})


GOOD = ["/done", "/cases/?only=late&page=2", "/cases/DC2026-0001", "/cases/?q=%E8%B7%AF%E7%81%AF"]
EVIL = [
    "//evil.example/",
    "https://evil.example/",
    "https:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "///evil.example",
    " //evil.example",
    "/\r\nX-Planted: 1",
    "http:///evil.example",
    "/%09/evil.example/../..//",
    "",
]


@pytest.mark.parametrize("target", GOOD)
def test_after_signing_in_one_is_where_one_wanted_to_be(demo: Flask, target: str) -> None:
    assert where_the_door_leads(demo, target) == target


@pytest.mark.parametrize("target", EVIL)
def test_the_door_never_leads_off_the_site(demo: Flask, target: str) -> None:
    location = where_the_door_leads(demo, target)
    assert location.startswith("/") and not location.startswith(("//", "/\\"))
    assert "\r" not in location and "\n" not in location and "\t" not in location
    page = demo.test_client().get("/login", query_string={"next": target})
    assert 'value="//' not in page.text and 'value="http' not in page.text and 'value="javascript' not in page.text


def test_the_password_door_leads_to_the_same_places(app: Flask) -> None:
    data = {"account": LOGIN, "password": PASSWORD}
    for target, location in (("/done", "/done"), ("//evil.example/", "/")):
        answer = app.test_client().post("/login", data={**data, "next": target})
        assert answer.headers["Location"] == location


def test_the_demonstrations_door_is_closed_when_the_switch_is_off(site: Installation) -> None:
    real = Installation(site.db, site.papers, demo=False)
    client = an_app(real).test_client()
    person = person_id(site, "clerk@360428109")
    answer = client.post("/login/demo", data={"person": person})
    assert answer.status_code == 403 and "没有开放演示登录" in said(answer)
    assert client.get("/").status_code == 302
    door = client.get("/login").text
    assert person not in door and "演示" not in door


def test_the_demonstrations_door_is_only_for_made_up_people(app: Flask, site: Installation) -> None:
    person = person_id(site, "clerk@360428109")
    with site.db.write() as session:
        session.execute(update(PersonRow).where(PersonRow.id == person).values(is_demo=False))
    assert app.test_client().post("/login/demo", data={"person": person}).status_code == 403
    assert person not in app.test_client().get("/login").text


def test_a_changed_password_signs_other_devices_out_and_says_so(app: Flask) -> None:
    here, elsewhere = app.test_client(), app.test_client()
    for client in (here, elsewhere):
        client.post("/login", data={"account": LOGIN, "password": PASSWORD})
    new = "换成一句新的话一二三"
    answer = here.post("/account/password", data={"current": PASSWORD, "new": new, "again": new}, follow_redirects=True)
    assert "密码已修改" in answer.text
    assert (here.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)


@pytest.mark.parametrize(
    ("current", "new", "again", "said_so"),
    [
        (PASSWORD, "换成一句新的话一二三", "换成别的一句话一二三", "两次输入的新密码不一致"),
        ("不对", "换成一句新的话一二三", "换成一句新的话一二三", "密码不正确"),
        (PASSWORD, "短", "短", "至少 10 位"),
    ],
)
def test_a_refused_password_says_why(app: Flask, current: str, new: str, again: str, said_so: str) -> None:
    client = app.test_client()
    client.post("/login", data={"account": LOGIN, "password": PASSWORD})
    answer = client.post("/account/password", data={"current": current, "new": new, "again": again})
    assert answer.status_code == 422 and said_so in said(answer)
    assert new not in said(answer) or len(new) < 2


def test_one_sees_ones_devices_and_ends_another(app: Flask, site: Installation) -> None:
    phone, desk = app.test_client(), app.test_client()
    phone.post("/login", data={"account": LOGIN, "password": PASSWORD}, headers={"User-Agent": "x (Android) y"})
    desk.post("/login", data={"account": LOGIN, "password": PASSWORD}, headers={"User-Agent": "x (Windows NT) y"})
    assert "安卓手机" in said(desk.get("/account/")) and "Windows 电脑" in said(desk.get("/account/"))
    assert desk.post("/account/visits/end-others").status_code == 302
    assert (phone.get("/").status_code, desk.get("/").status_code) == (302, 200)


def where_the_door_leads(app: Flask, target: str) -> str:
    data = {"person": person_id(app.extensions["whistle"], "clerk@360428109"), "next": target}
    answer = app.test_client().post("/login/demo", data=data)
    assert answer.status_code == 302 and "X-Planted" not in answer.headers
    return answer.headers["Location"]
