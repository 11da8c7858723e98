"""Expressions as modellers write them, with what they must give."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.feel import Range, YearsMonths, compile_expression, write

SHANGHAI = ZoneInfo("Asia/Shanghai")
VALUES = {
    "amount": 1200,
    "unit": "housing",
    "金额": Decimal("5000.50"),
    "申请 日期": date(2026, 3, 1),
    "金额（万元）": 12,
    "pct": Decimal("0.15"),
    "id": "110101199003078515",
    "due": datetime(2026, 3, 1, 9, 0, tzinfo=SHANGHAI),
    "items": [{"qty": 1, "price": 10}, {"qty": 3, "price": 20}],
    "单位": {"名称": "住建局", "联系人": {"姓名": "张三"}},
    "score": None,
    "first-time": True,
}

EVERYDAY = {
    'amount > 1000 and unit in ("housing", "water")': True,
    "amount between 1000 and 2000": True,
    "金额 * pct": Decimal("750.0750"),
    "0.1 + 0.2 = 0.3": True,
    "number(id) + 0": Decimal(110101199003078515),
    "1/3": Decimal("0.3333333333333333333333333333333333"),
    "round half up(1.005, 2)": Decimal("1.01"),
    "decimal(2.345, 2)": Decimal("2.34"),
    '申请 日期 < date("2026-03-02")': True,
    "金额（万元） + 1": Decimal(13),
    "单位.联系人.姓名": "张三",
    '单位.名称 = "住建局"': True,
    "first-time and amount>0": True,
    "amount-first": None,
    "items[qty > 1].price": [Decimal(20)],
    "sum(items.price)": Decimal(30),
    "items[1].qty": Decimal(1),
    "items[-1].price": Decimal(20),
    "items[5]": None,
    "count(items[price > 100]) = 0": True,
    'due + duration("P5D")': datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI),
    '申请 日期 + @"P1M"': date(2026, 4, 1),
    'date("2026-01-31") + duration("P1M")': date(2026, 2, 28),
    'duration("P1D") * 3': timedelta(days=3),
    'duration("P7D") / duration("P1D")': Decimal(7),
    'duration("P1Y") > duration("P300D")': None,
    'date("2026-03-01") - date("2026-02-01")': timedelta(days=28),
    'years and months duration(date("2025-01-15"), 申请 日期)': YearsMonths(13),
    '@"2026-11-20T08:30:00@Asia/Shanghai"': datetime(2026, 11, 20, 8, 30, tzinfo=SHANGHAI),
    '@"2026-11-20T08:30:00@Asia/Shanghai" = @"2026-11-20T00:30:00Z"': True,
    '@"08:30:00"': time(8, 30),
    "due.year": Decimal(2026),
    "due.timezone": "Asia/Shanghai",
    "due.time offset": timedelta(hours=8),
    "day of week(申请 日期)": "Sunday",
    'if score = null then "未评分" else "已评分"': "未评分",
    "score > 1": None,
    "missing > 1": None,
    "not(missing)": None,
    'amount > "x"': None,
    "true or score": True,
    "false and score": False,
    "true and score": None,
    "some x in items satisfies x.qty > 2": True,
    "every x in items satisfies x.qty > 2": False,
    "for x in items return x.qty * x.price": [Decimal(10), Decimal(60)],
    "for x in 1..3, y in 1..x return y": [Decimal(n) for n in (1, 1, 2, 1, 2, 3)],
    "for i in 0..4 return if i = 0 then 1 else i * partial[-1]": [Decimal(n) for n in (1, 1, 2, 6, 24)],
    "amount in [1000..2000)": True,
    "amount in (< 1000, > 1100)": True,
    "5 in (1..5]": True,
    "5 in [1..5[": False,
    "[1..3]": Range(Decimal(1), Decimal(3), True, True),
    "{底数: 2, 结果: 底数 ** 10}.结果": Decimal(1024),
    "{每月 金额: 100, 全年: 每月 金额 * 12}.全年": Decimal(1200),
    "(function(x: number, y) x + y)(1, 2)": Decimal(3),
    'substring(string: "吹哨报到", start position: 3)': "报到",
    'string length("吹哨")': Decimal(2),
    'upper case("abc") + "!"': "ABC!",
    'matches("13800138000", "^1[3-9][0-9]{9}$")': True,
    'matches("张三", "^\\p{IsCJKUnifiedIdeographs}+$")': True,
    'replace("2026-11-20", "([0-9]+)-([0-9]+)-([0-9]+)", "$1年$2月$3日")': "2026年11月20日",
    'split("a;b;;c", ";")': ["a", "b", "", "c"],
    'string join(["甲", null, "乙"], "、")': "甲、乙",
    "sort([3, 1, 2], function(a, b) a > b)": [Decimal(n) for n in (3, 2, 1)],
    "distinct values([1, 1.0, 2])": [Decimal(1), Decimal(2)],
    "flatten([1, [2, [3]]])": [Decimal(n) for n in (1, 2, 3)],
    "[1, 2] = [1, 2]": True,
    "3 instance of number": True,
    '"a" instance of number': False,
    "items instance of list<context<qty: number, price: number>>": True,
    "min(3, 1, 2)": Decimal(1),
    "modulo(-12, 5)": Decimal(3),
    "-2 ** 2": Decimal(4),
    "1 / 0": None,
    "0 ** -1": None,
    '"a" + 1': None,
    'get value(单位, "名称")': "住建局",
    'string(1.50) + string(true) + string(@"P1DT2H")': "1.5trueP1DT2H",
    "overlaps([1..5], [5..8])": True,
    "amount // a remark\n > /* another */ 1": True,
}


@pytest.mark.parametrize("text", EVERYDAY, ids=str)
def test_everyday_expressions_give_what_their_authors_mean(text: str) -> None:
    expected = EVERYDAY[text]
    result = compile_expression(text, names=VALUES).evaluate(VALUES)
    assert result == expected
    assert type(result) is type(expected)


def test_a_context_keeps_its_order_when_written_as_text() -> None:
    assert write(compile_expression('{b: 1, "键 一": [true, null]}').evaluate({})) == "{b: 1, 键 一: [true, null]}"


def test_a_number_keeps_34_digits_in_every_thread() -> None:
    third = compile_expression("1/3")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(third.evaluate, {}).result() == third.evaluate({}) == Decimal("0." + "3" * 34)
