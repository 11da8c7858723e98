"""Filling in a form: uploads first, then rows added or dropped, then a look around, a draft, or the act itself.

The same for a task and for a new matter; whatever is refused, what was typed stays on the page. A form that is
accepted never loads its page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from processes.attachments import keep_paper
from processes.forms import FieldError, Form, Invalid, PaperRef, Posted, World, asks_for_rows, bind, edit_rows, receive
from processes.work import Done, save_draft
from web.frame import installation
from web.guard import visit
from web.tokens import csrf_token


@dataclass(frozen=True)
class FormPage:
    """What a page needs around its form: the world the form looks at, where it is sent, and the page itself."""

    form: Form
    world: World
    action: str
    draft_url: str
    show: Callable[[Markup], str]

    def render(
        self, posted: Posted | None, *, errors: tuple[FieldError, ...] = (), focus: str = "", saved: str = ""
    ) -> str:
        """The whole page with these texts in the form."""
        form: Any = current_app.jinja_env.get_template("forms/form.html").module
        html: Markup = form.render_form(
            bind(self.form, posted, world=self.world, focus=focus),
            errors,
            action=self.action,
            csrf=csrf_token(),
            draft_url=self.draft_url,
            draft_words=saved,
        )
        return self.show(html)


@dataclass(frozen=True)
class Sent:
    """What came of a posted form: a page to show again, a draft saved, or the act done."""

    page: tuple[str, int] | None = None
    drafted: bool = False
    done: Done | None = None


def fill(
    find: Callable[[], Form],
    draft_key: str,
    load: Callable[[], FormPage],
    act: Callable[[Posted, tuple[FieldError, ...]], Done],
) -> Sent:
    """Take a posted form as far as it goes.

    `find` is asked for the form only when there is more to do than the act, which finds it itself; `load` is asked for
    the page only when it must be shown again.
    """
    posted, refused = Posted.of(request.form), tuple[FieldError, ...]()
    if request.files or "_save_draft" in posted or asks_for_rows(posted):
        received = receive(find(), posted, request.files, _keep)
        posted, refused = received.posted, received.refused
    edited = edit_rows(find(), posted) if asks_for_rows(posted) else None
    if edited is not None:
        return Sent(page=(load().render(edited.posted, errors=refused, focus=edited.focus), 200))
    if "_check_similar" in posted:
        return Sent(page=(load().render(posted, errors=refused), 200))
    if "_save_draft" in posted:
        save_draft(installation(), visit().me, draft_key, typed(posted), now=g.now)
        return Sent(page=(load().render(posted, errors=refused), 422)) if refused else Sent(drafted=True)
    try:
        return Sent(done=act(posted, refused))
    except Invalid as invalid:
        return Sent(page=(load().render(posted, errors=invalid.errors), 422))


def typed(posted: Posted) -> Posted:
    """What the person typed, without what the page itself adds."""
    return posted.without("csrf_token", "_save_draft", "outcome", "revision")


def _keep(upload: Any) -> PaperRef:
    file: FileStorage = upload
    return keep_paper(installation(), visit().me, file.stream, file.filename or "", now=g.now)
