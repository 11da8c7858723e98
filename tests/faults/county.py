"""A county whose one short process has all that a fault can hit: forms, a timer, branches that join, two texts sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from engine.model import Files
from processes.installation import Installation
from tests.kit.diagrams import a_diagram, after, catch, parallel, service, user
from tests.kit.sites import a_site, the_folder
from web.serving import open_up
from web.settings import Settings

TOWNSHIPS = ("360428100", "360428101", "360428102")
TEXTS = 2
"""How many texts each case sends from its beginning to its end."""


_ELSEWHERE = (
    *("stories/", "report_in", "urgent", "on_site", "extension", "hold"),
    *("escalation", "joint_conference", "forms/convene", "evaluation", "assessment", "supervision"),
    *("merging", "forms/triage", "forms/open_assessment", "forms/open_commendation", "demo.toml"),
    *("typical_case", "take_down_case", "commendation"),
)
"""What the folder draws and this county does not: it would stop at what is missing."""


@cache
def a_short_county() -> Files:
    """The model county with another diagram."""
    flows = (
        "start -> propose -> tell -> fork; fork -> collect -> join; fork -> cool -> join; join -> vet -> thank -> done"
    )
    diagram = a_diagram(
        flows,
        user("propose", groups="clerk@{township}", due="propose", form="propose"),
        service("tell", "send_text", units="[township]", text='"dispatched"'),
        *parallel("fork", "join"),
        user("collect", groups="collector@{township}", due="collect", warn="step_warning", form="collect"),
        catch("cool", after("PT1S")),
        user("vet", groups="vetter@{township}", due="vet", warn="step_warning", form="vet"),
        service("thank", "send_text", units="[township]", text='"rework"'),
        id="whistle",
    )
    kept = {name: text for name, text in the_folder().items() if not name.startswith(_ELSEWHERE)}
    county = "".join(part for part in _parts(kept["county.toml"].decode()) if _is_about(part, "whistle"))
    county = county.replace('code = "360428"', 'code = "990001"')
    return kept | {"whistle.bpmn": diagram.encode(), "county.toml": county.encode()}


def _parts(county: str) -> list[str]:
    """What stands before the first section of county.toml, and each section."""
    return re.split(r"(?m)^(?=\[)", county)


def _is_about(part: str, process: str) -> bool:
    """Whether it names no other process, and no steps or messages that the shipped one alone has."""
    if part.startswith("[[starts]]"):
        return f'process = "{process}"' in part and "\nabout = " not in part
    return not part.startswith(("[analysis]", "[[ledgers]]", "[exchange", "[supervision]"))


def found(data: Path, url: str) -> None:
    """Open this county in an empty database, before any other, so that it is the one the pages show."""
    data.mkdir(exist_ok=True)
    a_site(data, url, folder=a_short_county()).db.close()


@contextmanager
def opened(data: Path, url: str, sms_url: str = "") -> Iterator[Installation]:
    """The installation, beside its servers."""
    inst = open_up(Settings(data=data, database=url, sms_url=sms_url))
    yield inst
    inst.db.close()
