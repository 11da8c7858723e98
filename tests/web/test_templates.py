"""Every page renders from what it is promised, and nothing on it breaks the strict content security policy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from jinja2 import Environment, FileSystemLoader
from lxml import html
from markupsafe import Markup

from web.inbox_line import Line
from web.links import equip

HERE = Path(__file__).parent
WEB = HERE.parents[1] / "web"
NOW = datetime(2026, 9, 9, 6, 10, tzinfo=UTC)
PAGES = (
    "inbox",
    "case",
    "task",
    "new",
    "cases",
    "done",
    "stale",
    "error",
    "account",
    "incidents",
    "incident",
    "clock",
    "login",
    "refusals",
    "ledgers",
    "duties",
    "duty_versions",
    "duties_beyond",
    "assessments",
    "assessment",
    "assessment_cases",
    "ratings",
    "supervision",
    "knowledge",
    "knowledge_case",
    "commended",
)
ONE_FIELD = """<form method="post" action="/form"><label for="basis">研判依据</label><textarea id="basis" name="basis">
</textarea><button class="btn btn-primary" name="outcome" value="dispatch">分哨</button></form>"""

Context = dict[str, Any]


def test_every_page_there_is_is_tested_here() -> None:
    written = {path.stem for path in (WEB / "templates").glob("*.html") if not path.stem.startswith("_")}
    assert written - {"base"} == set(PAGES)


def test_a_light_speaks_by_shape_and_words_too() -> None:
    light = macro("light")
    said = [light(state, "还剩 3 小时") for state in ("green", "amber", "red", "grey")]
    assert all("还剩 3 小时" in each for each in said)
    assert len({symbol for each in said for symbol in re.findall(r"#([\w-]+)", each)}) == 4


def test_a_light_with_a_due_time_can_count_on_by_itself() -> None:
    assert 'data-due="2026-09-09T06:10:00+00:00"' in macro("light")("amber", "还剩 3 小时", NOW)
    assert "data-due" not in macro("light")("grey", "不限时")


def test_what_people_typed_is_shown_as_text_and_never_as_markup() -> None:
    page = render("case", sample("case", matter=[("吹哨事项", "<script>alert(1)</script>")]))
    assert "&lt;script&gt;alert(1)" in page


def test_rows_and_papers_among_the_answers_are_shown() -> None:
    page = render("task", sample("task"))
    assert "县住建局" in page and "/papers.view?paper_id=1" in page


def test_only_the_first_task_that_is_mine_to_do_is_pressed_upon_me() -> None:
    filled = parsed("inbox", sample("inbox")).xpath("//a[contains(@class, 'btn-primary')]")
    assert [button.get("aria-label") for button in filled] == ["办理：周溪镇码头航道淤塞渔船无法靠泊"]


def test_a_task_someone_else_holds_offers_no_claim() -> None:
    held = sample("task")
    held["task"].claimed_by, held["task"].mine = "王某", False
    assert "王某已签收" in render("task", held)
    assert "/tasks.claim" not in render("task", held)
    assert parsed("task", held).xpath("//fieldset[@disabled]//textarea[@name='basis']")


def test_a_task_shared_by_a_post_can_be_claimed_by_a_post_request() -> None:
    shared = sample("task")
    shared["task"].mine, shared["task"].may_claim = False, True
    form = parsed("task", shared).xpath("//form[starts-with(@action, '/tasks.claim')]")[0]
    assert form.get("method") == "post" and form.xpath("input[@name='csrf_token']")


def test_an_ended_case_says_how_it_ended_and_asks_nothing() -> None:
    ended = sample("case", ask=None, holders=[])
    ended["case"].ended, ended["case"].end_words = True, "已办结"
    page = render("case", ended)
    assert "已办结" in page and "去办理" not in page and "待县住建局报到" not in page


def test_an_empty_inbox_shows_where_the_finished_ones_are() -> None:
    page = render("inbox", sample("inbox", rows=[]))
    assert "今天没有待办。" in page and "本周已办 12 件" in page
    assert "这一类没有待办。" in render("inbox", sample("inbox", rows=[], filtered=True))


def test_the_error_page_says_whether_anything_was_saved() -> None:
    error = sample("error")
    assert "没有保存任何内容" in render("error", error)
    error["error"].saved = True
    assert "已经保存，请勿重复提交" in render("error", error)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_every_error_has_a_page_even_for_someone_not_signed_in(status: int) -> None:
    error = without(sample("error"), "me", "counts", "starts")
    error["error"].status = status
    assert "怎么办" in render("error", error)


def test_a_demonstration_offers_one_button_for_each_person() -> None:
    people = parsed("login", sample("login")).xpath("//button[@name='person']/@value")
    assert people == ["1", "2", "1", "3", "2"]
    assert not parsed("login", sample("login", demo=None)).xpath("//button[@name='person']")


def test_signing_out_is_a_post_with_a_token() -> None:
    form = parsed("inbox", sample("inbox")).xpath("//form[@action='/login.leave']")[0]
    assert form.get("method") == "post" and form.xpath("input[@name='csrf_token']")


def test_icons_on_the_pages_are_all_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (WEB / "static/dist/icons.svg").read_text("utf-8")))
    used = {name for page in PAGES for name in re.findall(r"icons\.svg#([\w-]+)", render(page, sample(page)))}
    assert used and used <= sprite


def test_no_stylesheet_asks_for_a_picture_the_policy_forbids() -> None:
    sheets = [path.read_text("utf-8") for path in (WEB / "static/css").glob("*.css")]
    assert sheets and not any(re.search(r"url\(.?(data|https?):|@import", sheet) for sheet in sheets)


@pytest.fixture(params=PAGES)
def screen(request: pytest.FixtureRequest) -> html.HtmlElement:
    return parsed(request.param, sample(request.param))


def test_the_page_is_in_chinese(screen: html.HtmlElement) -> None:
    assert screen.get("lang") == "zh-CN"
    assert screen.findtext(".//title").strip().endswith("都昌县乡镇吹哨、部门报到")


def test_nothing_is_styled_or_scripted_in_line(screen: html.HtmlElement) -> None:
    assert not screen.xpath("//*[@style] | //style | //@*[starts-with(name(), 'on')]")
    assert not screen.xpath("//@*[starts-with(., 'javascript:') or starts-with(., 'data:')]")
    assert all(script.get("src") and not (script.text or "").strip() for script in screen.iter("script"))


def test_every_field_has_a_label(screen: html.HtmlElement) -> None:
    labelled = {label.get("for") for label in screen.iter("label")}
    fields = screen.xpath("//input[not(@type='hidden') and not(@hidden)] | //select | //textarea")
    assert [field.get("name") for field in fields if field.get("id") not in labelled] == []


def test_headings_go_down_one_step_at_a_time(screen: html.HtmlElement) -> None:
    levels = [int(each.tag[1]) for each in screen.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_link_and_button_has_words(screen: html.HtmlElement) -> None:
    for act in screen.xpath("//a | //button | //summary"):
        assert act.text_content().strip() or act.get("aria-label") or act.xpath(".//img[@alt!='']")


def test_ids_are_unique_and_what_refers_to_them_finds_them(screen: html.HtmlElement) -> None:
    ids = screen.xpath("//@id")
    assert len(ids) == len(set(ids))
    referred = screen.xpath("//@aria-labelledby | //@aria-describedby | //@for | //@href[starts-with(., '#')]")
    assert {part.lstrip("#") for ref in referred for part in ref.split()} <= set(ids)


def test_there_is_at_most_one_filled_button(screen: html.HtmlElement) -> None:
    assert len(screen.xpath("//*[contains(@class, 'btn-primary')]")) <= 1


def render(name: str, context: Context) -> str:
    return stage().get_template(f"{name}.html").render(context)


def parsed(name: str, context: Context) -> html.HtmlElement:
    return html.document_fromstring(render(name, context))


def macro(name: str) -> Callable[..., str]:
    found: Callable[..., str] = getattr(stage().get_template("_parts.html").module, name)
    return found


def stage() -> Environment:
    """The templates as the application sets them up, with Flask's globals played by stand-ins."""
    environment = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True)
    equip(environment, address)
    environment.globals.update(
        csrf_token=lambda: "token",
        get_flashed_messages=lambda with_categories: [("success", "“提出事项”已提交。下一步：收集事项。")],
    )
    return environment


