"""What a letter says for a value: dates as documents write them, lists line by line, nothing for null."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal


def said(value: object, zone: tzinfo) -> str:
    """2026年9月24日 · 2026年9月24日17时30分 · a list's items on a line each · true as 是."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            at = value.astimezone(zone) if value.tzinfo else value
            return f"{day(at)}{at.hour}时{f'{at.minute:02}分' if at.minute else ''}"
        case date():
            return day(value)
        case Decimal():
            return f"{value:f}"
        case list() | tuple():
            return "\n".join(said(each, zone) for each in value)
        case Mapping():
            return "，".join(said(each, zone) for each in value.values())
    return str(value)


def day(on: date) -> str:
    """2026年9月24日"""
    return f"{on.year}年{on.month}月{on.day}日"
