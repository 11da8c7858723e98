"""Letters that are signed: who may send what, once by its id, and whose word counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from engine.outside_values import UnfitValue
from engine.store.tables_messages import MessageRow
from processes.agenda import strike
from processes.envelopes import Letter, MessageNotTaken, UnknownSender, UnreadableLetter, read_letter, take_in
from processes.installation import Installation
from processes.messages import Receipt
from processes.tables import MatterRow
from tests.kit.actors import all_rows, open_task, pack_of
from tests.kit.errands import open_steps
from tests.kit.sites import a_site, the_folder

NOW = datetime(2026, 9, 7, 1, 10, tzinfo=UTC)
CITY, COUNTY, CASE = "360400", "360428", "5b0c1e7a94d24f0c8a6d3e21f7b90c11"
MATTER = {
    "from_case": CASE,
    "number": "DC2026-0031",
    "subject": "入湖口水质发黑",
    "township": "蔡岭镇",
    "summary": "请市里协调。",
}


@pytest.fixture
def city(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = a_site(tmp_path, database_url, folder=the_folder("city-example"))
    yield inst
    inst.db.close()


def letter(message: str = "matter_raised", id: str = "1", key: str = "", **told: object) -> Letter:
    return Letter(COUNTY, CITY, id, message, key, {**MATTER, **told})


def take(city: Installation, sent: Letter) -> Receipt:
    receipt = take_in(city, pack_of(city), sent, now=NOW)
    strike(city, NOW)
    return receipt


def test_a_countys_matter_begins_a_case_of_the_city_once(city: Installation) -> None:
    receipt = take(city, letter())
    assert receipt.state == "delivered" and receipt.case_id
    assert take(city, letter()) == receipt
    assert open_steps(city, receipt.case_id) == ["register"]
    with city.db.read() as session:
        matter = session.scalars(select(MatterRow)).one()
    assert (matter.title, matter.number, matter.started_by) == ("入湖口水质发黑", "JJ2026-0001", None)


def test_the_sender_is_who_signed_whatever_the_payload_says(city: Installation) -> None:
    receipt = take(city, letter(from_county="990401"))
    assert receipt.case_id
    with city.db.read() as session:
        row = session.get_one(MessageRow, (CITY, f"{COUNTY}:1"))
    assert row.payload["from_county"] == COUNTY


def test_chasing_and_withdrawing_find_the_case_by_the_countys_own(city: Installation) -> None:
    case, other = take(city, letter()).case_id, take(city, letter(id="2", from_case="0" * 32)).case_id
    assert case and other
    assert take(city, letter("matter_chased", "3", CASE)).case_id == case
    assert open_task(city, "register", "registrar@city_office", case)
    assert take(city, letter("matter_withdrawn", "4", CASE)).case_id == case
    assert (open_steps(city, case), open_steps(city, other)) == ([], ["register"])


def test_strangers_and_messages_we_do_not_take_are_refused_and_nothing_is_kept(city: Installation) -> None:
    before = all_rows(city)
    for sender in ("990401", "duchang"):  # the name below [exchange] is ours, no sender's
        with pytest.raises(UnknownSender, match=f"不与 {sender} 交换消息"):
            take_in(city, pack_of(city), Letter(sender, CITY, "1", "matter_raised", "", MATTER), now=NOW)
    with pytest.raises(MessageNotTaken, match="不收 都昌县 发来的“city_answer”"):
        take_in(city, pack_of(city), letter("city_answer"), now=NOW)
    with pytest.raises(UnfitValue):
        take_in(city, pack_of(city), letter(summary="\0"), now=NOW)
    assert all_rows(city) == before


GOOD: dict[str, Any] = {"from": COUNTY, "to": CITY, "id": "1", "message": "matter_raised", "key": "", "payload": {}}


def test_a_letter_is_read_from_json() -> None:
    assert read_letter(orjson.dumps(GOOD)) == Letter(COUNTY, CITY, "1", "matter_raised", "", {})
    without = {name: value for name, value in GOOD.items() if name not in ("key", "payload")}
    assert read_letter(orjson.dumps(without)) == Letter(COUNTY, CITY, "1", "matter_raised", "", {})


ODD = {
    "nothing": b"",
    "no JSON": b"from=360428",
    "a list": b"[]",
    "half": orjson.dumps(GOOD)[:-5],
    "deep": b'{"payload": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
    "no sender": orjson.dumps({**GOOD, "from": ""}),
    "a number for an id": orjson.dumps({**GOOD, "id": 5}),
    "an endless id": orjson.dumps({**GOOD, "id": "x" * 91}),
    "a zero character": orjson.dumps({**GOOD, "message": "a\0b"}),
    "a list for a payload": orjson.dumps({**GOOD, "payload": [1]}),
    "a number for a key": orjson.dumps({**GOOD, "key": 5}),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_letter_is_refused_in_words(odd: str) -> None:
    with pytest.raises(UnreadableLetter, match="来的不是一封消息"):
        read_letter(ODD[odd])
