"""One person at a browser: signs in, finds the next act, fills fields by their labels, presses the named button."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, expect

from processes.forms import Field, Form
from tests.browser.live import LiveSite
from tests.kit.papers import a_paper


class Operator:
    """A person of the demonstration at a page of their own, with a mouse or (`touches`) with a finger."""

    def __init__(self, site: LiveSite, page: Page, *, touches: bool = False) -> None:
        self.site, self.page = site, page
        self.hit = Locator.tap if touches else Locator.click

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(f"{self.site.url}{path}")

    def sign_in(self, person: str) -> None:
        """One click on the demonstration's person."""
        self.go("/login")
        self.hit(self.page.locator(f'button[name=person][value="{person}"]').first)
        expect(self.page.get_by_role("heading", level=1, name="待办")).to_be_visible()

    def begin(self, start: str) -> None:
        """From anywhere to the first form of a new case."""
        self.hit(self.page.get_by_role("link", name=f"新建{start}").first)
        expect(self.page.get_by_role("heading", level=1, name=f"新建{start}")).to_be_visible()

    def rows(self, title: str, step: str = "") -> Locator:
        """The lines of the list on the page that are about this matter (and this step)."""
        found = self.page.get_by_role("row").filter(has=self.page.get_by_role("link", name=title, exact=True))
        return found.filter(has_text=step) if step else found

    def open(self, title: str, step: str) -> None:
        """From the inbox to a task, in one click."""
        self.go("/")
        self.hit(self.rows(title, step).get_by_role("link", name=f"办理：{title}"))
        expect(self.page.get_by_role("heading", level=1, name=step)).to_be_visible()

    def choose(self, title: str, step: str) -> None:
        """From the list of matters to what one may do on the matter's page, though nobody need do it."""
        self.go("/cases/?only=all")
        self.hit(self.page.get_by_role("link", name=title, exact=True).first)
        offered = self.page.get_by_role("list", name="需要时还可以")
        self.hit(offered.get_by_role("link", name=step, exact=True))
        expect(self.page.get_by_role("heading", level=1, name=step)).to_be_visible()

    def follow(self, title: str, offer: str) -> None:
        """From the list of ended matters to what may be begun about one, on its page."""
        self.go("/cases/?only=ended")
        self.hit(self.page.get_by_role("link", name=title, exact=True).first)
        offered = self.page.get_by_role("list", name="结束以后还可以")
        self.hit(offered.get_by_role("link", name=offer, exact=True))
        expect(self.page.get_by_role("heading", level=1, name=offer)).to_be_visible()

    def fill(self, form: Form, answers: Mapping[str, Any], outcome: str | None = None) -> None:
        """Answer the form's questions, field by field in the form's order."""
        self._wait_for_scripts()
        self._show_what_is_asked(form, answers, outcome)
        self._answer_all(self.page.get_by_role("main"), form.fields, answers)

    def press(self, form: Form, outcome: str | None = None) -> None:
        """Press the button of this outcome, and say yes when it asks."""
        self._wait_for_scripts()
        pressed = next(each for each in form.outcomes if outcome in (None, each.key))
        self.hit(self.page.get_by_role("button", name=pressed.label, exact=True))
        if pressed.ask:
            question = self.page.get_by_role("dialog")
            expect(question).to_contain_text(pressed.ask)
            self.hit(question.get_by_role("button", name=pressed.label, exact=True))

    def _wait_for_scripts(self) -> None:
        """Before they have come a button does not ask yet: the form is sent at once, as without scripts."""
        self.page.wait_for_load_state("load")

    def _show_what_is_asked(self, form: Form, answers: Mapping[str, Any], outcome: str | None) -> None:
        """Questions of another than the first button open when that button is pressed."""
        first = form.outcomes[0].key
        if outcome not in (None, first) and any(
            field.outcomes and first not in field.outcomes and outcome in field.outcomes
            for field in form.inputs.values()
        ):
            label = next(each.label for each in form.outcomes if each.key == outcome)
            self.hit(self.page.get_by_role("button", name=label, exact=True))

    def _answer_all(self, part: Locator, fields: tuple[Field, ...], answers: Mapping[str, Any]) -> None:
        for field in fields:
            if field.kind == "group":
                section = part.get_by_role("group", name=field.label, exact=True).first if field.label else part
                self._answer_all(section, field.fields, answers)
            elif field.key in answers:
                self._answer(part, field, answers[field.key])

    def _answer(self, part: Locator, field: Field, value: Any) -> None:
        match field.kind:
            case "dynamiclist":
                self._answer_rows(part, field, value)
            case "select":
                part.get_by_role("combobox", name=_named(field)).select_option(label=self._label(field, value))
            case "radio":
                self._choices(part, field).get_by_role("radio", name=self._label(field, value), exact=True).check()
            case "checklist":
                for each in value:
                    self._choices(part, field).get_by_role(
                        "checkbox", name=self._label(field, each), exact=True
                    ).check()
            case "checkbox":
                part.get_by_role("checkbox", name=_named(field)).set_checked(value)
            case "filepicker":
                part.get_by_label(_named(field)).and_(part.locator("input[type=file]")).set_input_files(papers(value))
            case _:
                part.get_by_role("textbox", name=_named(field)).fill(self._text(value))

    def _answer_rows(self, part: Locator, field: Field, rows: list[Mapping[str, Any]]) -> None:
        whole = part.get_by_role("group", name=_named(field))
        for number, row in enumerate(rows, 1):
            title = f"第 {number} 项"
            if field.each is not None:
                named = str(row.get("unit", row.get("case")))
                title = self.site.pack.lists.unit_name(named) or named
            elif whole.get_by_role("group", name=title, exact=True).count() == 0:
                self.hit(whole.get_by_role("button", name="添加一项"))
            card = whole.get_by_role("group", name=title, exact=True)
            self._answer_all(card, field.fields, row)

    def _choices(self, part: Locator, field: Field) -> Locator:
        return part.get_by_role("group", name=_named(field))

    def _label(self, field: Field, value: Any) -> str:
        if field.source.startswith("awaiting:"):
            return str(value)  # a case is called by its name from the start
        return self.site.pack.lists.label(field, value)

    def _text(self, value: Any) -> str:
        if isinstance(value, datetime):
            return f"{value.astimezone(self.site.pack.calendar.zone):%Y-%m-%dT%H:%M}"
        return value.isoformat() if isinstance(value, date) else str(value)


def papers(names: list[str]) -> list[FilePayload]:
    """Small real files of these names, as a browser attaches them."""
    kind = "application/octet-stream"
    return [
        {"name": name, "mimeType": mimetypes.guess_type(name)[0] or kind, "buffer": a_paper(name)} for name in names
    ]


def _named(field: Field) -> re.Pattern[str]:
    """The accessible name of a field: its label, and the word that it must be answered."""
    return re.compile(rf"^\s*{re.escape(field.label)}\s*\*?\s*(（必填）)?\s*$")
