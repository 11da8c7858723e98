"""Filling in a form: uploads first, then rows added or dropped, then a draft, then the act itself.

The same for a task and for a new matter; whatever is refused, what was typed stays on the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import g, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from processes.attachments import keep_paper
from processes.forms import FieldError, Form, Invalid, PaperRef, Posted, World, bind, edit_rows, receive
from processes.work import Done, save_draft
from web.frame import installation
from web.guard import visit


@dataclass(frozen=True)
class Filling:
    """A form on its way: `show` renders the page with these texts and errors."""

    form: Form
    world: World
    draft_key: str
    action: str
    draft_url: str
    show: Callable[[Markup], str]

    def page(self, posted: Posted | None, *, errors: tuple[FieldError, ...] = (), focus: str = "", saved: str = "") -> str:
        """The whole page."""
        bound = bind(self.form, posted, world=self.world, focus=focus)
        html = render_template(
            "forms/page.html",
            bound=bound,
            errors=errors,
            action=self.action,
            csrf=generate_csrf(),
            draft_url=self.draft_url,
            draft_words=saved,
        )
        return self.show(Markup(html))  # noqa: S704  # rendered by Jinja with autoescape a line above


@dataclass(frozen=True)
class Sent:
    """What came of a posted form: a page to show again, a draft saved, or the act done."""

    page: tuple[str, int] | None = None
    drafted: bool = False
    done: Done | None = None


def fill(filling: Filling, act: Callable[[Posted, tuple[FieldError, ...]], Done]) -> Sent:
    """Take a posted form as far as it goes."""
    received = receive(filling.form, Posted.of(request.form), request.files, _keep)
    world = replace(filling.world, papers={**filling.world.papers, **received.papers})
    filling, posted = replace(filling, world=world), received.posted
    edited = edit_rows(filling.form, posted)
    if edited is not None:
        return Sent(page=(filling.page(edited.posted, errors=received.refused, focus=edited.focus), 200))
    if "_save_draft" in posted:
        save_draft(installation(), visit().me, filling.draft_key, _typed(posted), now=g.now)
        if received.refused:
            return Sent(page=(filling.page(posted, errors=received.refused), 422))
        return Sent(drafted=True)
    try:
        return Sent(done=act(posted, received.refused))
    except Invalid as invalid:
        return Sent(page=(filling.page(posted, errors=invalid.errors), 422))


def _keep(upload: Any) -> PaperRef:
    file: FileStorage = upload
    return keep_paper(installation(), visit().me, file.stream, file.filename or "", now=g.now)


def _typed(posted: Posted) -> Posted:
    """What the person typed, without what the page itself adds."""
    return posted.without("csrf_token", "_save_draft", "outcome", "revision")
