"""Where partners are reached: the file that says so, and what becomes of a letter when the other side is odd."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import orjson
import pytest

from processes.channels import Address, AddressesUnfit, Exchange, NotTaken, read_addresses

SECRET = base64.b64encode(b"a secret of twenty-four bytes").decode()
LETTER = {
    "from": "990001",
    "to": "990400",
    "message": "matter_raised",
    "key": "",
    "payload": {"share": Decimal("0.10")},
}


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def a_door(status: int, reply: bytes, **headers: str) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A web server that answers every letter like this."""
    came: list[tuple[dict[str, str], bytes]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(status if self.path == "/" else 200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Taking)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", came
    server.shutdown()
    thread.join()
    server.server_close()


def send(url: str) -> None:
    Exchange({"990400": Address(url, SECRET)}, now).send("send:1", LETTER)


def test_a_letter_is_posted_as_json_with_its_signature() -> None:
    with a_door(200, b'{"state": "delivered"}') as (url, came):
        send(url)
    ((headers, body),) = came
    assert orjson.loads(body) == {**LETTER, "id": "send:1", "payload": {"share": 0.1}}
    assert b"0.10" in body  # an exact number stays exact
    assert Address(url, f"whsec_{SECRET}").has_signed(body, headers)


def test_a_signature_is_of_these_bytes_this_secret_and_this_time() -> None:
    address, body = Address("https://a.example/", SECRET), b'{"from": "990001"}'
    fresh = address.signed(body, "1", now())
    assert address.has_signed(body, fresh)
    assert not address.has_signed(body + b" ", fresh)
    assert not Address("https://a.example/", base64.b64encode(b"another secret of any length").decode()).has_signed(
        body, fresh
    )
    for minutes, valid in ((-6, False), (-4, True), (4, True), (6, False)):
        then = address.signed(body, "1", now() + timedelta(minutes=minutes))
        assert address.has_signed(body, then) == valid, minutes
    for odd in ({}, {"webhook-id": "2"}, {"webhook-timestamp": "soon"}, {"webhook-signature": "v1"}):
        assert not address.has_signed(body, {**fresh, **odd} if odd else {}), odd
    assert not address.has_signed(b"\xff", fresh)


@pytest.mark.parametrize(
    ("status", "reply", "words"),
    [
        (
            401,
            '{"title": "签名不对。", "detail": "请核对密钥。"}'.encode(),
            r"990400 没有收下（401）：签名不对。请核对密钥。",
        ),
        (500, b"<html>oops</html>", "没有收下（500）"),
        (200, b"<html>welcome</html>", "答复的不是消息交换"),
        (200, b'["state"]', "答复的不是消息交换"),
    ],
)
def test_a_letter_that_was_not_taken_says_so_in_the_other_sides_words(status: int, reply: bytes, words: str) -> None:
    with a_door(status, reply) as (url, _), pytest.raises(NotTaken, match=words):
        send(url)


def test_a_door_that_leads_elsewhere_has_not_taken_the_letter() -> None:
    with a_door(302, b"sign in", Location="/login") as (url, _), pytest.raises(NotTaken, match="答复的不是消息交换"):
        send(url)


def test_nobody_there_and_no_address_are_said_in_words() -> None:
    with pytest.raises(NotTaken, match="连不上 990400"):
        send("http://127.0.0.1:9/")
    with pytest.raises(NotTaken, match="没有 990400 的地址和密钥，请写进 WHISTLE_EXCHANGE 指定的文件"):
        Exchange({}, now).send("send:1", LETTER)


def test_the_file_names_each_partners_url_and_secret(tmp_path: Path) -> None:
    file = tmp_path / "exchange.toml"
    file.write_text(f'["990400"]\nurl = "https://city.example/exchange/990400"\nsecret = "whsec_{SECRET}"\n')
    (address,) = read_addresses(file).values()
    assert address == Address("https://city.example/exchange/990400", f"whsec_{SECRET}")
    assert SECRET not in repr(address)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "读不出来"),
        ('x = "y"', "应写 url 和 secret"),
        ('["990400"]\nurl = "https://a/"', "应写 url 和 secret"),
        (f'["990400"]\nurl = "ftp://a/"\nsecret = "{SECRET}"', "url 应以 https:// 或 http:// 开头"),
        ('["990400"]\nurl = "https://a/"\nsecret = "密"', "secret 应为 base64"),
        ('["990400"]\nurl = "https://a/"\nsecret = "c2hvcnQ="', "24 个字节以上"),
        ('["990400"]\nurl = 5\nsecret = "c2hvcnQ="', "990400"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_start_with_a_sentence(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "exchange.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AddressesUnfit, match=words):
        read_addresses(file)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(AddressesUnfit, match="读不出来"):
        read_addresses(tmp_path / "none.toml")
