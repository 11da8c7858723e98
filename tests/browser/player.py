"""Plays any story of a county through its pages, every step by the one who must do it, as an operator would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from playwright.sync_api import Page, expect

from engine.model.diagram import Element
from processes.forms import Form
from processes.stories import StoryStep
from processes.whistles import form_of
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.kit.moved import to_present

_NOT_OFFERED = ("not_yours", "not_open")  # refusals that the pages forestall: there is nothing to open
Seat = Callable[[str], Operator]
Look = Callable[[str, Page], None]


class Player:
    """A story on its way through the pages. `look` is called on every page that is reached, with the page's kind.

    Posts act, not named persons: in a demonstration each post is held by one person.
    """

    def __init__(self, site: LiveSite, seat: Seat, look: Look = lambda _kind, _page: None, *, title: str = "") -> None:
        """`title` names a case that is already under way."""
        self.site, self.look, self.title = site, look, title
        self._seat = seat
        self._seated: dict[str, Operator] = {}

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
        who, raises = self.of(told.by), not self.title
        if told.then.refused in _NOT_OFFERED:
            who.go("/")
            expect(who.rows(self.title, self._element(told).name)).to_have_count(0)
            return
        form = self._raise(who) if raises else self._open(who, told)
        self.look(f"form {form.id}", who.page)
        who.fill(form, to_present(told.answers), told.outcome)
        who.press(form, told.outcome)
        if told.then.refused:
            expect(who.page.get_by_role("alert")).to_contain_text("还没有提交")
            return
        self.title = str(told.answers.get(self._title_key, self.title))
        confirmed = who.page.get_by_role("status").filter(has_text="已提交")
        expect(confirmed).to_contain_text(re.compile("下一步|等待其他单位|已办结|已提交："))
        self.look("case" if raises else "inbox", who.page)

    def _raise(self, who: Operator) -> Form:
        self.look("inbox", who.page)
        who.begin(self._start_name)
        return form_of(self.site.pack, self.site.pack.starts[self._start_name])

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

    @cached_property
    def _start_name(self) -> str:
        return next(iter(self.site.pack.starts))

    @property
    def _title_key(self) -> str:
        return self.site.pack.starts[self._start_name].title
