"""Requests no browser sends by itself: each gets a clear answer, never a fault of ours; on both databases."""

from __future__ import annotations

import pytest

from processes.installation import Installation
from tests.kit.actors import Browsers, a_case, answers_to, open_task, said
from tests.kit.sites import an_app

CLERK, COLLECTOR = "clerk@360428109", "collector@360428109"
NUL = "%00"


def test_bytes_that_no_text_holds_are_refused_or_found_nowhere(site_on_both: Installation) -> None:
    site, browsers = site_on_both, Browsers(site_on_both, an_app(site_on_both))
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    clerk, collector, nobody = browsers.of(CLERK), browsers.of(COLLECTOR), browsers.app.test_client()
    answers = {
        "search": clerk.get(f"/cases/?q=a{NUL}b"),
        "case": clerk.get(f"/cases/DC{NUL}"),
        "task": clerk.get(f"/tasks/x{NUL}"),
        "paper": clerk.get(f"/papers/x{NUL}"),
        "start": clerk.get(f"/cases/new/{NUL}"),
        "account": nobody.post("/login", data={"account": "a\x00b", "password": "x\x00y"}),
        "person": nobody.post("/login/demo", data={"person": "a\x00b"}),
        "agent": nobody.post("/login", data={"account": "x", "password": "y"}, headers={"User-Agent": "a\ufffdb"}),
        "claim": clerk.post(f"/tasks/x{NUL}/claim"),
        "visit": clerk.post(f"/account/visits/x{NUL}/end"),
        "form": collector.post(f"/tasks/{task.id}", data=collected("备注\x00")),
        "draft": collector.post(f"/tasks/{task.id}/draft", data={"note": "备注\x00"}),
        "form key": collector.post(f"/tasks/{task.id}", data=collected("备注") | {"no\x00te": "x"}),
        "filter": clerk.get(f"/cases/?only={NUL}&page={NUL}"),
        "next": nobody.get(f"/login?next=/{NUL}"),
        "surrogate": clerk.get("/cases/?q=%ed%a0%80"),
    }
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 500} == {}
    assert {answers[name].status_code for name in ("case", "task", "paper", "start")} == {404}
    assert answers["form"].status_code == 422 and "存不下的字符" in said(answers["form"])


def test_half_a_character_is_told_at_its_field_and_what_was_typed_stays(site: Installation, browsers: Browsers) -> None:
    fields = {"subject": "路灯".encode(), "place": b"\xed\xa0\x80", "outcome": b"submit"}
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (k.encode(), v) for k, v in fields.items()
    )
    body, kind = b"".join(parts) + b"--x--\r\n", "multipart/form-data; boundary=x"
    answer = browsers.of(CLERK).post("/cases/new/吹哨", data=body, content_type=kind)
    assert answer.status_code == 422 and "里有乱码" in said(answer) and 'value="路灯"' in answer.text


@pytest.mark.parametrize("path", ["/", "/done", "/cases/", "/account/", "/healthz", "/login"])
def test_asking_only_for_the_head_gives_the_same_answer_without_a_body(browsers: Browsers, path: str) -> None:
    client = browsers.of(CLERK)
    head, whole = client.head(path), client.get(path)
    assert (head.status_code, head.data) == (whole.status_code, b"")
    assert head.headers["Content-Security-Policy"] == whole.headers["Content-Security-Policy"]


def test_heads_and_options_tell_strangers_nothing(site: Installation, browsers: Browsers) -> None:
    case_id, nobody = a_case(site, 1), browsers.app.test_client()
    assert nobody.head(f"/cases/{case_id}").status_code == 302
    assert browsers.of("clerk@360428100").head(f"/cases/{case_id}").status_code == 403
    answer = nobody.options(f"/cases/{case_id}")
    assert answer.status_code == 200 and answer.data == b"" and "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/done"), ("DELETE", "/cases/"), ("PUT", "/tasks/x"), ("PATCH", "/"), ("GET", "/logout"), ("TRACE", "/")],
)
def test_other_methods_are_refused_on_a_page(browsers: Browsers, method: str, path: str) -> None:
    answer = browsers.of(CLERK).open(path, method=method)
    assert answer.status_code == 405 and "没有保存任何内容" in said(answer)


def test_a_link_cannot_sign_anybody_out_or_do_anything(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    client = browsers.of(COLLECTOR)
    for path in ("/logout", f"/tasks/{task.id}/claim", f"/tasks/{task.id}/release", f"/tasks/{task.id}/draft"):
        assert client.get(path).status_code == 405
    assert client.get(f"/tasks/{task.id}?outcome=forward&checked=facts").status_code == 200
    assert open_task(site, "collect", COLLECTOR, task.case_id).claimed_by is None


def test_very_long_questions_are_cut_and_not_carried_on(browsers: Browsers) -> None:
    client = browsers.of(CLERK)
    for query in ("q=" + "路" * 20_000, "only=" + "x" * 50_000, "page=" + "9" * 50_000, "&".join(["q=1"] * 900)):
        answer = client.get(f"/cases/?{query}")
        assert answer.status_code == 200 and len(answer.data) < 200_000


@pytest.mark.parametrize("page", ["0", "-1", "1e9", "abc", "٣", "99999999999999999999", "2", "", "1.5"])
def test_a_page_number_that_is_none_shows_a_page(browsers: Browsers, page: str) -> None:
    for path in ("/cases/", "/done"):
        assert browsers.of(CLERK).get(path, query_string={"page": page}).status_code == 200


def test_signs_that_mean_something_to_a_database_are_searched_as_they_are(
    site: Installation, browsers: Browsers
) -> None:
    a_case(site, 1, subject="路灯 100% 不亮_一")
    client = browsers.of(CLERK)
    for asked, found in (
        ("100%", True),
        ("亮_一", True),
        ("%", True),
        ("_", True),
        ("1_0", False),
        ("灯%亮", False),
        ("' OR 1=1 --", False),
    ):
        assert ("路灯" in said(client.get("/cases/", query_string={"q": asked, "only": "all"}))) == found, asked


def test_a_body_that_is_no_form_is_no_form(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    client, path = browsers.of(COLLECTOR), f"/tasks/{task.id}"
    assert client.post(path, json={"outcome": "forward"}).status_code == 422
    assert client.post(path, data=b"\xff\xfe\x00", content_type="application/octet-stream").status_code == 422
    assert client.post(path, data=b"--x\r\nbroken", content_type="multipart/form-data; boundary=x").status_code in (
        400,
        422,
    )
    assert client.post(path, data=b"no boundary", content_type="multipart/form-data").status_code in (400, 422)


def test_a_thousand_fields_too_many_are_refused(site: Installation, browsers: Browsers) -> None:
    task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
    many = {f"field{number}": "x" for number in range(3000)}
    answer = browsers.of(COLLECTOR).post(f"/tasks/{task.id}", data=many, content_type="multipart/form-data")
    assert answer.status_code == 413
    for client, path in ((browsers.of(COLLECTOR), f"/tasks/{task.id}"), (browsers.app.test_client(), "/login")):
        fat = client.post(path, data={"note": "字" * 1_000_000})
        assert fat.status_code == 413 and "太大" in said(fat)
        assert client.post(path, data=b"0" * 3_000_000, content_type="application/json").status_code == 413


def test_health_is_told_to_anybody_and_tells_nothing_more(browsers: Browsers) -> None:
    answer = browsers.app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def collected(note: str) -> dict[str, object]:
    texts = {name: list(texts) for name, texts in answers_to("collect").texts.items()}
    return {**texts, "note": note, "outcome": "forward"}
