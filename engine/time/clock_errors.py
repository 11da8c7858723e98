"""What cannot happen to a clock, and records of one that cannot be read."""

from __future__ import annotations

from engine.errors import Rejected


class ClockUnreadable(Rejected):
    """The record of a clock cannot be read."""

    code = "clock_unreadable"
    message = "计时记录读不懂：{written}。"
    advice = "请联系管理员核对这条记录；原记录没有改动。"


class NotStartedOnce(Rejected):
    """A clock starts once, and with that."""

    code = "not_started_once"
    message = "计时要从“开始”记起，并且只能开始一次。"
    advice = "重新办理的事项请另起一个计时。"


class ClockStopped(Rejected):
    """The clock has stopped; nothing can happen to it any more."""

    code = "clock_stopped"
    message = "{since}已经停止计时，不能再{what}。"
    advice = "需要继续办理的，请另起一个计时。"


class AlreadyPaused(Rejected):
    """The clock is paused already."""

    code = "already_paused"
    message = "{since}起已经挂起，不能再次挂起。"
    advice = "请先恢复，再重新挂起。"


class NotPaused(Rejected):
    """The clock is not paused, so it cannot be resumed."""

    code = "not_paused"
    message = "没有挂起，不需要恢复。"
    advice = "请刷新页面，查看最新的办理情况。"


class NotHeld(Rejected):
    """The one who passes the work on does not hold it."""

    code = "not_held"
    message = "事项现在由{holder}办理，不能由{giver}转出。"
    advice = "请刷新页面，由现在的办理单位转办。"


class NothingToChange(Rejected):
    """The end was chosen by a person, so no limit can change it."""

    code = "nothing_to_change"
    message = "这个到期时间是逐件选定的，不随时限规定变更。"
    advice = "需要改期的，请办理延期。"


class NothingExtended(Rejected):
    """The extension does not end after the deadline so far, or ends in the past."""

    code = "nothing_extended"
    message = "延期到{until}，要晚于现在，也要晚于原到期时间（{due}）。"
    advice = "请选择更晚的时间。"


class ClockDisordered(Rejected):
    """Something lies before what happened last."""

    code = "clock_disordered"
    message = "{what}的时间（{at}）早于上一件事（{last}）。"
    advice = "请核对所填时间；如果时间没有填错，请管理员核对服务器时钟。"
