"""A county in the middle of its work: two dozen matters of different kinds, each as far as its day allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from processes.clock import strike
from processes.installation import Installation
from processes.stories import Story, StoryStep
from tests.kit.actors import Actors, pack_of

NOW = datetime.fromisoformat("2026-11-19T10:20:00+08:00")
"""A Thursday morning: the moment at which the county is looked at."""


@dataclass(frozen=True)
class Matter:
    """One matter: the story it follows from `day` on, where, what and whose, and the step after which nobody moved."""

    day: str
    story: str
    subject: str
    township: str
    category: str
    item: str
    units: tuple[str, ...]
    description: str
    stuck: int = 99
    later: int = 0


# fmt: off
MATTERS = (
    Matter("11-02", "single_unit", "和平路窨井盖缺失", "360428100", "city_management", "D06", ("urban_management",), "和平路北段 3 处窨井盖缺失，夜间行人骑车危险。"),
    Matter("11-02", "water_pipe", "三汊港集镇污水外溢", "360428102", "housing", "D07", ("housing", "environment", "urban_management"), "集镇老街雨后污水从管道外溢，涉及商户 40 余家。"),
    Matter("11-03", "single_unit", "中心小学门口没有减速标线", "360428108", "transport", "D33", ("public_security",), "上下学高峰学生 600 余人横穿县道，没有标线和减速设施。"),
    Matter("11-04", "building_waste", "昌西采石点夜间越界开采", "360428107", "land", "D19", ("natural_resources", "public_security", "emergency"), "夜间有机械作业，山体开挖面扩大，群众反映石料外运频繁。"),
    Matter("11-05", "single_unit", "农贸市场短斤缺两", "360428101", "market", "D38", ("market_supervision",), "近一个月接到 12 起投诉，集中在水产区。"),
    Matter("11-09", "single_unit", "村卫生室无人坐诊", "360428204", "livelihood", "D45", ("health",), "村医离岗两月，老人取药要走 7 公里。"),
    Matter("11-09", "water_pipe", "集中供水点水质浑浊", "360428203", "water_works", "D24", ("water", "health", "environment"), "芗溪集中供水点 3 个自然村反映水浑有味，涉及 210 户。", 14),
    Matter("11-10", "building_waste", "鄱阳湖入湖口非法采砂", "360428208", "water_works", "D22", ("water", "public_security", "natural_resources"), "夜间有船只在入湖口采砂，岸线受损约 200 米。", 12),
    Matter("11-11", "single_unit", "幼儿园接送车超员", "360428105", "safety", "D43", ("education_sports",), "两辆接送车核载 9 人，实载 15 人以上。", 9),
    Matter("11-12", "building_waste", "养猪场臭味扰民", "360428109", "environment", "D16", ("environment", "agriculture", "market_supervision"), "养殖场距居民点不足 300 米，粪污池没有加盖。", 8),
    Matter("11-12", "single_unit", "广告牌松动有坠落危险", "360428106", "city_management", "D04", ("urban_management",), "集镇十字路口大型广告牌螺栓锈蚀，大风天摇晃。", 7),
    Matter("11-13", "single_unit", "县道护栏损毁", "360428110", "transport", "D30", ("transport",), "徐埠至县城段 5 处护栏被撞毁，临水路段没有防护。", 6),
    Matter("11-16", "water_pipe", "城区自来水管网未接通", "360428100", "water_power_gas", "D01", ("housing", "water_company", "urban_management"), "东湖安置小区 126 户入住半年，市政供水管网差 380 米没有接通，靠两口井供水，夏季经常断水。", 97),
    Matter("11-16", "single_unit", "网吧接纳未成年人", "360428103", "market", "D53", ("culture_tourism",), "中学附近网吧周末接纳未成年人上网，家长多次反映。", 5),
    Matter("11-17", "building_waste", "消防通道长期被占", "360428200", "safety", "D40", ("fire_rescue", "public_security", "housing"), "安置房小区消防通道被车辆和摊位占用，消防车无法进入。"),
    Matter("11-17", "single_unit", "拖欠农民工工资", "360428111", "livelihood", "D46", ("human_resources",), "项目部拖欠 23 名务工人员两个月工资，约 41 万元。", 5),
    Matter("11-17", "water_pipe", "灌溉渠道垮塌", "360428205", "water_works", "D25", ("water", "agriculture", "transport"), "主渠垮塌 30 米，影响 600 亩冬种油菜用水。", 4),
    Matter("11-18", "single_unit", "变压器台区电压不足", "360428201", "water_power_gas", "D54", ("power_supply",), "晚高峰电压不足 180 伏，60 余户电器无法正常使用。", 3),
    Matter("11-18", "building_waste", "城区建筑垃圾乱倒乱放", "360428102", "city_management", "D02", ("urban_management", "public_security", "transport"), "城北空地夜间有人偷倒建筑垃圾，已堆积约 300 方，扬尘大，雨天污水横流。", 4, 290),
    Matter("11-18", "single_unit", "路边液化气瓶违规存放", "360428206", "safety", "D13", ("housing",), "门店在临街铺面存放液化气瓶 30 余只，紧邻学校。", 4),
    Matter("11-18", "single_unit", "候鸟栖息地有人投毒", "360428209", "agriculture", "D42", ("forestry",), "湖滩发现 4 只死亡候鸟，疑似投毒，附近有可疑饵料。", 4, 45),
    Matter("11-18", "single_unit", "危房紧邻村小学", "360428202", "housing", "D12", ("housing",), "废弃供销社房屋墙体开裂倾斜，距村小学围墙 4 米。", 2),
    Matter("11-18", "single_unit", "渣土车超载损坏村道", "360428104", "transport", "D31", ("transport",), "每天约 40 车次超载渣土车通过，路面破损 1.2 公里。", 1),
    Matter("11-19", "single_unit", "河道水葫芦堵塞涵闸", "360428210", "water_works", "D23", ("water",), "涵闸前水葫芦堆积 200 米，排涝受阻。", 1, -35),
    Matter("11-19", "single_unit", "敬老院电梯停运", "360428211", "safety", "D36", ("market_supervision",), "敬老院电梯停运一周，住养老人 70 余名上下不便。", 1, -20),
)
# fmt: on


def at_work(inst: Installation) -> dict[str, str]:
    """Play every matter up to NOW; returns case ids by subject."""
    stories = pack_of(inst).stories
    cases = {each.subject: Actors(inst).play(_story(each, stories)) for each in MATTERS}
    strike(inst, NOW)
    return cases


def _story(matter: Matter, stories: Mapping[str, Story]) -> Story:
    """The matter's own story: moved to its day, its place and its units, up to now or to where it got stuck."""
    story = stories[matter.story]
    moved = (datetime.fromisoformat(f"2026-{matter.day}").date() - story.begins.date()).days
    later = timedelta(days=moved, minutes=matter.later)
    swaps = dict(_swaps(matter, story))
    steps = [_moved(told, later, swaps, matter) for told in story.steps if told.does and not told.then.refused]
    steps = [told for told in steps if told.at and told.at < NOW and not _stays_away(told, matter)]
    return replace(story, begins=story.begins + later, steps=tuple(steps[: matter.stuck]))


