"""Plays any story of a county through its pages, every step by the one who must do it, as an operator would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.model.diagram import Element
from processes.forms import Form
from processes.starts import Start
from processes.stories import StoryStep
from processes.tables import MatterRow
from processes.whistles import form_of
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.kit.moved import to_present

_NOT_OFFERED = ("not_yours", "not_open")  # refusals that the pages forestall: there is nothing to open
Seat = Callable[[str], Operator]
Look = Callable[[str, Page], None]


class Player:
    """A story on its way through the pages. `look` is called on every page that is reached, with the page's kind.

    Posts act, not named persons: in a demonstration each post is held by one person. Several cases go side by side,
    each by the name the story gives it.
    """

    def __init__(self, site: LiveSite, seat: Seat, look: Look = lambda _kind, _page: None, *, title: str = "") -> None:
        """`title` names a case that is already under way."""
        self.site, self.look = site, look
        self._titles, self._case = {"": title} if title else {}, ""
        self._seat = seat
        self._seated: dict[str, Operator] = {}

    @property
    def title(self) -> str:
        """What the case in hand is called; "" before it is raised."""
        return self._titles.get(self._case, "")

    def play(self, steps: Iterable[StoryStep]) -> None:
        """Play the steps in which somebody does something; the clock is the real one."""
        for told in steps:
            if told.does:
                self.act(told)

    def of(self, by: str) -> Operator:
        """The one who holds post@unit, signed in since their first act."""
        if by not in self._seated:
            self._seated[by] = self._seat(by)
        return self._seated[by]

    def act(self, told: StoryStep) -> None:
        """One step: to its form, filled in, sent, confirmed or refused as the story says."""
        self._case = told.case
        who, raises = self.of(told.by), not self.title
        if told.then.refused in _NOT_OFFERED:
            who.go("/")
            expect(who.rows(self.title, self._element(told).name)).to_have_count(0)
            return
        start = self._start_of(told)
        form = self._raise(who, start, told) if raises else self._open(who, told)
        self.look(f"form {form.id}", who.page)
        who.fill(form, self._called(to_present(told.answers)), told.outcome)
        who.press(form, told.outcome)
        if told.then.refused:
            expect(who.page.get_by_role("alert")).to_contain_text("还没有提交")
            return
        self._titles[told.case] = str(told.answers.get(start.title, self.title))
        confirmed = who.page.get_by_role("status").filter(has_text="已提交")
        expect(confirmed).to_contain_text(re.compile("下一步|等待其他单位|已办结|已提交："))
        self.look("case" if raises else "inbox", who.page)

    def _raise(self, who: Operator, start: Start, told: StoryStep) -> Form:
        self.look("inbox", who.page)
        if start.about:
            who.follow(self._titles[told.about], start.offer)
        else:
            who.begin(start.name)
        return form_of(self.site.pack, start)

    def _open(self, who: Operator, told: StoryStep) -> Form:
        element = self._element(told)
        if element.is_optional:
            who.choose(self.title, element.name)
        else:
            who.open(self.title, element.name)
        return self.site.pack.forms[element.attributes["formKey"]]

    def _element(self, told: StoryStep) -> Element:
        elements = (process.find(told.does) for process in self.site.pack.definition.processes)
        return next(found for found in elements if found is not None)

    def _start_of(self, told: StoryStep) -> Start:
        starts = self.site.pack.starts
        return starts[told.start] if told.start else next(iter(starts.values()))

    def _called(self, answer: Any) -> Any:
        """Answers that name a case of the story name it as the pages do."""
        if isinstance(answer, list):
            return [self._called(each) for each in answer]
        if isinstance(answer, dict):
            return {key: self._name(each) if key == "case" else self._called(each) for key, each in answer.items()}
        return answer

    def _name(self, case: str) -> str:
        with self.site.inst.db.read() as session:
            title = MatterRow.title == self._titles[case]
            row = session.scalars(select(MatterRow).where(title)).one()
        return f"{row.number} {row.title}（{self.site.pack.unit_name(row.unit)}）"
