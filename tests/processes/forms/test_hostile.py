"""Whatever is posted, a form answers with clean answers or with errors: never a crash, never anything in between."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from processes.forms import Form, Invalid, Posted, as_formdata, bind, clean, edit_rows, show
from processes.forms.world import Lists
from tests.processes.forms.builders import a_form, a_world, button, part, posted

OPTIONS = [{"value": "a", "label": "甲"}, {"value": 5, "label": "乙"}]
KINDS = ["textfield", "textarea", "number", "checkbox", "filepicker"]


def everything() -> Form:
    """A form with every kind of field, a rule, a condition and both kinds of list."""
    columns = [*(part(kind, kind) for kind in KINDS), part("datetime", "at", subtype="datetime")]
    return a_form(
        *(part(kind, kind, validate={"required": kind == "number"}) for kind in KINDS),
        *(part(kind, kind, values=OPTIONS) for kind in ("select", "radio", "checklist")),
        part("datetime", "day"),
        part("datetime", "moment", subtype="datetime", conditional={"hide": '=textfield = "x"'}),
        part("textfield", "ruled", said={"must": "count(free) >= number", "say": "不对"}),
        part("dynamiclist", "free", components=columns, said={"unique": "number"}),
        part("dynamiclist", "fixed", components=columns, said={"each": "round"}),
        button("go"),
        button("back"),
    )


FORM = everything()
WORLD = a_world({"round": [{"unit": "housing"}, {"unit": "water"}]})
KEYS = [*FORM.inputs, "outcome", "_x", "@x", "csrf_token", "add:free", "drop:free:1", "drop:free:²", "stranger"]
COLUMNS = [*KINDS, "at", "_key", "other", "²"]
NAMES = st.sampled_from(KEYS) | st.builds(
    lambda key, row, column: f"{key}-{row}-{column}",
    st.sampled_from(["free", "fixed", "textfield", "x"]),
    st.integers(-1, 12) | st.sampled_from(["", "²", "00", "99999", "__"]),
    st.sampled_from(COLUMNS),
)
WELL_KNOWN = [
    "true",
    "a",
    "5",
    "p1",
    "go",
    "housing",
    "water",
    "2026-11-20",
    "2026-11-20T09:30",
    "9" * 400,
    "1e999",
    "\x00",
    "\ud800",
]
TEXTS = st.text(max_size=12) | st.sampled_from(WELL_KNOWN)
HOSTILE = st.dictionaries(NAMES | st.text(max_size=8), st.lists(TEXTS, max_size=3), max_size=14)
SENSIBLE = {
    "textfield": ["甲", "x", ""],
    "textarea": ["一\r\n二"],
    "number": ["1", "0.5", "０"],
    "checkbox": ["true"],
    "filepicker": ["p1"],
    "select": ["a", "5", ""],
    "radio": ["5"],
    "checklist": ["a", "5"],
    "day": ["2026-11-20"],
    "moment": ["2026-11-20T09:30"],
    "ruled": ["x"],
    "free-0-_key": ["0"],
    "free-0-number": ["1", "2"],
    "free-3-number": ["3", "2.50"],
    "free-3-at": ["2026-11-20T09:30"],
    "free-7-filepicker": ["p2"],
    "fixed-0-textfield": ["y"],
    "fixed-1-checkbox": ["true"],
    "fixed-1-number": ["9"],
}
ROSTER = {"fixed-0-_key": ["housing"], "fixed-1-_key": ["water"], "outcome": ["go"], "number": ["0"]}
LIKELY = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(texts).map(lambda text: [text]) for name, texts in SENSIBLE.items()}
).map(lambda texts: {**ROSTER, **texts})
POSTS = (HOSTILE | LIKELY | st.builds(lambda likely, hostile: {**likely, **hostile}, LIKELY, HOSTILE)).map(Posted.of)


@given(texts=POSTS)
def test_whatever_is_posted_it_is_answered_and_what_was_accepted_is_plain(texts: Posted) -> None:
    try:
        kept = clean(FORM, texts, world=WORLD)
    except Invalid as invalid:
        assert invalid.errors
        assert all(error.message for error in invalid.errors)
    else:
        assert json.loads(json.dumps(kept.answers)) == kept.answers
        show(FORM, kept.answers, Lists())


@given(texts=POSTS)
def test_whatever_is_posted_can_be_shown_again_and_edited(texts: Posted) -> None:
    bind(FORM, texts, world=WORLD)
    edited = edit_rows(FORM, texts)
    if edited is not None:
        bind(FORM, edited.posted, world=WORLD)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.dates() | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(COLUMNS) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(answers=st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), ANYTHING, max_size=6))
def test_whatever_another_system_sends_it_is_answered(answers: dict[str, object]) -> None:
    try:
        clean(FORM, as_formdata(FORM, answers), world=WORLD, outcome="go")
    except Invalid as invalid:
        assert invalid.errors


@given(texts=LIKELY.map(Posted.of))
def test_what_was_accepted_once_is_accepted_again_unchanged(texts: Posted) -> None:
    try:
        kept = clean(FORM, texts, world=WORLD)
    except Invalid:
        reject()
    again = clean(FORM, as_formdata(FORM, kept.answers), world=WORLD, outcome=kept.outcome)
    assert again == kept


def test_accepted_answers_of_every_kind_survive_the_way_round() -> None:
    row = {"number": "0.5", "checkbox": True, "at": "2026-11-20T09:30:00+08:00"}
    told = {
        "textfield": "甲",
        "textarea": "一\n二",
        "number": 1,
        "checkbox": False,
        "select": "a",
        "radio": 5,
        "checklist": ["a", 5],
        "day": "2026-11-20",
        "moment": "2026-11-20T09:30:00+08:00",
        "ruled": "是",
        "free": [row, {**row, "number": 2}],
        "fixed": [{"unit": "housing", **row}, {"unit": "water", **row}],
    }
    kept = clean(FORM, as_formdata(FORM, told), world=WORLD, outcome="go")
    assert kept.answers == told
    assert clean(FORM, as_formdata(FORM, kept.answers), world=WORLD, outcome="go") == kept


def test_a_flood_of_names_is_refused_and_told_in_few_words() -> None:
    flood = {f"free-{row}-{column}": ["x" * 100] for row in range(2000) for column in COLUMNS}
    with pytest.raises(Invalid) as refused:
        clean(FORM, posted(**flood), world=WORLD, outcome="go")
    assert len(refused.value.errors) < 2000
