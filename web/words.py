"""How moments and spans are said on screen: 今天 16:30, 还剩 3 小时 20 分, 超 2 天; sizes; lights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

_MINUTE = timedelta(minutes=1)
_WEEKDAYS = "一二三四五六日"
_NEAR = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


@dataclass(frozen=True)
class Light:
    """A traffic light that says the same in words. `due_at` lets the page count on by itself."""

    state: str
    words: str
    due_at: datetime | None = None


def moment(at: datetime, now: datetime) -> str:
    """今天 16:30 · 明天 09:00 · 10月9日（周五） 17:30 · 2025年3月1日 08:00; both in the county's zone."""
    days = (at.date() - now.date()).days
    clock = f"{at:%H:%M}"
    if days in _NEAR:
        return f"{_NEAR[days]} {clock}"
    year = f"{at.year}年" if at.year != now.year else ""
    return f"{year}{at.month}月{at.day}日（周{_WEEKDAYS[at.weekday()]}） {clock}"


def exact(at: datetime) -> str:
    """2026年9月7日（周一） 09:12"""
    return f"{at.year}年{at.month}月{at.day}日（周{_WEEKDAYS[at.weekday()]}） {at:%H:%M}"


def span(length: timedelta) -> str:
    """3 小时 20 分 · 2 天 4 小时 · 不到 1 分钟; the two largest units."""
    return _span(abs(length) // _MINUTE)


@lru_cache(maxsize=4096)
def _span(minutes: int) -> str:
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days} 天"] if days else []
    parts += [f"{hours} 小时"] if hours else []
    parts += [f"{rest} 分"] if rest and not days else []
    return " ".join(parts[:2]) or "不到 1 分钟"


def due(at: datetime | None, warn: datetime | None, now: datetime) -> Light:
    """The light of something due at `at`: green in time, amber from the limit's own warning, red over."""
    if at is None:
        return Light("grey", "不限时")
    if at < now:
        return Light("red", f"超 {span(now - at)}", at)
    near = warn is not None and warn <= now
    return Light("amber" if near else "green", f"还剩 {span(at - now)}", at)


def count(number: int, most: int | None = None) -> str:
    """1,234; beyond what was counted, 1,000+"""
    return f"{most:,}+" if most is not None and number > most else f"{number:,}"


def size(count: int) -> str:
    """1.2 MB · 340 KB · 12 字节"""
    if count >= 1 << 20:
        return f"{count / (1 << 20):.1f} MB"
    return f"{count >> 10} KB" if count >= 1 << 10 else f"{count} 字节"


def today(now: datetime) -> str:
    """11月20日 星期五"""
    return f"{now.month}月{now.day}日 星期{_WEEKDAYS[now.weekday()]}"
