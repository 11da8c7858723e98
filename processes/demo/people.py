"""Made-up people for a demonstration: somebody for every post, the same at every start. Never on a real site."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from processes.pack import Pack
from processes.staff import note_change
from processes.tables import PersonRow, PostingRow

_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN = [
    "建国",
    "志强",
    "秀英",
    "丽华",
    "海燕",
    "文斌",
    "晓东",
    "春梅",
    "国庆",
    "玉兰",
    "小军",
    "雪梅",
    "永福",
    "桂芳",
    "俊杰",
    "红霞",
    "明辉",
    "淑珍",
    "卫东",
    "爱民",
    "立新",
    "美玲",
    "长江",
    "金花",
    "学文",
    "慧敏",
    "宏伟",
    "翠萍",
    "世昌",
    "雅琴",
    "德胜",
    "静怡",
]


def settle(session: Session, pack: Pack) -> int:
    """Put a made-up person into every post that nobody holds yet; returns how many came."""
    held = set(session.execute(select(PostingRow.unit, PostingRow.post).where(PostingRow.county == pack.code)))
    known = set(session.scalars(select(PersonRow.id).where(PersonRow.county == pack.code)))
    people, postings = [], []
    for unit, post in _posts(pack):
        if (unit, post) in held:
            continue
        person = _person(pack.code, unit, post)
        if person["id"] not in known:
            people.append(person)
        postings.append({"county": pack.code, "person": person["id"], "unit": unit, "post": post})
    if people:
        session.execute(insert(PersonRow), people)
    if postings:
        session.execute(insert(PostingRow), postings)
        note_change(session, pack.code)
    return len(people)


def _posts(pack: Pack) -> Iterator[tuple[str, str]]:
    for unit in pack.units.values():
        for post in sorted(pack.posts.values(), key=lambda each: each.rank):
            if post.unit_kind == unit.kind:
                yield unit.code, post.code


def _person(county: str, unit: str, post: str) -> dict[str, Any]:
    """A name that fits nobody in particular and stays the same for a post at a unit."""
    number = int.from_bytes(hashlib.sha256(f"{county}/{unit}/{post}".encode()).digest()[:8], "big")
    name = _FAMILY[number % len(_FAMILY)] + _GIVEN[number // 997 % len(_GIVEN)]
    return {
        "county": county,
        "id": f"{number:016x}",
        "login": f"{post}.{unit}"[:60],
        "name": name,
        "password": None,
        "is_demo": True,
    }
