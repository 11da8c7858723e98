"""Plays stories on a whole site: with its commands, or through its pages as a browser without scripts would."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Barrier, Thread
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event, select, true
from werkzeug.test import TestResponse

from engine.errors import Rejected
from engine.run import NotOpen
from engine.store.prepared import overheard
from engine.store.tables import OfferRow, TaskRow
from processes.agenda import strike
from processes.attachments import keep_paper
from processes.comings import Coming
from processes.forms import Form, Posted, as_formdata
from processes.installation import Installation
from processes.messages import Message, broadcast, send
from processes.pack import Pack
from processes.people import Me
from processes.queries.counties import only_county
from processes.schema import METADATA
from processes.stories import Story, StoryStep
from processes.tables import MatterRow
from processes.whistles import blow, form_of
from processes.work import Done, complete
from tests.kit.moved import moved, to_present
from tests.kit.papers import a_paper
from tests.kit.sites import a_person, me, person_id, the_pack


def pack_of(inst: Installation) -> Pack:
    """The county of a site."""
    with inst.db.read() as session:
        return only_county(inst, session)


def open_task(inst: Installation, step: str, by: str, case_id: str | None = None, *, branch: str = "") -> TaskRow:
    """The open task of a step: the one that post@unit may do, else the unit's, else any (to be refused).

    `branch` asks for the task of another unit. Raises NotOpen.
    """
    post, _, unit = by.partition("@")
    unit = branch or unit
    query = (
        select(TaskRow)
        .outerjoin(OfferRow, OfferRow.task_id == TaskRow.id)  # an optional task is in no inbox
        .where(TaskRow.state.in_(("open", "optional")), TaskRow.step == step)
        .order_by((OfferRow.unit == unit).desc(), (OfferRow.post == post).desc())
    )
    with inst.db.read() as session:
        found = session.scalars(query.where(TaskRow.case_id == case_id) if case_id else query).first()
    if found is None:
        raise NotOpen
    return found


def holders_of(inst: Installation, task: TaskRow) -> list[str]:
    """Who may hold a task, as post@unit."""
    with inst.db.read() as session:
        row = session.get_one(TaskRow, (task.county, task.id))
    return sorted(f"{group.post}@{group.unit}" for group in row.held_by)


def a_case(
    inst: Installation, until: int, story: str = "single_unit", *, begins: datetime | None = None, **changes: Any
) -> str:
    """The id of a case that went the first `until` steps of a story; `begins` moves the whole story in time.

    `changes` are answers of its first step that differ from the story's.
    """
    told = the_pack().stories[story]
    first = replace(told.steps[0], answers={**told.steps[0].answers, **changes})
    told = replace(told, steps=(first, *told.steps[1:]))
    return Actors(inst).play(moved(told, begins) if begins else told, until=until)


def answers_to(step: str, story: str = "single_unit", **changes: Any) -> Posted:
    """What a story fills in at a step (the last time it does), without the files; `changes` differ from it."""
    told = [each for each in the_pack().stories[story].steps if each.does == step][-1]
    form = the_pack().forms[step]
    plain = {key: value for key, value in {**told.answers, **changes}.items() if not _is_files(form, key)}
    return as_formdata(form, plain)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Everybody acts at the same moment, each in a thread of their own; what each got, or the error it met."""
    ready, got = Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        ready.wait()
        try:
            got[place] = acts[place]()
        except Exception as error:
            got[place] = error

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return got


def all_rows(inst: Installation) -> dict[str, Counter[str]]:
    """Every row of every table, to show that a refusal wrote nothing."""
    with inst.db.read() as session:
        return {
            name: Counter(repr(tuple(row)) for row in session.execute(select(table)))
            for name, table in METADATA.tables.items()
            if name not in ("county", "sealed_folder")
        }


def said(answer: TestResponse) -> str:
    """What a page says in its main part, as one line of text."""
    page = html.document_fromstring(answer.text)
    main = page.find(".//main")
    for silent in page.xpath("//script | //template | //svg"):
        silent.drop_tree()
    return " ".join((page if main is None else main).text_content().split())


@contextmanager
def listening(inst: Installation) -> Iterator[list[str]]:
    """The SQL statements that go to the database meanwhile, and each COMMIT; BEGIN and ROLLBACK are left out."""
    heard: list[str] = []

    def statement(_conn: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.startswith("BEGIN"):
            heard.append(text)

    def commit(_conn: Any) -> None:
        heard.append("COMMIT")

    engines = (inst.db.reading, inst.db.writing)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", statement)
        event.listen(engine, "commit", commit)
    with overheard(heard.append):
        yield heard
    for engine in engines:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)


