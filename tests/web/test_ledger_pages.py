"""台账 and 清单 on pages: what waits long, the duty list with its versions, what townships cannot solve."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from processes.installation import Installation
from tests.kit.actors import Actors, Browsers, said
from tests.kit.sites import a_site, an_app, the_pack

DIRECTOR, STRANGER = "director@whistle_office", "clerk@360428100"
ON_THE_LEDGER = 14


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    inst = a_site(tmp_path_factory.mktemp("site"))
    Actors(inst).play(the_pack().stories["on_the_ledger"], until=ON_THE_LEDGER)
    Actors(inst).play(the_pack().stories["list_item_added"])
    yield inst
    inst.db.close()


def page(inst: Installation, by: str, path: str) -> str:
    answer = Browsers(inst, an_app(inst)).of(by).get(path, follow_redirects=True)
    assert answer.status_code == 200
    return said(answer)


def test_the_ledger_says_until_when_and_what_would_end_it(site: Installation) -> None:
    words = page(site, DIRECTOR, "/ledgers/")
    assert "店外经营占道多年" in words and "挂账 1" in words
    assert "什么时候复核2026年10月30日（周五）" in words and "市场改造项目立项、资金到位。" in words


def test_an_empty_ledger_says_what_it_is_for(site: Installation) -> None:
    words = page(site, STRANGER, "/ledgers/pending")
    assert "“挂账”里现在没有事项。" in words and "店外经营" not in words


def test_a_ledger_that_is_none_is_not_found(site: Installation) -> None:
    assert Browsers(site, an_app(site)).of(DIRECTOR).get("/ledgers/none").status_code == 404


def test_the_list_is_found_by_its_words_and_says_from_which_version(site: Installation) -> None:
    words = page(site, DIRECTOR, "/duties/?q=景观灯")
    assert "共 1 项" in words and "N01 城区路灯、景观灯的维修" in words and "第 1 版起" in words
    assert "没有找到含“火星”的事项。" in page(site, DIRECTOR, "/duties/?q=火星")


def test_a_version_says_who_and_why_and_its_matter_only_to_those_who_may_see_it(site: Installation) -> None:
    told = page(site, DIRECTOR, "/duties/versions")
    assert "第 1 版：增加 N01" in told and "今年已有三个乡镇为路灯吹哨" in told and "路灯不亮（蔡岭镇）" in told
    assert "路灯不亮（蔡岭镇）" not in page(site, STRANGER, "/duties/versions")


def test_what_townships_cannot_solve_leads_to_its_matters(site: Installation) -> None:
    words = page(site, DIRECTOR, "/duties/beyond")
    assert "一年内分析过 1 件" in words and "权责边界不清 1 件" in words and "路灯不亮（蔡岭镇）" in words
    assert "还没有这样的事项。" in page(site, STRANGER, "/duties/beyond")