def address(endpoint: str, **values: object) -> str:
    if endpoint == "static":
        return f"/static/{values['filename']}"
    return f"/{endpoint}" + (f"?{urlencode(values)}" if values else "")


def sample(name: str, **changed: object) -> Context:
    """What a page is shown with, fresh each time: its own part of pages.toml, and what several pages share."""
    told = living(tomllib.loads((HERE / "pages.toml").read_text("utf-8")))
    shared = SHARED[name](told) if name in SHARED else {}
    known = {"now": NOW} | vars(told.everywhere) | vars(getattr(told, name, SimpleNamespace())) | shared
    return without(known, "me", "counts", "starts") | changed if name == "login" else known | changed


def waiting(told: SimpleNamespace) -> Context:
    rows = [vars(told.row) | {"due_at": None} | vars(row) for row in told.cases.rows]
    return {"rows": [SimpleNamespace(ref=row["number"], **row) for row in rows]}


def to_begin(told: SimpleNamespace) -> Context:
    return {"rows": [Line(**vars(row)) for row in told.inbox.rows]}


def listed(told: SimpleNamespace) -> Context:
    return waiting(told) | {"pages": told.pages}


def finished(told: SimpleNamespace) -> Context:
    return {"pages": told.pages}


def standing(told: SimpleNamespace) -> Context:
    told.case.timeline[-1].papers = told.papers[:1]
    for drawn in told.case.diagrams:
        drawn.svg = Markup(drawn.svg)
    for holder in told.case.holders:
        holder.explanation = told.explanation
    return {"matter": told.matter, "papers": told.papers}


def to_do(told: SimpleNamespace) -> Context:
    told.task.task.explanation = told.explanation
    told.task.aside.matter, told.task.aside.papers = told.matter, told.papers
    alike(told, told.task.aside.similar)
    return {"form_html": Markup(ONE_FIELD)}


def to_start(told: SimpleNamespace) -> Context:
    alike(told, told.new.similar)
    return {"form_html": Markup(ONE_FIELD)}


def alike(told: SimpleNamespace, panel: SimpleNamespace) -> None:
    panel.rows = [SimpleNamespace(**(vars(told.row) | {"due_at": None} | vars(row))) for row in panel.rows]


def living(value: Any) -> Any:
    """Tables become objects, except `words` and `errors`, which are mappings for the pages too."""
    if isinstance(value, list):
        return [living(each) for each in value]
    if not isinstance(value, dict):
        return value
    seen = {key: each if key in ("words", "errors") else living(each) for key, each in value.items()}
    if "due_in" in seen:
        seen["due_at"] = NOW + timedelta(hours=seen.pop("due_in"))
    return SimpleNamespace(**seen)


def without(context: Context, *keys: str) -> Context:
    return {key: value for key, value in context.items() if key not in keys}


SHARED: dict[str, Callable[[SimpleNamespace], Context]] = {
    "inbox": to_begin,
    "cases": listed,
    "done": finished,
    "refusals": finished,
    "ledgers": finished,
    "supervision": finished,
    "case": standing,
    "task": to_do,
    "new": to_start,
}