def _stays_away(told: StoryStep, matter: Matter) -> bool:
    """In the matter that is shown, the third unit has not come yet."""
    return matter.stuck == 97 and told.unit == matter.units[2]


def _swaps(matter: Matter, story: Story) -> Iterator[tuple[str, str]]:
    triage = next(told.answers for told in story.steps if told.does == "triage")
    theirs = [triage["lead"], *(each["unit"] for each in triage.get("assistants", ()))]
    yield from zip(theirs, matter.units, strict=True)
    yield triage["matter_item"], matter.item
    yield story.steps[0].by.partition("@")[2], matter.township


def _moved(told: StoryStep, later: timedelta, swaps: Mapping[str, str], matter: Matter) -> StoryStep:
    post, _, unit = told.by.partition("@")
    answers = _swapped(told.answers, swaps, timedelta(days=later.days))
    if told.does == "propose":
        answers |= {"subject": matter.subject, "category": matter.category, "description": matter.description}
    by = f"{post}@{swaps.get(unit, unit)}"
    return replace(told, by=by, unit=swaps.get(told.unit, told.unit), at=_later(told.at, later), answers=answers)


def _later(at: datetime | None, later: timedelta) -> datetime | None:
    return at + later if at else None


def _swapped(value: Any, swaps: Mapping[str, str], later: timedelta) -> Any:
    match value:
        case dict():
            return {key: _swapped(each, swaps, later) for key, each in value.items()}
        case list():
            return [_swapped(each, swaps, later) for each in value]
        case date():
            return value + later
        case _:
            return swaps.get(value, value) if isinstance(value, str) else value
