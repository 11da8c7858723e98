"""What a submit asks of the database: statements and commits, in the bench's county and in the one that is shipped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from werkzeug.test import TestResponse

from engine.model import read_folder
from processes.installation import Installation
from processes.stories import StoryStep
from tests.bench.sampling import at_most, median, tell
from tests.bench.site import COUNTY, REVIEWERS
from tests.kit.actors import Browsers, listening, open_task
from tests.kit.postgres import a_database
from tests.kit.sites import a_site, an_app

_FIELDS = {"parcel": "999901-0417", "amount": "1200", "findings": "现场查看，资料齐全。"}


def measure(root: Path, postgres: str) -> None:
    """Tell the statements and commits of a form submit, and the most that any submit of a shipped story needs."""
    with a_database(postgres) as url:
        _measure_case(a_site(root, url, folder=read_folder(COUNTY)))
    with a_database(postgres) as url:
        _measure_story(a_site(root, url))


def _measure_case(inst: Installation) -> None:
    browsers = Browsers(inst, an_app(inst))
    _costs_of_a_case(inst, browsers)  # the first case of all also begins the series of numbers
    raising, (statements, commits), *reviews = _costs_of_a_case(inst, browsers)
    inst.db.close()
    more = {"raising": raising[0], "reviews": [review for review, _ in reviews]}
    tell("SQL statements of a form submit", statements, "statements", at_most(12), **more)
    tell("commits of a form submit", commits, "commits", at_most(1))


def _costs_of_a_case(inst: Installation, browsers: Browsers) -> list[tuple[int, int]]:
    """Statements and commits of every submit of a case: its raising, its examination, its three reviews."""
    acts = [("clerk@east", "", {"subject": "开设门店"}), ("examiner@desk", "examine", _FIELDS)]
    acts += [(f"reviewer@{unit}", "review", {"opinion": "同意。"}) for unit in REVIEWERS]
    costs = []
    for by, step, fields in acts:
        path = f"/tasks/{open_task(inst, step, by).id}" if step else "/cases/new/申请"
        send = partial(browsers.of(by).post, path, data=fields)
        costs.append(_heard(inst, send))
    return costs


def _measure_story(inst: Installation) -> None:
    browsers = Browsers(inst, an_app(inst))
    story = browsers.pack.stories["water_pipe"]
    for told in story.steps:
        browsers.of(told.by)
    counts: dict[str, float] = {}
    for number, told in enumerate(story.steps):
        statements, _ = _heard(inst, partial(browsers.do, told) if number else partial(browsers.blow, story))
        if not _hands_in_files(told):  # each file is a command of its own, before the form
            counts[told.does] = max(statements, counts.get(told.does, 0))
    inst.db.close()
    most = max(counts, key=lambda step: counts[step])
    tell(
        "SQL statements of a submit, shipped county, most",
        counts[most],
        "statements",
        step=most,
        median=median([*counts.values()]),
    )


def _heard(inst: Installation, act: Callable[[], TestResponse]) -> tuple[int, int]:
    """Statements and commits of an act that must be accepted."""
    with listening(inst) as heard:
        answer = act()
    assert answer.status_code == 302, answer.text
    commits = heard.count("COMMIT")
    return len(heard) - commits, commits


def _hands_in_files(told: StoryStep) -> bool:
    lists = (value for value in told.answers.values() if isinstance(value, list))
    return any(isinstance(item, str) and "." in item for value in lists for item in value)
