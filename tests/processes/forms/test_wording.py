"""Words of a form say the county's numbers as they are in force: `不到 {threshold("low_score")} 分`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.feel import FeelError
from processes.asks import form_world
from processes.check import check
from processes.forms import World, bind, clean
from processes.forms.refusals import BrokenForm, Invalid
from processes.pack import read_pack
from tests.kit.actors import answers_to
from tests.kit.folders import another_version
from tests.kit.sites import the_pack

NOW = datetime(2026, 9, 17, 2, tzinfo=UTC)
VALUES = {"lead": "urban_management", "assistants": []}


@pytest.mark.parametrize("points", [60, 70])
def test_text_help_and_refusal_say_the_number_in_force(points: int) -> None:
    pack = read_pack(another_version("limits.toml", "value = 60\n", f"value = {points}\n"))
    world = form_world(pack, VALUES, {}, now=NOW, done=lambda _step: 0)
    shown = bind(pack.forms["rate"], world=world).spec
    assert f"合计不到 {points} 分的，写明理由" in shown.fields[0].text
    assert shown.inputs["ratings"].find("reason").help.startswith(f"合计不到 {points} 分")  # type: ignore[union-attr]
    with pytest.raises(Invalid) as refused:
        clean(pack.forms["rate"], answers_to("rate", ratings=[_row(points - 1)]), world=world, outcome="submit")
    (error,) = refused.value.errors
    assert (error.path, error.message) == ("ratings-0-reason", f"四项合计不到 {points} 分，写明理由")
    clean(pack.forms["rate"], answers_to("rate", ratings=[_row(points)]), world=world, outcome="submit")


def _row(total: int) -> dict[str, object]:
    return {"unit": "urban_management", "arrival": 25, "handling": 20, "satisfaction": 10, "diligence": total - 55}


def test_a_form_without_gaps_is_the_form_itself() -> None:
    form = the_pack().forms["collect"]
    assert bind(form, world=World()).spec is form


def test_what_cannot_be_reckoned_is_said_to_be_broken() -> None:
    with pytest.raises(BrokenForm):
        bind(the_pack().forms["rate_assistants"], world=World(values=VALUES, functions={"threshold": _nothing}))
    whole = World(values=VALUES, functions={"threshold": lambda _name: Decimal("59.50")})
    assert "不到 59.5 分" in bind(the_pack().forms["rate_assistants"], world=whole).spec.fields[0].text


def _nothing(_name: object) -> object:
    raise FeelError("没有这个数")


@pytest.mark.parametrize(
    ("gap", "sentence"),
    [("{threshold(}", "文字里花括号中的算式写错了"), ("{shell(1)}", "文字里用了没有的函数：shell")],
)
def test_a_gap_that_is_no_feel_is_found_when_the_folder_is_checked(gap: str, sentence: str) -> None:
    files = another_version("forms/sum_up.form", '"description": "', f'"description": "{gap}')
    assert any(sentence in each.message_zh for each in check(files).findings)


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("rate", "low_score", "low_scor", "threshold(“low_scor”) 不是 limits.toml 里的阈值，您是不是想写“low_score”？"),
        ("handle", "extensions\\\")", "extension\\\")", "threshold(“extension”) 不是 limits.toml 里的阈值"),
        ("rate", "low_score", "rate_final", "threshold(“rate_final”) 不是 limits.toml 里的阈值"),
    ],
)  # fmt: skip
def test_a_number_that_is_nowhere_is_found_when_the_folder_is_checked(
    file: str, old: str, new: str, sentence: str
) -> None:
    found = check(another_version(f"forms/{file}.form", old, new)).findings
    assert [each for each in found if f"forms/{file}.form" in each.message_zh and sentence in each.message_zh]
