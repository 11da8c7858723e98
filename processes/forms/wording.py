"""Words of a form with numbers of the county in them: `不到 {threshold("low_score")} 分` says the number in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.feel import Expression, FeelError, compile_expression
from processes.forms.facts import plain
from processes.forms.form import Field, Form
from processes.forms.refusals import BrokenForm
from processes.forms.world import World

_GAP = re.compile(r"\{([^{}]*)\}")


def gaps_in(text: str) -> Iterator[Expression]:
    """What is to be reckoned in a text; raises FeelError for what is no FEEL."""
    return (compile_expression(gap) for gap in _GAP.findall(text))


def worded(form: Form, world: World) -> Form:
    """The form as people read it now, its gaps filled. Raises BrokenForm for what cannot be reckoned."""
    if not any(map(_has_gaps, form.fields)):
        return form
    return replace(form, fields=tuple(_filled(field, form, world) for field in form.fields))


def _has_gaps(field: Field) -> bool:
    return any("{" in text for text in (field.text, field.help, field.say)) or any(map(_has_gaps, field.fields))


def _filled(field: Field, form: Form, world: World) -> Field:
    def said(gap: re.Match[str]) -> str:
        try:
            value = compile_expression(gap[1]).evaluate(world.values, functions=world.functions)
        except FeelError as error:
            raise BrokenForm(form=form.title or form.id, field=field.label, why="文字里的算式算不出结果。") from error
        return str(plain(value))

    text, help_, say = (_GAP.sub(said, each) for each in (field.text, field.help, field.say))
    children = tuple(_filled(each, form, world) for each in field.fields)
    return replace(field, text=text, help=help_, say=say, fields=children)
