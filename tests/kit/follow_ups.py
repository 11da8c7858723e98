"""The model county with one process more: a withdrawn whistle is looked at again, begun from its page."""

from __future__ import annotations

import json

from engine.model import Files
from tests.kit.diagrams import Node, a_diagram, a_folder, about, exclusive, user
from tests.kit.sites import the_folder

ENTRY = """
[[starts]]
process = "look_back"
name = "回看"
step = "ask_back"
by = "clerk"
about = "吹哨"
ends = ["withdrawn_early"]
offer = "再看一眼"
within = "respond"
carries = ["place", "approve.opinion"]
tells = { opinion = "collect.opinion", old_round = "propose.township" }
once = true
again_after = ["dropped"]
title = "subject"
number = "HK{year}-{seq:04}"
"""
STORY = """
[[steps]]
case = "回看"
start = "回看"
by = "clerk@360428109"
does = "ask_back"
at = 2026-09-08T09:00:00+08:00
answers = { subject = "又坑洼了", place = "环城路东段", opinion = "请看看" }
then = { open = ["say"] }
"""


def a_county(entry: str = ENTRY, *, by_message: bool = False, story: str = "") -> Files:
    """The model county with `look_back` and its entry of [[starts]]; `by_message`: begun at a message start event."""
    begun = (
        Node("asked", "startEvent", "", about("message", "asked_back")) if by_message else Node("asked", "startEvent")
    )
    if by_message:
        entry += 'message = "asked_back"\n'
    diagram = a_diagram(
        'asked -> ask_back -> say -> which; which -> dropped; which -> kept if former.number != null and said = "keep"',
        begun,
        user("ask_back", groups="clerk@{township}", due="propose", form="ask_back"),
        user("say", groups="vetter@{township}", due="vet", form="say", outputs={"said": "outcome"}),
        exclusive("which", "dropped"),
        id="look_back",
        heights=dict.fromkeys(("asked", "ask_back", "say", "which", "dropped", "kept"), 100),
    )
    forms = {
        "forms/ask_back.form": _form("ask_back", ("subject", "place", "opinion"), ("submit",)),
        "forms/say.form": _form("say", ("note",), ("keep", "drop")),
    }
    county = the_folder()["county.toml"] + entry.encode()
    told = {"stories/looked_back.toml": (the_folder()["stories/withdrawn_at_triage.toml"].decode() + story).encode()}
    return {**the_folder(), **a_folder(diagram), **forms, "county.toml": county, **(told if story else {})}


def _form(id: str, fields: tuple[str, ...], outcomes: tuple[str, ...]) -> bytes:
    asked = [{"type": "textfield", "id": f"{key}_field", "key": key, "label": key} for key in fields]
    buttons = [
        {"type": "button", "id": f"{key}_button", "action": "submit", "key": key, "label": key} for key in outcomes
    ]
    return json.dumps({"type": "default", "id": id, "schemaVersion": 19, "components": [*asked, *buttons]}).encode()
