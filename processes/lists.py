"""The county's lists: units, posts and duties, read from CSV with every fault named by file and line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from engine.model.findings import Finding, about_file

LONGEST_CODE = 60


@dataclass(frozen=True)
class Unit:
    """An office, a township or a department. `kind` is the county's own word for what sort of unit it is."""

    code: str
    name: str
    short: str
    kind: str
    parent: str


@dataclass(frozen=True)
class Post:
    """What one may be at a unit of a kind. `fallback` (post or post@unit) takes over when nobody holds it;
    `sees` is unit (the cases that concern one's unit) or county (all cases).
    """

    code: str
    name: str
    unit_kind: str
    rank: int
    fallback: str
    sees: str


@dataclass(frozen=True)
class Duty:
    """An item of the duty list (DC-5): whose it is, on what legal basis; `manual` says how to go about it."""

    code: str
    item: str
    lead: str
    assistants: tuple[str, ...]
    legal_basis: str
    evidence: str
    limit: str
    is_townships_own: bool
    keywords: tuple[str, ...]
    manual: str = ""


Row = Mapping[str, str]
Findings = list[Finding]
T = TypeVar("T")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,29}")


def read_units(text: str, findings: Findings) -> dict[str, Unit]:
    """units.csv by code; the faults go to `findings`."""

    def unit(row: Row) -> Unit:
        if not _KIND.fullmatch(row["kind"]):
            raise ValueError(f"单位类型“{row['kind']}”应为小写英文和下划线，如 township")
        return Unit(row["code"], row["name"], row["short"] or row["name"], row["kind"], row["parent"])

    units = _read("units.csv", text, ("code", "name", "short", "kind", "parent"), unit, findings)
    for each in units.values():
        if each.parent and each.parent not in units:
            findings.append(_fault("units.csv", f"单位“{each.name}”的上级 {each.parent} 不在表中"))
    return units


def read_posts(text: str, units: Mapping[str, Unit], findings: Findings) -> dict[str, Post]:
    """posts.csv by code; a post is held at units of a kind that units.csv knows."""
    kinds = tuple(dict.fromkeys(unit.kind for unit in units.values()))

    def post(row: Row) -> Post:
        _one_of(row["unit_kind"], kinds)
        _one_of(row["sees"], ("unit", "county"))
        return Post(row["code"], row["name"], row["unit_kind"], int(row["rank"]), row["fallback"], row["sees"])

    columns = ("code", "name", "unit_kind", "rank", "fallback", "sees")
    posts = _read("posts.csv", text, columns, post, findings)
    for each in posts.values():
        if each.fallback and each.fallback.partition("@")[0] not in posts:
            findings.append(_fault("posts.csv", f"岗位“{each.name}”的替补岗位 {each.fallback} 不在表中"))
    return posts


def read_duties(text: str, units: Mapping[str, Unit], findings: Findings) -> dict[str, Duty]:
    """duties.csv by code; leads and assistants are units, or a kind of unit (each township's own).

    A list that has the column `manual` says for each of the townships' own items how they go about it (DC-3).
    """
    kinds = dict.fromkeys(unit.kind for unit in units.values())

    def duty(row: Row) -> Duty:
        assistants = words_in(row["assistants"])
        for unit in (*words_in(row["lead"]), *assistants):
            _one_of(unit, (*units, *kinds))
        is_own = row["township_own"].strip().lower() in ("yes", "true", "1", "是")
        if is_own and row.get("manual") == "":
            raise ValueError("乡镇自己的事项要写办理办法（manual）：先做什么、谁来做、办不了怎么办")
        return Duty(
            row["code"],
            row["item"],
            row["lead"],
            assistants,
            row["legal_basis"],
            row["evidence"],
            row["limit"],
            is_own,
            words_in(row["keywords"]),
            row.get("manual", ""),
        )

    columns = (
        "code", "item", "lead", "assistants", "legal_basis", "evidence", "limit", "township_own", "keywords",
    )  # fmt: skip
    return _read("duties.csv", text, columns, duty, findings, optional=("manual",))


def _read(
    file: str,
    text: str,
    columns: tuple[str, ...],
    make: Callable[[Row], T],
    findings: Findings,
    optional: tuple[str, ...] = (),
) -> dict[str, T]:
    """What the rows say by their code; a column that is optional stands in the rows only where the file has it."""
    found: dict[str, T] = {}
    for line, row in _rows(file, text, columns, findings, optional):
        try:
            if row["code"] in found:
                raise ValueError("编码重复")
            if len(row["code"]) > LONGEST_CODE:
                raise ValueError(f"编码超过 {LONGEST_CODE} 个字")
            found[row["code"]] = make(row)
        except ValueError as error:
            findings.append(_fault(file, f"第 {line} 行（{row['code']}）：{error}"))
    return found


def _rows(
    file: str, text: str, columns: tuple[str, ...], findings: Findings, optional: tuple[str, ...]
) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        yield from _filled_rows(file, reader, columns, findings, optional)
    except csv.Error as error:  # an endless field, say
        findings.append(_fault(file, f"第 {reader.line_num} 行读不下去（{error}）"))


def _filled_rows(
    file: str,
    reader: csv.DictReader[str],
    columns: tuple[str, ...],
    findings: Findings,
    optional: tuple[str, ...],
) -> Iterator[tuple[int, Row]]:
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        findings.append(_fault(file, f"缺少列 {'、'.join(missing)}"))
        return
    there = (*columns, *(column for column in optional if column in (reader.fieldnames or ())))
    for row in reader:
        cells = {column: (row[column] or "").strip() for column in there}
        if not cells["code"]:
            findings.append(_fault(file, f"第 {reader.line_num} 行没有编码"))
        else:
            yield reader.line_num, cells


def _one_of(value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        choices = "、".join(allowed[:6]) + ("…" if len(allowed) > 6 else "")
        raise ValueError(f"“{value}”应为 {choices} 之一")


def words_in(text: str) -> tuple[str, ...]:
    """The words of a cell, written with ; ； or 、 between them."""
    return tuple(word.strip() for word in text.replace("；", ";").replace("、", ";").split(";") if word.strip())


def _fault(file: str, sentence: str) -> Finding:
    return about_file("county_list", file, f"：{sentence}。", f": {sentence}.")
