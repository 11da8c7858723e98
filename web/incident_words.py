"""How incidents are said: what each kind of work is called when it fails, and what the journal says about it later."""

from __future__ import annotations

from engine.store.journal import Line
from processes.pack import Pack
from web.lines import step_name

_KINDS = {
    "tick": ("到点该走的一步没有走成", "流程到了规定的时刻，系统没能让它继续。"),
    "light": ("提醒或红灯没有发出", "快到期的提醒、超期的红灯，没能发到办理单位。"),
    "verb": ("系统自动办理的一步没有办成", "这一步由系统办，办不成时，事项停在这里等着。"),
    "deliver": ("消息没有送达", "别的事项或系统发来的消息，没能交给等它的事项。"),
    "signal": ("信号没有传到", "发给所有等候事项的信号，没能传出去。"),
    "signal_case": ("信号没有传到这一件", "发给所有等候事项的信号，没能传到这一件。"),
    "signal_start": ("信号没有开始新事项", "应由信号开始的流程，没能开始。"),
    "send": ("对外的消息没有发出", "短信、给别处的消息等，没有发出去或者对方没有收下。"),
    "migrate": ("换新版流程没有办完", "把在办事项换到新版流程，办到一半停住了；已换的不受影响。"),
    "fault": ("流程图走不下去", "有人提交时，流程图里的一处算不出结果；没有保存任何内容，请修正流程图。"),
    "stuck": ("事项停住了", "没有待办、没有定时、也没有在等消息，流程走不下去。"),
}
_OTHER = ("系统有一件事没有办成", "系统试过，没有办成。")


def what(kind: str) -> tuple[str, str]:
    """(title, one sentence) of an incident of this kind."""
    return _KINDS.get(kind, _OTHER)


def skipping(kind: str) -> str:
    """What follows when an incident of this kind is skipped."""
    if kind == "verb":
        return "不再办这一步，事项接着往下走。"
    return (
        "事项已另行处置时用；关闭后事项不会自己往下走。" if kind in ("stuck", "fault") else "不再补做，事项照常往下走。"
    )


def told(line: Line, pack: Pack) -> str | None:
    """A journal line about an incident or a change of version as a sentence; None for lines about other things."""
    facts = line.facts
    reason = f"，理由：{facts['reason']}" if facts.get("reason") else ""
    match line.fact:
        case "IncidentRetried":
            return f"故障重试：{_place(line)}"
        case "IncidentSkipped":
            return f"故障跳过：{_place(line)}{reason}"
        case "CaseMigrated":
            return f"改按新版流程办理{reason}"
        case "VerbSkipped":
            return f"跳过“{step_name(pack, str(facts['element']))}”{reason}"
        case "VerbDone":
            return f"系统办成“{step_name(pack, str(facts['element']))}”（第 {facts['attempt']} 次）"
    return None


def _place(line: Line) -> str:
    """What was drawn where it went wrong; else what kind of work it was."""
    kind, place = str(line.facts["kind"]), str(line.facts["place"])
    return what(kind)[0] if place == kind else f"“{place}”"
