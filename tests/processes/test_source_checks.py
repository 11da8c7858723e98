"""Whether what forms take their choices from offers anything."""

from __future__ import annotations

from processes.check import check
from processes.pack import read_pack
from tests.kit.folders import another_version
from tests.kit.sites import the_folder


def test_a_form_offers_the_periods_that_the_county_assesses() -> None:
    more = another_version(
        "assessment.toml", "[periods.year]", '[periods.quarter]\nname = "季度"\nat_least = 2\n\n[periods.year]'
    )
    assert check(more).findings == []
    pack = read_pack(more)
    offered = pack.lists.options(pack.forms["open_assessment"].inputs["period"])
    assert [each.label for each in offered] == ["半年", "季度", "全年"]


def test_a_form_that_offers_periods_where_nobody_is_assessed_is_found() -> None:
    files = {name: raw for name, raw in the_folder().items() if name != "assessment.toml"}
    told = [each.message_zh for each in check(files).findings if each.file == "forms/open_assessment.form"]
    assert len(told) == 1 and "“考核哪一段”列出考核周期" in told[0]


def test_a_form_that_proposes_what_no_form_asks_for_is_found() -> None:
    files = another_version("forms/edit_case.form", r"latest(\"summary\")", r"latest(\"sumary\")")
    (told,) = [each.message_zh for each in check(files).findings]
    assert "“怎么办的”预填最近一次填的“sumary”，哪张表单也没有这一项，您是不是想写“summary”？" in told
