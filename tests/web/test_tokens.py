"""What is remembered of a browser's cookie: that we signed it, and never what a request made of it."""

from __future__ import annotations

from flask import Flask, session

from processes.installation import Installation
from tests.kit.sites import an_app


def signed(app: Flask, **values: object) -> str:
    with app.test_request_context():
        session.update(values)
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # of Flask's own kind
        return f"whistle_form={signer.dumps(dict(session))}"


def test_what_one_request_adds_is_not_in_the_next_with_the_same_cookie(site: Installation) -> None:
    app = an_app(site)
    cookie = signed(app, _flashes=[("success", "草稿已保存")])
    for _ in range(3):
        with app.test_request_context(headers={"Cookie": cookie}):
            assert [text for _, text in session["_flashes"]] == ["草稿已保存"]
            session["_flashes"].append(("success", "另一句"))


def test_a_cookie_that_we_did_not_sign_is_none_however_often_it_comes(site: Installation) -> None:
    app = an_app(site)
    forged = signed(app, csrf_token="one")[:-2] + "xx"
    for _ in range(2):
        with app.test_request_context(headers={"Cookie": forged}):
            assert "csrf_token" not in session
