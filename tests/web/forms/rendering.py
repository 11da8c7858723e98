"""A form drawn as a page, without Flask around it: the templates need nothing of it but `url_for`."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from lxml import html

from processes.forms import FieldError, Form, Invalid, Line, Posted, World, bind, clean
from tests.processes.forms.builders import a_world
from web.links import equip

WEB = Path(__file__).parents[3] / "web"
PAGE = """{% from "forms/form.html" import render_form %}<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>表单</title>
<link rel="icon" href="{{ url_for('static', filename='dist/mark.svg') }}">
<link rel="stylesheet" href="{{ url_for('static', filename='dist/bootstrap.min.css') }}">
{% for sheet in ['app', 'parts', 'forms', 'pages'] %}
<link rel="stylesheet" href="{{ url_for('static', filename='css/' ~ sheet ~ '.css') }}">
{% endfor %}</head><body class="task-page"><div class="page"><main><h1>表单</h1><section class="sheet sheet-form">
{{ render_form(bound, errors, action='', csrf='token', revision=3, draft=draft, draft_url=draft_url) }}
</section></main></div></body></html>"""


def pages() -> Environment:
    """The project's templates as Flask would load them; a name nobody gave is an error."""
    loaded = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True)
    equip(loaded, lambda endpoint, **facts: f"/{endpoint}/{facts.get('filename') or facts.get('paper_id')}")
    return loaded


def page_of(
    form: Form,
    posted: Posted | None = None,
    *,
    world: World | None = None,
    errors: tuple[FieldError, ...] = (),
    focus: str = "",
    draft: bool = True,
    draft_url: str = "",
) -> str:
    """The whole page of a form, as text."""
    bound = bind(form, posted, world=world or a_world(), focus=focus)
    return pages().from_string(PAGE).render(bound=bound, errors=errors, draft=draft, draft_url=draft_url)


def drawn(form: Form, posted: Posted | None = None, **more: object) -> html.HtmlElement:
    return html.document_fromstring(page_of(form, posted, **more))  # type: ignore[arg-type]  # passed on as given


def drawn_with_errors(form: Form, posted: Posted, outcome: str | None = None) -> html.HtmlElement:
    """The page a person gets back after sending something that is not accepted."""
    try:
        clean(form, posted, world=a_world(), outcome=outcome)
    except Invalid as invalid:
        return drawn(form, posted, errors=invalid.errors)
    raise AssertionError("this should have been refused")


def shown(lines: list[Line]) -> html.HtmlElement:
    template = '{% from "forms/shown.html" import render_shown %}{{ render_shown(lines, "papers.view") }}'
    return html.fromstring(pages().from_string(template).render(lines=lines))
