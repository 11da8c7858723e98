"""What stories cover: a flow counts when a case has gone along it, a step when somebody has completed it."""

from __future__ import annotations

from processes.pack import read_pack
from processes.play import play
from processes.story_coverage import covered, uncompleted
from tests.kit.diagrams import a_diagram, a_folder, exclusive, user
from tests.kit.folders import lakeside_with

ASK = '[[steps]]\nby = "clerk@990002100"\ndoes = "write"\nanswers = { note = "路灯" }\n'
INQUIRY = a_diagram(
    'start -> write -> which; which -> see if about = "路灯"; which -> done; see -> done',
    user("write", groups="clerk@{township}", form="note", outputs={"about": "note"}),
    exclusive("which", "done"),
    user("see", groups="officer@duty_office", form="note"),
    id="inquiry",
)


def told(**stories: str) -> tuple[list[str], list[str]]:
    """Flows that no story takes, and steps that none completes."""
    pack = read_pack({**lakeside_with(**stories), **a_folder(INQUIRY)})
    played = [play(pack, story) for story in pack.stories.values()]
    (inquiry,) = [each for each in covered(pack, played) if each.process.id == "inquiry"]
    steps = [each.id for each in uncompleted(pack, played) if inquiry.process.find(each.id)]
    return [inquiry.sentence(flow) for flow in inquiry.missed], steps


def test_what_no_story_does_is_missed() -> None:
    assert told(lamp=ASK) == (["which → done", "see → done"], ["see"])


def test_stories_cover_together() -> None:
    see = '[[steps]]\nby = "officer@duty_office"\ndoes = "see"\nanswers = { note = "好" }\n'
    assert told(lamp=ASK + see, rain=ASK.replace("路灯", "积水")) == ([], [])


def test_a_step_that_was_refused_is_not_done() -> None:
    refused = ASK.replace("clerk", "officer") + 'then = { refused = "not_yours" }\n'
    assert told(lamp=refused)[1] == ["write", "see"]