def with_ids(told: Any, cases: Mapping[str, str]) -> Any:
    """What a story tells, with the ids of its cases in the place of their names."""
    if isinstance(told, Mapping):
        return {key: with_ids(value, cases) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [with_ids(value, cases) for value in told]
    return cases.get(told, told) if isinstance(told, str) else told


class Actors:
    """Everybody in a site's county, acting by command at the story's own times.

    `cases` are the ids of the story's cases by their names; "" is its own.
    """

    def __init__(self, inst: Installation) -> None:
        self.inst, self.pack = inst, pack_of(inst)
        self.cases: dict[str, str] = {}
        self.now: datetime | None = None
        self.start = ""

    @property
    def case_id(self) -> str | None:
        """The id of the story's own case, or of its first."""
        return self.cases.get("") or next(iter(self.cases.values()), None)

    def play(self, story: Story, *, until: int | None = None) -> str:
        """Play the steps of a story (the first `until` of them) and return the case's id."""
        self.now, self.start = story.begins, story.start
        for told in story.steps[:until]:
            self.now = told.at or (self.now + told.after if told.after else self.now)
            strike(self.inst, self.now)
            if told.does:
                self.act(told)
            if told.comes:
                self.receive(told.comes, story.start, told.case)
        strike(self.inst, self.now)  # what the last step threw arrives
        assert self.case_id is not None
        return self.case_id

    def receive(self, coming: Coming, start: str = "", case: str = "") -> None:
        """A message or signal comes; a case that it begins is this one if that has not begun (`start`: its kind)."""
        assert self.now is not None
        if coming.kind == "message":
            message = Message(coming.id, coming.name, coming.key or self.cases.get(case, ""), coming.payload)
            send(self.inst, self.pack.code, message, now=self.now)
        else:
            broadcast(self.inst, self.pack.code, coming.id, coming.name, coming.payload, now=self.now)
        strike(self.inst, self.now)
        if case not in self.cases:
            begun = select(MatterRow.case_id).where(MatterRow.start == start if start else true())
            with self.inst.db.read() as session:
                found = session.scalars(begun.where(MatterRow.case_id.not_in(self.cases.values()))).first()
            if found is not None:
                self.cases[case] = found

    def act(self, told: StoryStep) -> Done | None:
        """One step of the story; one that must be refused is refused."""
        try:
            done = self._do(replace(told, answers=with_ids(told.answers, self.cases)))
        except Rejected:
            assert told.then.refused, f"{told.by} {told.does} was refused"
            return None
        assert not told.then.refused, f"{told.by} {told.does} was not refused"
        self.cases[told.case] = done.case_id
        return done

    def _do(self, told: StoryStep) -> Done:
        assert self.now is not None
        who = self._who(told)
        if told.case not in self.cases:
            start = told.start or self.start or next(name for name, each in self.pack.starts.items() if each.by)
            posted = self._posted(form_of(self.pack, self.pack.starts[start]), told)
            about = self.cases.get(told.about) if self.pack.starts[start].about else None
            return blow(self.inst, who, start, posted, now=self.now, about=about, outcome=told.outcome)
        task = open_task(self.inst, told.does, told.by, self.cases[told.case], branch=told.unit)
        posted = self._posted(self.pack.forms[task.form], told)
        return complete(self.inst, who, task.id, posted, now=self.now, outcome=told.outcome)

    def _who(self, told: StoryStep) -> Me:
        return a_person(self.inst, told.person, told.by) if told.person else me(self.inst, told.by)

    def _posted(self, form: Form, told: StoryStep) -> Any:
        assert self.now is not None
        who, now = self._who(told), self.now

        def keep(name: str) -> dict[str, object]:
            return keep_paper(self.inst, who, io.BytesIO(a_paper(name)), name, now=now).plain

        return as_formdata(form, _with_papers(form, told.answers, keep))


class Browsers:
    """Everybody in a site's county, each with a browser that runs no scripts, acting at the real time."""

    def __init__(self, inst: Installation, app: Flask) -> None:
        self.inst, self.app, self.pack = inst, app, pack_of(inst)
        self._clients: dict[str, FlaskClient] = {}

    def of(self, by: str) -> FlaskClient:
        """The browser of post@unit, signed in."""
        if by not in self._clients:
            client = self.app.test_client()
            answer = client.post("/login/demo", data={"person": person_id(self.inst, by)})
            assert answer.status_code == 302, answer.text
            self._clients[by] = client
        return self._clients[by]

    def blow(self, story: Story, *, by: str | None = None, **changes: Any) -> TestResponse:
        """Send the first form of a story."""
        told, start = story.steps[0], next(iter(self.pack.starts))
        form = form_of(self.pack, self.pack.starts[start])
        data = self.posted(form, {**told.answers, **changes}, told.outcome)
        return self.of(by or told.by).post(f"/cases/new/{start}", data=data, content_type="multipart/form-data")

    def do(self, told: StoryStep, case_id: str | None = None, **changes: Any) -> TestResponse:
        """Send the form of a later step of a story."""
        task = open_task(self.inst, told.does, told.by, case_id, branch=told.unit)
        data = self.posted(self.pack.forms[task.form], {**told.answers, **changes}, told.outcome)
        return self.of(told.by).post(f"/tasks/{task.id}", data=data, content_type="multipart/form-data")

    def posted(self, form: Form, answers: Mapping[str, Any], outcome: str | None) -> dict[str, list[Any]]:
        """Answers as a browser posts them now, files as uploads."""
        answers = to_present(answers)
        uploads = {key: names for key, names in answers.items() if _is_files(form, key)}
        plain = {key: value for key, value in answers.items() if key not in uploads}
        data: dict[str, list[Any]] = {name: list(texts) for name, texts in as_formdata(form, plain).texts.items()}
        for key, names in uploads.items():
            data[key] = [(io.BytesIO(a_paper(name)), name) for name in names]
        return data | ({"outcome": [outcome]} if outcome else {})


def _is_files(form: Form, key: str) -> bool:
    return key in form.inputs and form.inputs[key].kind == "filepicker"


def _with_papers(form: Form, answers: Mapping[str, Any], keep: Any) -> dict[str, Any]:
    return {key: [keep(name) for name in value] if _is_files(form, key) else value for key, value in answers.items()}
