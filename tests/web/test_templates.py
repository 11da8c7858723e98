"""Every page renders from what it is promised, and nothing on it breaks the strict content security policy."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace as Of
from urllib.parse import urlencode

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html
from markupsafe import Markup

WEB = Path(__file__).parents[2] / "web"
NOW = datetime(2026, 9, 9, 6, 10, tzinfo=UTC)
MATTER = [
    ("吹哨事项", "城区自来水管网未接通"),
    ("哨声类别", "热点问题"),
    ("哨声", "平哨"),
    ("发生地点", "都昌镇东街社区滨湖小区 3–6 栋"),
    ("情况说明", "小区 126 户自来水管网未与市政主管接通，居民靠一口深井取水。\n社区三次协调供水公司未果，镇无执法和建设权限。"),
    ("吹哨理由", "乡镇自身无力解决"),
    ("联络人", "刘某 0792-5230000"),
]
EXPLANATION = (
    "从 9月7日（周一） 09:12 起算（分哨时间）。",
    "平哨响应时限：2 个工作日（DC-9）。",
    "9月8日（周二）第 1 个工作日，9月9日（周三）第 2 个工作日。",
    "到 9月9日（周三） 17:30 下班时到期。",
)


def test_every_page_has_been_given_to_these_tests() -> None:
    written = {path.stem for path in (WEB / "templates").glob("*.html") if not path.stem.startswith("_")}
    assert written - {"base"} == {name.split("-")[0] for name in PAGES}


def test_a_light_speaks_by_shape_and_words_too() -> None:
    light = template_module().light
    seen = {state: light(state, "还剩 3 小时") for state in ("green", "amber", "red", "grey")}
    assert all("还剩 3 小时" in piece for piece in seen.values())
    assert len({re.search(r"#([\w-]+)", piece)[1] for piece in seen.values()}) == 4  # type: ignore[index]


def test_what_people_typed_is_shown_as_text_and_never_as_markup() -> None:
    case = a_case() | {"matter": [("吹哨事项", "<script>alert(1)</script>")]}
    assert "&lt;script&gt;alert(1)" in render("case", case)


def test_a_task_someone_else_holds_offers_no_claim() -> None:
    held = a_task()
    held["task"].claimed_by, held["task"].mine = "王某", False
    assert "王某已签收" in render("task", held)
    assert "/tasks.claim" not in render("task", held)


def test_an_unmentioned_filter_shows_where_the_finished_ones_are() -> None:
    empty = an_inbox() | {"rows": []}
    assert "今天没有待办。" in render("inbox", empty)
    assert "本周已办结 12 件" in render("inbox", empty)


def test_the_error_page_says_whether_anything_was_saved() -> None:
    assert "没有保存任何内容" in render("error", an_error(413))
    assert "已经保存，请勿重复提交" in render("error", an_error(500, saved=True))


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_every_error_has_a_page_even_for_someone_not_signed_in(status: int) -> None:
    context = without(an_error(status), "me", "counts")
    assert "怎么办" in render("error", context)


def test_a_demonstration_offers_one_button_for_each_person() -> None:
    page = parsed("login", a_door())
    assert [button.get("value") for button in page.xpath("//button[@name='person']")] == ["1", "2", "3", "1", "4", "2", "3"]
    assert not parsed("login", without(a_door(), "demo")).xpath("//button[@name='person']")


def test_signing_out_is_a_post_with_a_token() -> None:
    form = parsed("inbox", an_inbox()).xpath("//form[@action='/login.leave']")[0]
    assert form.get("method") == "post"
    assert form.xpath("input[@name='csrf_token']")


def test_icons_on_the_pages_are_all_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (WEB / "static/dist/icons.svg").read_text("utf-8")))
    used = {name for page in PAGES for name in re.findall(r"icons\.svg#([\w-]+)", render(*of_page(page)))}
    assert used and used <= sprite


@pytest.fixture(params=["inbox", "case", "case-ended", "task", "new", "cases", "done", "stale", "error", "account", "login"])
def screen(request: pytest.FixtureRequest) -> html.HtmlElement:
    return parsed(*of_page(request.param))


def test_the_page_is_in_chinese(screen: html.HtmlElement) -> None:
    assert screen.get("lang") == "zh-CN"
    assert screen.findtext(".//title").strip().endswith("都昌县乡镇吹哨、部门报到")


def test_nothing_is_styled_or_scripted_in_line(screen: html.HtmlElement) -> None:
    assert not screen.xpath("//*[@style] | //style | //@*[starts-with(name(), 'on')] | //@*[starts-with(., 'javascript:')]")
    assert all(script.get("src") and not (script.text or "").strip() for script in screen.iter("script"))
    assert not screen.xpath("//@src[starts-with(., 'data:')] | //@href[starts-with(., 'data:')]")


def test_every_field_has_a_label(screen: html.HtmlElement) -> None:
    labelled = {label.get("for") for label in screen.iter("label")}
    fields = screen.xpath("//input[not(@type='hidden') and not(@hidden)] | //select | //textarea")
    assert [field.get("name") for field in fields if field.get("id") not in labelled] == []


def test_headings_go_down_one_step_at_a_time(screen: html.HtmlElement) -> None:
    levels = [int(heading.tag[1]) for heading in screen.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_every_link_button_and_list_has_words(screen: html.HtmlElement) -> None:
    acts = screen.xpath("//a | //button | //summary")
    assert [act for act in acts if not (act.text_content().strip() or act.get("aria-label") or act.xpath(".//img[@alt!='']"))] == []


def test_ids_are_unique_and_what_refers_to_them_finds_them(screen: html.HtmlElement) -> None:
    ids = screen.xpath("//@id")
    assert len(ids) == len(set(ids))
    referred = screen.xpath("//@aria-labelledby | //@aria-describedby | //@for | //@href[starts-with(., '#')]")
    assert {part.lstrip("#") for ref in referred for part in ref.split()} <= set(ids)


def test_there_is_at_most_one_filled_button(screen: html.HtmlElement) -> None:
    assert len(screen.xpath("//*[contains(@class, 'btn-primary')]")) <= 1


def render(name: str, context: dict[str, object]) -> str:
    return environment().get_template(f"{name}.html").render(context)


def parsed(name: str, context: dict[str, object]) -> html.HtmlElement:
    return html.document_fromstring(render(name, context))


def of_page(name: str) -> tuple[str, dict[str, object]]:
    return name.split("-")[0], PAGES[name]()


def without(context: dict[str, object], *keys: str) -> dict[str, object]:
    return {key: value for key, value in context.items() if key not in keys}


def template_module() -> object:
    return environment().get_template("_parts.html").module


def environment() -> Environment:
    stage = Environment(loader=FileSystemLoader(WEB / "templates"), undefined=StrictUndefined, autoescape=True)
    stage.globals.update(
        url_for=address_of,
        csrf_token=lambda: "token",
        get_flashed_messages=lambda with_categories: [("success", "已提交。下一步由县吹哨办分析研判。")],
    )
    return stage


def address_of(endpoint: str, **values: object) -> str:
    if endpoint == "static":
        return f"/static/{values['filename']}"
    return f"/{endpoint}" + (f"?{urlencode(values)}" if values else "")


def everywhere() -> dict[str, object]:
    return {
        "me": Of(name="陈某", posts=[Of(post_name="分哨员", unit_name="县吹哨办"), Of(post_name="审核员", unit_name="县吹哨办")]),
        "county": Of(name="都昌县", short="都昌"),
        "counts": Of(inbox=7, late=1),
        "words": {"welcome": "先看“待办”，最急的排在最前。", "whistle": {"case": "哨单"}},
        "now": NOW,
        "starts": [Of(key="whistle", name="吹哨")],
    }


def a_light(state: str, words: str, hours: float | None = None) -> Of:
    return Of(state=state, words=words, due_at=None if hours is None else NOW + timedelta(hours=hours))


def a_row(number: int, title: str, step: str, hours: float | None, state: str, words: str, exact: str, **more: object) -> Of:
    facts = {
        "task_id": number, "case_id": number, "number": f"DC-2026-{number:04}", "title": title, "step_name": step,
        "township": "都昌镇", "unit_name": "县吹哨办", "round": 1, "claimed_by": None, "mine": False, "new": False,
    }  # fmt: skip
    due = None if hours is None else NOW + timedelta(hours=hours)
    light = Of(state=state, words={"red": "已超期", "amber": "临近到期", "green": "在时限内", "grey": "不限时"}[state])
    return Of(**(facts | {"light": light, "due_at": due, "due_words": words, "due_exact": exact} | more))


def an_inbox() -> dict[str, object]:
    rows = [
        a_row(31, "周溪镇码头航道淤塞渔船无法靠泊", "结果审核", -5, "red", "已超 5 小时", "9月9日（周三） 09:10", township="周溪镇", round=2),
        a_row(36, "城区自来水管网未接通", "分析研判", 3.33, "amber", "还剩 3 小时 20 分", "今天 17:30", new=True),
        a_row(35, "城区建筑垃圾乱倒乱放", "分析研判", 27, "green", "还剩 1 天 3 小时", "明天 17:30", mine=True, claimed_by="陈某"),
        a_row(34, "汪墩乡中心小学门前道路夜间无照明", "分析研判", 51, "green", "还剩 2 天 3 小时", "9月11日（周五） 17:30", township="汪墩乡", claimed_by="黄某"),
        a_row(33, "土塘镇集镇污水管破损外溢", "审核应哨结果", 75, "green", "还剩 3 天 3 小时", "9月14日（周一） 17:30", township="土塘镇"),
        a_row(29, "三汊港镇废弃矿坑边坡松动需评估", "报送联席会议", None, "grey", "不限时", "", township="三汊港镇"),
    ]  # fmt: skip
    tiles = [("mine", "待我办", 7), ("today", "今天到期", 2), ("late", "已超期", 1), ("done", "本周办结", 12)]
    filters = [("all", "全部", 7), ("today", "今天到期", 2), ("late", "已超期", 1), ("unclaimed", "待签收", 4), ("mine", "我签收的", 1)]
    return everywhere() | {
        "today_words": "9月9日 星期三",
        "rows": rows,
        "tiles": [Of(key=key, label=label, count=count, url=f"/inbox?filter={key}") for key, label, count in tiles],
        "filters": [
            Of(key=key, label=label, count=count, url=f"/inbox?filter={key}", active=key == "all") for key, label, count in filters
        ],
    }


def papers() -> list[Of]:
    by = {"by": "刘某", "at_words": "9月5日 10:20"}
    return [
        Of(id=1, name="镇党委会议纪要〔2026〕18号.pdf", size_words="412 KB", media_type="application/pdf", is_image=False, thumb_url=None, **by),
        Of(id=2, name="滨湖小区管网现场.jpg", size_words="1.3 MB", media_type="image/jpeg", is_image=True, thumb_url="/static/dist/mark.svg", **by),
    ]  # fmt: skip


def holders() -> list[Of]:
    since, until = "9月7日 09:12 起", "今天 17:30 到期"
    return [
        Of(unit_name="住房和城乡建设局", role="主办", step_name="签收并报到", person="王某（股室负责人）", since_words=since, until_words=until,
           light=a_light("amber", "还剩 3 小时 20 分", 3.33), explanation=EXPLANATION),
        Of(unit_name="水利局", role="协办", step_name="提出解决方案", person=None, since_words=since, until_words="9月11日（周五） 17:30 到期",
           light=a_light("green", "还剩 2 天 3 小时", 51), explanation=EXPLANATION[:2]),
    ]  # fmt: skip


def timeline() -> list[Of]:
    def event(kind: str, at: str, who: str, unit: str, what: str, **more: object) -> Of:
        return Of(**({"kind": kind, "at_words": at, "at_exact": f"2026年{at}", "who": who, "unit": unit, "what": what, "detail": [], "papers": []} | more))

    return [
        event("late", "今天 09:10", "系统", "", "住建局响应时限还剩不到 1 个工作日，已提醒王某。"),
        event("dispatched", "9月7日 09:12", "陈某", "县吹哨办", "研判后派给住建局主办、水利局协办。",
              detail=[("研判意见", "属县直部门职责，乡镇无建设权限。"), ("责任分工", "住建局牵头接通管网，水利局核定水量。")]),
        event("completed", "9月5日 16:40", "何某", "都昌镇", "审批同意，上报县吹哨办。", papers=papers()[:1]),
        event("returned", "9月5日 11:05", "李某", "都昌镇", "审核退回，要求补充会议纪要。"),
        event("started", "9月4日 10:20", "刘某", "都昌镇", "提出吹哨事项。"),
    ]  # fmt: skip


def a_case() -> dict[str, object]:
    steps = [("提出事项", "done", "已办"), ("审批上报", "done", "已办，2 次"), ("部门应哨", "now", "办理中"), ("结果审核", "todo", "未到")]
    drawing = Markup('<svg class="diagram" role="img" aria-label="流程图" viewBox="0 0 400 80" width="400" height="80"></svg>')
    return everywhere() | {
        "case": Of(id=36, number="DC-2026-0036", title="城区自来水管网未接通", state_words="待住建局报到", light=a_light("amber", "还剩 3 小时 20 分", 3.33),
                   holder_words="住建局王某（股室负责人）自 9月7日 09:12 起办理，今天 17:30 到期", opened_at="9月4日 10:20 提出", township="都昌镇",
                   started_by="刘某（东街社区）", ended=False, end_words=""),
        "ask": Of(task_id=36, step_name="签收并报到", due_words="还剩 3 小时 20 分", outcomes=["签收", "退单"]),
        "diagrams": [
            Of(title="乡镇吹哨、部门报到", svg=drawing, current=True, text_steps=[Of(name=n, state=s, words=w) for n, s, w in steps]),
            Of(title="住建局报到", svg=drawing, current=False, text_steps=[]),
        ],
        "holders": holders(),
        "timeline": timeline(),
        "papers": papers(),
        "matter": MATTER,
        "people": [
            Of(name="刘某", post_name="提出人", unit_name="都昌镇", did_words="提出事项"),
            Of(name="陈某", post_name="分哨员", unit_name="县吹哨办", did_words="分析研判"),
            Of(name="王某", post_name="股室负责人", unit_name="住建局", did_words="正在办"),
        ],
    }  # fmt: skip


def an_ended_case() -> dict[str, object]:
    case = a_case() | {"ask": None, "holders": []}
    case["case"].ended, case["case"].end_words, case["case"].holder_words = True, "已办结，群众满意", ""
    return case


def a_task() -> dict[str, object]:
    duty = Of(code="ZJ-07", item="城镇供水管网建设与维护", lead="住房和城乡建设局", legal_basis="《城市供水条例》第七条；住建局三定方案",
              why="事项含“自来水”“管网”，地点在城区。")  # fmt: skip
    return everywhere() | {
        "task": Of(id=36, step_name="分析研判", case_number="DC-2026-0036", title="城区自来水管网未接通", light=a_light("amber", "还剩 3 小时 20 分", 3.33),
                   since="9月7日 09:12 到达", holder="县吹哨办分哨员", explanation=EXPLANATION, help="先对照乡镇职责清单：属乡镇职责的，退回并引用条目；其余派给部门，指定主办、协办。",
                   mine=True, claimed_by="陈某", may_claim=False, shared_with=2),
        "form_html": FORM,
        "aside": Of(matter=MATTER, duties=[duty], papers=papers(), answers=[
            Of(step_name="审批上报", who="何某（党委书记）", at_words="9月5日 16:40", lines=[("审批意见", "同意上报。")]),
            Of(step_name="审核把关", who="李某（副镇长）", at_words="9月5日 15:02", lines=[("审核意见", "镇已协调三次，确属无力解决。")]),
        ]),
    }  # fmt: skip


def a_start() -> dict[str, object]:
    steps = [Of(name="收集事项", words="本镇党政办"), Of(name="审核把关", words="分管领导"), Of(name="审批上报", words="党政主要负责同志")]
    help_text = "请先确认事项不在乡镇职责清单之内。需要会议纪要或主要负责同志签字的，可在审批时上传。"
    return everywhere() | {"start": Of(key="whistle", name="吹哨", help=help_text, steps=steps), "form_html": FORM}


def some_cases() -> dict[str, object]:
    rows = [
        Of(**vars(row), state_words="待住建局报到", holder_words="王某（股室负责人）", opened_words="9月4日", opened_exact="2026年9月4日 10:20")
        for row in an_inbox()["rows"]  # type: ignore[attr-defined]
    ]
    filters = [Of(key="open", label="在办", count=16, url="/cases?state=open", active=True), Of(key="ended", label="已办结", count=36, url="/cases?state=ended", active=False)]
    return everywhere() | {"q": "", "rows": rows, "filters": filters, "pages": a_pager()}


def a_pager() -> Of:
    return Of(number=1, total=3, rows=1052, previous_url=None, next_url="/cases?page=2")


def things_done() -> dict[str, object]:
    row = Of(number="DC-2026-0028", title="大树乡农贸市场占道经营", township="大树乡", step_name="分析研判", outcome_words="派给城管局主办",
             state_words="待城管局提交结果", at_words="昨天 15:20", at_exact="2026年9月8日 15:20")  # fmt: skip
    return everywhere() | {"rows": [row], "pages": a_pager()}


def a_stale_task() -> dict[str, object]:
    stale = Of(step_name="分析研判", case_number="DC-2026-0036", title="城区自来水管网未接通", done_by="王某", at_words="10:32",
               outcome_words="派给住建局主办", next_words="现在由住建局签收并报到。", typed=[("研判意见", "属县直部门职责，建议住建局主办。")])  # fmt: skip
    return everywhere() | {"stale": stale}


def an_error(status: int, *, saved: bool = False) -> dict[str, object]:
    return everywhere() | {"error": Of(status=status, message=None, advice=None, saved=saved, reference="7f3a-0912" if status >= 500 else None)}


def an_account() -> dict[str, object]:
    def session(words: str, *, current: bool) -> Of:
        return Of(device_words=words, address="10.36.2.14", current=current, since_words="今天 08:31", since_exact="2026年9月9日 08:31",
                  seen_words="刚刚", seen_exact="2026年9月9日 14:10", end_url="/account/sessions/2/end")  # fmt: skip

    sessions = [session("Windows 电脑，Edge 浏览器", current=True), session("安卓手机，微信浏览器", current=False)]
    account = Of(username="chen", shortest=10, errors={"new": "新密码太短，至少 10 个字符。"}, sessions=sessions,
                 password_url="/account/password", end_others_url="/account/sessions/end")  # fmt: skip
    return everywhere() | {"account": account}


def a_door() -> dict[str, object]:
    people = [("1", "刘某", "提出人", "提出吹哨"), ("2", "陈某", "分哨员、审核员", "研判分哨"), ("3", "王某", "股室负责人", "报到办理")]
    one = [Of(id=key, name=name, posts_words=posts, part=part) for key, name, posts, part in people]
    groups = [Of(unit_name="都昌镇", people=[one[0], Of(id="4", name="何某", posts_words="党委书记", part="")]),
              Of(unit_name="县吹哨办", people=[one[1]]), Of(unit_name="住房和城乡建设局", people=[one[2]])]  # fmt: skip
    return without(everywhere(), "me", "counts", "starts") | {"demo": Of(story=one, groups=groups)}


FORM = Markup("""<form method="post" action="/form"><input type="hidden" name="csrf_token" value="token">
<label for="opinion">研判意见</label><textarea id="opinion" name="opinion"></textarea>
<button class="btn btn-primary" name="outcome" value="dispatch">同意并派给住建局</button></form>""")

PAGES = {
    "inbox": an_inbox,
    "case": a_case,
    "case-ended": an_ended_case,
    "task": a_task,
    "new": a_start,
    "cases": some_cases,
    "done": things_done,
    "stale": a_stale_task,
    "error": lambda: an_error(409),
    "account": an_account,
    "login": a_door,
}
