"""One form-js component into one field, or findings that say what this service cannot do with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from engine.feel import Expression, FeelError, compile_expression
from processes.forms.conditions import Condition, parse_condition
from processes.forms.form import CHOICES, Field, Option
from processes.forms.limits import MOST_ROWS, are_crossed, read_limits
from processes.forms.notes import Component, Notes, check_key, label_of, plain_text, section
from processes.forms.wording import gaps_in
from processes.forms.world import LENT

KINDS = frozenset(
    {"textfield", "textarea", "number", "select", "radio", "checklist", "checkbox", "datetime", "filepicker"}
    | {"dynamiclist", "group", "text", "separator"}
)

_SOURCE = re.compile(r"(units|duties)(:[a-z_]+)?|awaiting:[a-z_]+|periods")
_PROPERTIES = frozenset({"outcomes", "source", "must", "say", "each", "unique", "value", "impersonal"})
# What form-js writes about appearance only; everything else it can say and we cannot do is refused by name.
_HARMLESS = frozenset(
    {"type", "id", "key", "path", "label", "dateLabel", "timeLabel", "description", "text", "layout", "appearance"}
    | {"validate", "conditional", "values", "properties", "components", "subtype", "defaultValue", "decimalDigits"}
    | {"multiple", "accept", "defaultRepetitions", "isRepeating", "allowAddRemove", "showOutline", "searchable"}
    | {"increment", "use24h", "timeInterval", "timeSerializingFormat", "nonCollapsedItems", "disableCollapse"}
    | {"verticalAlignment", "action"}
)


def read_component(component: Component, notes: Notes, children: tuple[Field, ...] = ()) -> Field | None:
    """The field a component describes; None when its type is not one we have. Faults go into the notes."""
    kind = component.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        notes.refuse(component, f"不支持“{kind}”类型的组件。", f"Components of type {kind!r} are not supported.")
        return None
    _check_attributes(component, notes)
    name, said = _kind_of(component, notes), _properties(component, notes)
    read = Field(
        kind=name,
        key="" if name in ("text", "separator", "group") else check_key(component, notes),
        label=_label(component, notes),
        help=_gapped(component, plain_text(component.get("description")), notes),
        text=_plain_words(component, notes),
        required=section(component, "validate", notes).get("required") is True,
        limits=read_limits(component, name, notes),
        options=_options(component, said, notes),
        source=_source(component, said, notes),
        outcomes=tuple(each.strip() for each in said.get("outcomes", "").split(",") if each.strip()),
        must=_feel(component, said, "must", notes),
        say=_gapped(component, said.get("say", ""), notes),
        hide=_hide(component, notes),
        each=_feel(component, said, "each", notes),
        unique=said.get("unique", ""),
        value=_feel(component, said, "value", notes),
        default=_default(component, notes),
        fields=children,
        rows=_first_rows(component),
        multiple=component.get("multiple") is True,
        accept=_accept(component, notes),
        half=_is_half(component),
        impersonal=_is_impersonal(component, said, notes),
    )
    _check_together(component, read, notes)
    return read


def _check_attributes(component: Component, notes: Notes) -> None:
    for name in sorted(set(component) - _HARMLESS):
        if component[name] not in (None, False, "", [], {}):
            notes.refuse(component, f"不支持属性“{name}”。", f"The attribute {name!r} is not supported.")
    if component.get("type") == "group" and component.get("path"):
        notes.refuse(component, "分组不能带路径（path）。", "A group must not have a path.")


def _kind_of(component: Component, notes: Notes) -> str:
    kind = str(component["type"])
    if kind != "datetime":
        return kind
    subtype = component.get("subtype") or "date"
    if subtype not in ("date", "datetime"):
        notes.refuse(component, "日期只能选“日期”或“日期和时间”。", "A datetime must be of subtype date or datetime.")
    return "datetime" if subtype == "datetime" else "date"


def _label(component: Component, notes: Notes) -> str:
    label = label_of(component)
    if not label and component["type"] not in ("text", "separator", "group"):
        notes.refuse(component, "缺少名称（label）。", "The label is missing.")
    if label.startswith("="):
        notes.refuse(component, "名称不能是表达式。", "The label must not be an expression.")
    return label


def _plain_words(component: Component, notes: Notes) -> str:
    text = plain_text(component.get("text"))
    if "{{" in text or text.startswith("="):
        notes.refuse(component, "说明文字里不能写表达式。", "A text must not hold expressions.")
        return text
    return _gapped(component, text, notes)


def _gapped(component: Component, text: str, notes: Notes) -> str:
    """Words of the form; what stands in their braces must be FEEL over functions that a form may call."""
    try:
        unknown = sorted({name for gap in gaps_in(text) for name in gap.functions - LENT})
    except FeelError as error:
        notes.refuse(component, f"文字里花括号中的算式写错了：{text}", f"FEEL in braces: {error.english}")
        return text
    if unknown:
        named = "、".join(unknown)
        notes.refuse(component, f"文字里用了没有的函数：{named}。", f"Unknown functions in a text: {named}.")
    return text


def _properties(component: Component, notes: Notes) -> dict[str, str]:
    said = section(component, "properties", notes)
    for name in sorted(set(said) - _PROPERTIES):
        notes.refuse(component, f"不认识自定义属性“{name}”。", f"The custom property {name!r} is unknown.")
    if not all(isinstance(value, str) for value in said.values()):
        notes.refuse(component, "自定义属性的值应为文字。", "The value of a custom property must be a text.")
    return {name: value.strip() for name, value in said.items() if isinstance(value, str) and value.strip()}


def _feel(component: Component, said: Mapping[str, str], name: str, notes: Notes) -> Expression | None:
    if name not in said:
        return None
    try:
        expression = compile_expression(said[name].removeprefix("=").strip())
    except FeelError as error:
        zh = f"“{name}”里的表达式写错了：{said[name]}"
        notes.refuse(component, zh, f"The FEEL of {name!r} does not compile: {error.english}")
        return None
    if expression.functions - LENT:
        unknown = "、".join(sorted(expression.functions - LENT))
        notes.refuse(component, f"“{name}”里用了没有的函数：{unknown}。", f"Unknown functions in {name!r}: {unknown}.")
    return expression


def _hide(component: Component, notes: Notes) -> Condition | None:
    text = section(component, "conditional", notes).get("hide")
    if text in (None, ""):
        return None
    condition = parse_condition(text) if isinstance(text, str) else None
    if condition is None:
        zh = f'隐藏条件只能写成“字段 比较 固定值”，例如 =kind = "urgent"；现在是：{text}'
        notes.refuse(component, zh, f"conditional.hide must be `key op literal`, not {text!r}.")
    return condition


def _options(component: Component, said: Mapping[str, str], notes: Notes) -> tuple[Option, ...]:
    values = component.get("values") or []
    if component["type"] not in CHOICES or not isinstance(values, list):
        return ()
    options = tuple(option for option in map(_option, values) if option is not None)
    if len(options) != len(values) or len({str(option.value) for option in options}) != len(values):
        notes.refuse(component, "选项的值缺失或重复。", "An option lacks its value or label, or repeats a value.")
    if not values and "source" not in said:
        notes.refuse(component, "没有选项，也没有指定名单（source）。", "There are neither options nor a source.")
    if values and "source" in said:
        notes.refuse(component, "选项和名单（source）只能用一种。", "Options and a source exclude each other.")
    return options


def _option(written: object) -> Option | None:
    if not isinstance(written, dict):
        return None
    value, label = written.get("value"), plain_text(written.get("label"))
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    return Option(value, label) if label and 0 < len(str(value)) <= 100 else None


def _source(component: Component, said: Mapping[str, str], notes: Notes) -> str:
    source = said.get("source", "")
    if source and (not _SOURCE.fullmatch(source) or component["type"] not in CHOICES):
        known = "units、units:类别、duties、duties:类别、awaiting:消息、periods"
        zh = f"名单“{source}”不可用：只有选择类组件可以用 {known}。"
        en = f"The source {source!r} is none of units, units:kind, duties, duties:kind, awaiting:message, periods."
        notes.refuse(component, zh, en)
    return source


def _default(component: Component, notes: Notes) -> object:
    default = component.get("defaultValue")
    if default is None or isinstance(default, str | bool | int | Decimal):
        return default
    if isinstance(default, list) and all(isinstance(each, str | int) for each in default):
        return tuple(default)
    notes.refuse(component, "默认值的写法不支持。", "This kind of default value is not supported.")
    return None


def _first_rows(component: Component) -> int:
    count = component.get("defaultRepetitions")
    return min(max(count, 0), MOST_ROWS) if isinstance(count, int) else 0


def _accept(component: Component, notes: Notes) -> tuple[str, ...]:
    written = component.get("accept") or ""
    kinds = tuple(each.strip().lower() for each in str(written).split(",") if each.strip())
    for kind in kinds:
        if not re.fullmatch(r"\.[a-z0-9]{1,8}|[a-z]+/(\*|[a-z0-9.+-]+)", kind):
            notes.refuse(component, f"不认识文件类型“{kind}”。", f"The file type {kind!r} is not understood.")
    return kinds


def _is_half(component: Component) -> bool:
    layout = component.get("layout")
    columns = layout.get("columns") if isinstance(layout, dict) else None
    return isinstance(columns, int) and 0 < columns <= 8  # form-js lays out on 16 columns


def _is_impersonal(component: Component, said: Mapping[str, str], notes: Notes) -> bool:
    if "impersonal" in said and (said["impersonal"] != "true" or component["type"] not in ("textfield", "textarea")):
        zh = "impersonal 只能写 true，只能用在文字上。"
        notes.refuse(component, zh, "`impersonal` is `true`, and for texts only.")
    return said.get("impersonal") == "true"


def _check_together(component: Component, read: Field, notes: Notes) -> None:
    if read.must is not None and not read.say:
        notes.refuse(component, "写了核对规则（must），也要写不满足时的提示（say）。", "A `must` needs its `say`.")
    if are_crossed(read.limits):
        notes.refuse(component, "下限大于上限。", "A lower limit lies above its upper limit.")
    if read.kind != "dynamiclist" and (read.each or read.unique):
        notes.refuse(component, "each 和 unique 只能用在列表上。", "`each` and `unique` belong to a dynamiclist.")
    if read.unique and read.find(read.unique) is None:
        notes.refuse(component, f"列表里没有字段“{read.unique}”。", f"The list has no column {read.unique!r}.")
    if component.get("allowAddRemove") is False and read.each is None:
        notes.refuse(component, "不能增减的列表要用 each 给出各行。", "A list without add and remove needs `each`.")
