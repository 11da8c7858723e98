"""Messages that cannot be kept are refused in words, at once, and nothing of them is written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.outside_values import UnfitValue
from engine.store.tables_jobs import JobRow
from engine.store.tables_messages import MessageRow
from processes.installation import Installation
from processes.messages import Message, UnknownMessage, broadcast, send
from tests.kit.diagrams import about, catch
from tests.kit.errands import COUNTY, NOW, an_errand_site, later, open_steps, run_errand, task_of, user

WAITING = catch("answered", about("message", "reply"), key="subject", outputs={"text": "text"})
HEARING = ("start -> ask -> answered -> read -> done", WAITING, user("read"))


def nested(deep: int) -> object:
    value: object = 1
    for _ in range(deep):
        value = [value]
    return value


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = an_errand_site(tmp_path, database_url, *HEARING)
    yield inst
    inst.db.close()


def rows(inst: Installation) -> list[int]:
    with inst.db.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (MessageRow, JobRow)]


ODD: list[tuple[dict[str, object], str]] = [
    ({"text": float("nan")}, "“text”的内容不能保存：不是数字"),
    ({"text": {"a": [float("inf")]}}, "“text”的内容不能保存：不是数字"),
    ({"text": "半个\ud83d"}, "“text”.*不成字"),
    ({"半\ud83d": 1}, "不成字"),
    ({"text": "零\0"}, "“text”.*不成字"),
    ({"text": "长" * 400_000}, "“text”.*超过 1,000,000 字节"),
    ({"text": nested(60)}, "嵌套超过 50 层"),
    ({"text": nested(100_000)}, "嵌套超过 50 层"),
    ({"text": {1: 2}}, "名称应为文字"),
    ({"text": b"raw"}, "不认识的类型 bytes"),
]


def test_a_payload_that_does_not_fit_is_refused_and_nothing_is_written(site: Installation) -> None:
    before = rows(site)
    for payload, why in ODD:
        with pytest.raises(UnfitValue, match=why):
            send(site, COUNTY, Message("m1", "reply", "东街", payload), now=NOW)
    assert rows(site) == before


@pytest.mark.parametrize(
    ("id", "key"), [("", "东街"), ("m" * 101, "东街"), ("m1", "街" * 201), ("m\0", "东街"), ("m1", "\ud83d")]
)
def test_an_id_or_a_key_that_does_not_fit_is_refused(site: Installation, id: str, key: str) -> None:
    before = rows(site)
    with pytest.raises(UnfitValue):
        send(site, COUNTY, Message(id, "reply", key), now=NOW)
    assert rows(site) == before


def test_a_signal_that_does_not_fit_or_that_nobody_draws_is_refused(site: Installation) -> None:
    before = rows(site)
    with pytest.raises(UnfitValue):
        broadcast(site, COUNTY, "s1", "reply", {"text": float("nan")}, now=NOW)
    with pytest.raises(UnknownMessage, match="“bell”"):
        broadcast(site, COUNTY, "s1", "bell", {}, now=NOW)
    assert rows(site) == before


def test_words_that_look_like_a_libraries_are_only_words(site: Installation) -> None:
    case = run_errand(site, "东街")
    odd = {"typename": "timedelta", "@": "date", "v": "2026-09-09", "n": 0.1}
    send(site, COUNTY, Message("m1", "reply", "东街", {"text": odd}), now=NOW)
    later(site, NOW)
    assert open_steps(site, case) == ["read"]
    assert task_of(site, case, "read").process_values["text"] == odd | {"n": Decimal("0.1")}
