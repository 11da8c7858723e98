"""`send_message`: a message to another county or to the city, through the exchange."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select

from engine.outside_values import UnfitValue, fit_text, taken_in
from engine.values import to_bytes
from processes.exchange import LARGEST_PAYLOAD, LONGEST_ID, LONGEST_TEXT, find_partner
from processes.outbox import put_out
from processes.tables import MatterRow
from processes.verbs.asking import Asking, BusinessError

UNKNOWN_EXCHANGE = "unknown_exchange"
_SINGLE = (str, bool, int, Decimal, date, time)


def send_message(asking: Asking) -> None:
    """Inputs: `to`, a name below `[exchange]` or a division code; `message`, its name there; `key`, the correlation key
    there (this case's own id, unless it is given); `payload`, a context, or none; `answers`, a context that says which
    answers go along, as {summary: "brief.summary"} (step and field, the latest). Dates and times travel as ISO texts.

    The payload always says whose it is (`from_county`, `from_case`: an answer with this key finds the case), and the
    matter's `number`, `subject` and `township`. Business error `unknown_exchange`: nobody of this name.
    """
    to = asking.asked.inputs.get("to")
    partner = find_partner(asking.pack, to)
    if partner is None:
        raise BusinessError(UNKNOWN_EXCHANGE, f"county.toml 的 [exchange] 里没有“{to}”")
    content = {
        "from": asking.case.county,
        "to": partner.code,
        "message": _text(asking, "message"),
        "key": _key(asking),
        "payload": {**_payload(asking), **_sender(asking)},
    }
    name = f"给{partner.name}的消息"
    put_out(asking.session, asking.case, "exchange", _id(asking), content, asking.act.at, name=name)


def _id(asking: Asking) -> str:
    """Under which the receiver knows it, however often it comes."""
    key = asking.asked.key
    if len(key) > LONGEST_ID - len("send:"):
        raise asking.misused("服务任务的编号太长，请写短")
    return key


def _key(asking: Asking) -> str:
    """A later message about the same case finds there what the first began; an answer says whose case it is for."""
    if asking.asked.inputs.get("key") is None:
        return asking.case.case_id
    return _text(asking, "key")


def _sender(asking: Asking) -> dict[str, object]:
    """Who writes, and about which matter."""
    this = (MatterRow.county == asking.case.county, MatterRow.case_id == asking.case.case_id)
    told = select(MatterRow.number, MatterRow.title, MatterRow.unit).where(*this)
    matter = asking.session.execute(told).one()
    return {
        "from_county": asking.case.county,
        "from_case": asking.case.case_id,
        "number": matter.number,
        "subject": matter.title,
        "township": asking.pack.unit_name(matter.unit),
    }


def _text(asking: Asking, name: str) -> str:
    value = asking.asked.inputs.get(name)
    try:
        return fit_text(name, value if isinstance(value, str) else "", LONGEST_TEXT)
    except UnfitValue as unfit:
        raise asking.misused(f"{name} 应为 1 至 {LONGEST_TEXT} 个字的文字") from unfit


def _payload(asking: Asking) -> dict[str, object]:
    """What the diagram has it carry, as every receiver can read it."""
    try:
        carried = taken_in({name: _sayable(value) for name, value in (_given(asking) | _answers(asking)).items()})
    except (UnfitValue, TypeError) as unfit:
        raise asking.misused("payload 里只能有文字、数、是否、日期、时刻，以及由它们组成的列表和 {名称: 值}") from unfit
    if len(to_bytes(carried)) > LARGEST_PAYLOAD:
        raise asking.misused(f"payload 的内容超过 {LARGEST_PAYLOAD:,} 字节")
    return carried


def _given(asking: Asking) -> dict[str, object]:
    """The values that the diagram writes out."""
    given = asking.asked.inputs.get("payload")
    if not isinstance(given, Mapping | None):
        raise asking.misused("payload 应为若干“名称: 值”，写成 {名称: 值}")
    return dict(given or {})


def _answers(asking: Asking) -> dict[str, object]:
    """What people filled in that goes along, by its name there; what nobody has filled in, and papers, stay out."""
    given = asking.asked.inputs.get("answers")
    if not isinstance(given, Mapping | None):
        raise asking.misused('answers 应写成 {名称: "步骤.填写项"}')
    wanted = {str(name): str(place).partition(".") for name, place in (given or {}).items()}
    latest = {answer.step: answer.answers for answer, _ in asking.answers_to({step for step, _, _ in wanted.values()})}
    found = {name: latest.get(step, {}).get(field) for name, (step, _, field) in wanted.items()}
    return {name: value for name, value in found.items() if isinstance(value, _SINGLE)}


def _sayable(value: object) -> object:
    """Without what only FEEL has words for; raises TypeError for a length of time, which JSON has none for."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            return {str(name): _sayable(item) for name, item in value.items()}
        case list() | tuple():
            return [_sayable(item) for item in value]
        case timedelta():
            raise TypeError("a length of time")
    return value
