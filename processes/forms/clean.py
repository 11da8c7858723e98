"""The one door for answers: nothing a person, a story or another system fills in reaches a case but through here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from processes.forms.bind import TaskForm, bind
from processes.forms.examine import Examination
from processes.forms.form import Form
from processes.forms.posted import MultiDict, Posted
from processes.forms.refusals import FieldError, Invalid
from processes.forms.world import World


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A step's answers, ready to keep: the pressed outcome and JSON-plain values by key.

    Text is stripped str; a number is int, or decimal text when it has a fraction; a date or date-time is ISO text; a
    choice is its option's value, a checklist a list of them; a checkbox bool; files are a list of
    {id, name, size, media_type}; rows a list of dicts, those of an `each` list with all they were given. What was
    left empty, hidden, or not asked for this outcome is absent.
    """

    outcome: str
    answers: Mapping[str, object]


def clean(
    form: Form,
    formdata: MultiDict | Posted,
    *,
    world: World,
    outcome: str | None = None,
    refused: tuple[FieldError, ...] = (),
) -> Cleaned:
    """Check everything that was posted for this form.

    `outcome` is the pressed button where the caller knows it, else it is read from the posted `outcome`; a form with
    one button needs none. `refused` are errors found before (files that could not be kept).
    Raises Invalid with every error, in the order of the form, and BrokenForm when the form itself cannot be used.
    """
    posted = Posted.of(formdata)
    bound = bind(form, posted, world=world)
    examination = Examination(bound, _chosen_outcome(form, posted, outcome))
    answers = examination.run()
    unkept = tuple(_where_they_stand_now(refused, bound))
    errors = [*_strangers(bound), *unkept, *examination.errors]
    if errors:
        raise Invalid(_in_order(form, errors, unkept))
    return Cleaned(examination.outcome, answers)


def _chosen_outcome(form: Form, posted: Posted, given: str | None) -> str:
    key = given if given is not None else posted.get("outcome")
    if key is None and len(form.outcomes) == 1:
        return form.outcomes[0].key
    if key is None or len(posted.getlist("outcome")) > 1 or form.find_outcome(key) is None:
        raise Invalid((FieldError("", "办理结果", "请用表单下方的按钮提交"),))
    return key


def _strangers(bound: TaskForm) -> Iterator[FieldError]:
    if bound.arranged.strangers:
        shown = (name if name.isprintable() else ascii(name) for name in bound.arranged.strangers[:3])
        names = "、".join(name[:40] for name in shown)
        yield FieldError("", "表单之外的内容", f"提交了表单之外的内容（{names}），没有接受")


def _where_they_stand_now(refused: tuple[FieldError, ...], bound: TaskForm) -> Iterator[FieldError]:
    for error in refused:
        key, _, rest = error.path.partition("-")
        number, _, column = rest.partition("-")
        place = bound.arranged.moved.get((key, int(number))) if column and number.isdigit() else None
        if place is None:
            yield error
        else:
            yield replace(error, path=f"{key}-{place}-{column}", where=bound[key].title(place))


def _in_order(form: Form, errors: list[FieldError], unkept: tuple[FieldError, ...]) -> tuple[FieldError, ...]:
    """One error a field, the first; but every file that could not be kept is named."""
    places = {key: place for place, key in enumerate(form.inputs)}
    first_of_each = {(error.path or error.message): error for error in reversed(errors)}
    errors = [each for each in errors if each in unkept or first_of_each[each.path or each.message] is each]
    return tuple(sorted(errors, key=lambda error: places.get(error.path.partition("-")[0], -1)))
