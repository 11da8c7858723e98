"""One answer at a time: the posted texts of a field into its plain value, or the sentence that says what to mend."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import regex

from processes.forms.facts import plain_number
from processes.forms.form import Field
from processes.forms.world import AWAITING, PaperRef, World

MOST_FILES = 20

_NUMBER = regex.compile(r"[+-]?[0-9]{1,15}(\.[0-9]+)?")
_NUMBER_SHAPE = regex.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_PHONE = regex.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]")
_EMAIL = regex.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_DATE = regex.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = regex.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?([+-][0-9]{2}:[0-9]{2}|Z)?")
_PATTERN_SECONDS = 1.0  # by the clock of the whole process: what others compute meanwhile counts too
# Chinese keyboards type full-width digits; nothing else is a digit to us (NFKC would read 10² as 102)
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+")
# signs that end a line or silently turn the reading direction of what follows
_TURNING = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unfit(ValueError):
    """The answer does not fit its field; the text is the Chinese sentence beside the field."""


def check(field: Field, texts: Sequence[str], world: World) -> object:
    """The plain answer in these posted texts; None (or an empty list) when nothing was answered.

    Raises Unfit. Whether an answer is required is not asked here: that depends on the pressed button.
    """
    if field.kind in ("checklist", "filepicker"):
        return _MANY[field.kind](field, texts, world)
    if len(texts) > 1:
        raise Unfit(f"{field.label}只能填一项")
    text = texts[0].strip() if texts else ""
    if field.kind == "checkbox":
        return _check_tick(field, text)
    return _ONE[field.kind](field, text, world) if _is_visible(text) else None


def missing(field: Field) -> str:
    """The sentence for a required field left empty."""
    if field.kind == "filepicker":
        return f"请上传{field.label}"
    if field.kind == "dynamiclist":
        return f"请至少填写一项{field.label}"
    if field.kind == "checkbox":
        return f"请勾选“{field.label}”"
    return f"请选择{field.label}" if field.kind in ("select", "radio", "checklist") else f"请填写{field.label}"


def _check_text(field: Field, text: str, world: World) -> str:
    lines = field.kind == "textarea"
    text = text.replace("\r\n", "\n").replace("\r", "\n") if lines else text
    if any(_is_control(sign, lines) for sign in text):
        raise Unfit(f"{field.label}含有看不见的控制字符，请删去后重新填写")
    if "\N{REPLACEMENT CHARACTER}" in text:  # what a browser or a program sent in another encoding
        raise Unfit(f"{field.label}里有乱码（\N{REPLACEMENT CHARACTER}），请改正后重新填写")
    _check_length(field, len(text))
    _check_look(field, text)
    _check_impersonal(field, text, world)
    return text


def _is_control(sign: str, lines: bool) -> bool:
    if lines and sign in "\n\t":
        return False
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in _TURNING  # Cs: half of a character


def _check_length(field: Field, length: int) -> None:
    if length > field.limits.longest:
        raise Unfit(_own_words(field) or f"{field.label}最多 {field.limits.longest} 个字，现在 {length} 个字")
    if length < field.limits.shortest:
        raise Unfit(_own_words(field) or f"{field.label}至少 {field.limits.shortest} 个字，现在 {length} 个字")


def _check_look(field: Field, text: str) -> None:
    if field.limits.look == "phone" and not _PHONE.fullmatch(text):
        raise Unfit(f"{field.label}请填写电话号码，例如 13800001111 或 0792-5200000")
    if field.limits.look == "email" and not _EMAIL.fullmatch(text):
        raise Unfit(f"{field.label}请填写邮箱地址，例如 name@example.com")
    if field.limits.pattern and not _fits(field.limits.pattern, text):
        raise Unfit(_own_words(field) or f"{field.label}的格式不对，请核对后重新填写")


def _check_impersonal(field: Field, text: str, world: World) -> None:
    found = world.personal(text) if field.impersonal else []
    if found:
        raise Unfit(f"{field.label}里好像有个人信息：{'、'.join(found)}。请删去，或者换个说法，如“一位居民”")


def _own_words(field: Field) -> str:
    # without a `must`, a form's `say` tells what a text with a pattern should look like
    return field.say if field.limits.pattern and field.must is None else ""


def _fits(pattern: str, text: str) -> bool:
    # a pattern a county wrote may be slow on some texts: it is given a moment, then the text does not fit
    try:
        return regex.search(pattern, text, regex.ASCII, timeout=_PATTERN_SECONDS) is not None
    except TimeoutError:
        return False


def _check_number(field: Field, text: str, world: World) -> int | str:
    text = text.translate(_HALF_WIDTH)
    whole = field.limits.decimals == 0
    if not _NUMBER_SHAPE.fullmatch(text):
        raise Unfit(f"{field.label}请填写{'整数' if whole else '数字'}，例如 {'12' if whole else '12.5'}")
    if not _NUMBER.fullmatch(text):
        raise Unfit(f"{field.label}的数字太长，整数部分最多 15 位")
    if len(text.partition(".")[2].rstrip("0")) > field.limits.decimals:
        raise Unfit(f"{field.label}请填写整数" if whole else f"{field.label}最多保留 {field.limits.decimals} 位小数")
    number = Decimal(text)
    _check_range(field, number)
    return plain_number(number)


def _check_range(field: Field, number: Decimal) -> None:
    least, most = field.limits.smallest, field.limits.largest
    if (least is None or number >= least) and (most is None or number <= most):
        return
    if least is not None and most is not None:
        raise Unfit(f"{field.label}应在 {plain_number(least)} 到 {plain_number(most)} 之间")
    bound = f"小于 {plain_number(least)}" if least is not None else f"大于 {plain_number(most or Decimal())}"
    raise Unfit(f"{field.label}不能{bound}")


def _check_date(field: Field, text: str, world: World) -> str:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Unfit(f"{field.label}请填写正确的日期，例如 2026-11-20")
    _check_year(field, day)
    return day.isoformat()


def _check_moment(field: Field, text: str, world: World) -> str:
    try:
        moment = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise Unfit(f"{field.label}请填写正确的日期和时间，例如 2026-11-20 09:30")
    _check_year(field, moment)
    if world.zone is not None:
        moment = moment.astimezone(world.zone) if moment.tzinfo else moment.replace(tzinfo=world.zone)
    return moment.isoformat()


def _check_year(field: Field, day: date) -> None:
    if not 1900 <= day.year <= 2100:
        raise Unfit(f"{field.label}的年份应在 1900 到 2100 年之间")


def _check_choice(field: Field, text: str, world: World) -> str | int:
    for option in world.lists.options(field):
        if str(option.value) == text:
            return option.value
    if field.source.startswith(AWAITING):
        raise Unfit(f"{field.label}：选的这一件不能选，它可能已经往下走了，或者不是这类事项，请从列出的事项里重新选择")
    raise Unfit(f"{field.label}里没有这个选项，请重新选择")


def _check_tick(field: Field, text: str) -> bool:
    if text not in ("", "true", "false"):
        raise Unfit(f"{field.label}只能勾选或不勾选")
    return text == "true"


def _check_choices(field: Field, texts: Sequence[str], world: World) -> list[str | int]:
    chosen = [_check_choice(field, text, world) for text in dict.fromkeys(texts) if text]
    least, most = field.limits.smallest, field.limits.largest
    if most is not None and len(chosen) > most:
        raise Unfit(f"{field.label}最多选 {most} 项，现在选了 {len(chosen)} 项")
    if chosen and least is not None and len(chosen) < least:
        raise Unfit(f"{field.label}至少选 {least} 项，现在选了 {len(chosen)} 项")
    return chosen


def _check_papers(field: Field, texts: Sequence[str], world: World) -> list[dict[str, object]]:
    papers = [_check_paper(field, text, world.papers) for text in dict.fromkeys(texts) if text]
    most = MOST_FILES if field.multiple else 1
    if len(papers) > most:
        raise Unfit(f"{field.label}最多 {most} 个文件，现在 {len(papers)} 个")
    return [paper.plain for paper in papers]


def _check_paper(field: Field, text: str, papers: Mapping[str, PaperRef]) -> PaperRef:
    paper = papers.get(text)
    if paper is None:
        raise Unfit(f"{field.label}里有文件已不在，请重新上传")
    if field.accept and not any(_is_of_kind(paper, kind) for kind in field.accept):
        raise Unfit(f"{field.label}不接受“{paper.name}”这种文件，请上传 {'、'.join(field.accept)} 文件")
    return paper


def _is_of_kind(paper: PaperRef, kind: str) -> bool:
    if kind.startswith("."):
        return paper.name.lower().endswith(kind)
    return paper.media_type == kind or (kind.endswith("/*") and paper.media_type.startswith(kind[:-1]))


def _is_visible(text: str) -> bool:
    return any(unicodedata.category(sign) not in ("Zs", "Zl", "Zp", "Cf") for sign in text)


_ONE: Mapping[str, Callable[[Field, str, World], object]] = {
    "textfield": _check_text,
    "textarea": _check_text,
    "number": _check_number,
    "date": _check_date,
    "datetime": _check_moment,
    "select": _check_choice,
    "radio": _check_choice,
}
_MANY: Mapping[str, Callable[[Field, Sequence[str], World], object]] = {
    "checklist": _check_choices,
    "filepicker": _check_papers,
}
