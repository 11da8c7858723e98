"""A case that a message began has its pages like any other: nobody is named as having raised it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from processes.installation import Installation
from processes.messages import Message, send
from tests.kit.actors import Browsers, open_task, said
from tests.kit.diagrams import Node, a_diagram, a_folder, about
from tests.kit.errands import CLERK, COUNTY, an_errand_site, user
from tests.kit.sites import an_app

COMPLAINT = a_diagram(
    "begun -> look -> done",
    Node("begun", "startEvent", "", about("message", "complaint")),
    user("look"),
    id="complaint",
    heights={"begun": 0, "look": 50, "done": 100},
)
STARTS = """
[[starts]]
process = "complaint"
name = "投诉"
message = "complaint"
unit = "360428109"
title = "subject"
number = "T{year}-{seq:04}"
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    url = f"sqlite:///{tmp_path / 'whistle.sqlite'}"
    inst = an_errand_site(tmp_path, url, "start -> ask -> done", more=a_folder(COMPLAINT), starts=STARTS)
    yield inst
    inst.db.close()


def test_it_is_listed_shown_and_worked_on(site: Installation) -> None:
    case = send(site, COUNTY, Message("m1", "complaint", "", {"subject": "路灯不亮"}), now=datetime.now(UTC)).case_id
    clerk = Browsers(site, an_app(site)).of(CLERK)
    page = said(clerk.get(f"/cases/{case}"))
    assert "路灯不亮" in page and "发起投诉" in page and "系统" in page
    for path in ("/", "/cases/", f"/tasks/{open_task(site, 'look', CLERK, case).id}"):
        assert "路灯不亮" in said(clerk.get(path)), path
