"""A flat whistle sent to the water bureau on the eve of the National Day holiday, and what may happen to it."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.time import (
    Amount,
    Clock,
    Extended,
    LimitChanged,
    Limits,
    Paused,
    Reckoned,
    Resumed,
    Started,
    Stopped,
    Transferred,
)

ZONE = ZoneInfo("Asia/Shanghai")
RULE = "平哨响应时限：{}（依据：工作规则第九条，自2020年5月1日起执行）"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


def limits_of(value: str, transfer: str = "goes on", newer: str = "") -> Limits:
    return Limits.read(f"""
        [respond]
        name = "平哨响应时限"
        transfer = "{transfer}"
        [[respond.since]]
        from = 2020-05-01
        value = "{value}"
        source = "工作规则第九条"
        {newer}
    """)


def newer(value: str, running: str) -> str:
    return f"""
        [[respond.since]]
        from = 2026-10-10
        value = "{value}"
        source = "工作规则（修订）第九条"
        running = "{running}"
    """


def a_clock(
    *events: Paused | Resumed | Extended | Transferred | LimitChanged | Stopped, limit: str | date = "respond"
) -> Clock:
    return Clock((Started(at("09-30 15:20"), "水利局", "派单", limit), *events))


def a_pause(begins: str, ends: str) -> tuple[Paused, Resumed]:
    return Paused(at(begins), "等待省厅批复"), Resumed(at(ends))


def more(text: str, on: str = "10-09 09:00") -> Extended:
    return Extended(at(on), Amount.read(text), "县吹哨办", "工作规则第十二条")


def until(end: date, on: str = "10-09 09:00") -> Extended:
    return Extended(at(on), end, "县吹哨办", "工作规则第十二条")


PASSED_ON = Transferred(at("10-10 10:00"), "水利局", "住建局")
Stands = Callable[..., Reckoned]


def due(found: Reckoned) -> str:
    assert found.due is not None
    return f"{found.due.at:%m-%d %H:%M}"
