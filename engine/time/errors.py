"""What can be wrong with a county's limits and calendar, and which questions about time have no answer.

A `FolderError` is one flaw in one file; reading a file gathers them all in `FolderInvalid`, so that the person who
wrote the file mends it in one go.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import Rejected


class FolderError(Rejected):
    """A data file of the county folder is wrong.

    `facts["file"]` is the file's name and `facts["where"]` the place in it, as a person would say it.
    """

    code = "folder_error"
    message = "{file} 的 {where} 有错误。"
    advice = "请按提示修改这个文件后重新检查。"


class FolderInvalid(Rejected):
    """The county folder has errors in its data files.

    `flaws` lists every one of them, in the order of the file.
    """

    code = "folder_invalid"
    message = "发现 {count} 处错误：\n{sentences}"
    advice = "请逐条修改后重新检查。"

    def __init__(self, flaws: Sequence[FolderError]) -> None:
        """Keep the flaws and say them line by line."""
        self.flaws = tuple(flaws)
        super().__init__(count=len(flaws), sentences="\n".join(flaw.sentence for flaw in flaws))


class Unreadable(FolderError):
    """The file cannot be read in its format."""

    code = "file_unreadable"
    message = "{file} 的 {where}：不是有效的 {format}（{reason}）。"


class EntryMissing(FolderError):
    """A required entry is missing."""

    code = "entry_missing"
    message = "{file} 的 {where} 缺少 {key}。"


class EntryUnknown(FolderError):
    """The file has an entry that nobody reads."""

    code = "entry_unknown"
    message = "{file} 的 {where} 有不认识的 {key}；这里只能写 {known}。"


class EntryOfWrongType(FolderError):
    """An entry does not have the type or the form it needs."""

    code = "entry_of_wrong_type"
    message = "{file} 的 {where}：{key} 应写成{expected}。"


class EntryNotAChoice(FolderError):
    """An entry is none of the words that may stand there."""

    code = "entry_not_a_choice"
    message = "{file} 的 {where}：{key} 写的是“{value}”，只能是 {known}。"


class EntryTwice(FolderError):
    """The same entry stands in the file twice."""

    code = "entry_twice"
    message = "{file} 的 {where}：{value} 出现了两次，只能保留一处。"


class UnknownAmount(FolderError):
    """The value of a limit is not a number with a known unit."""

    code = "unknown_amount"
    message = "{file} 的 {where}：看不懂 {key} 的“{value}”，应是 1 到 9999 的整数加一个单位，单位是 {known}。"


class NumberUnfit(FolderError):
    """The value of a threshold is no number that can be compared with."""

    code = "number_unfit"
    message = "{file} 的 {where}：{key} 应是 0 到 {most} 之间的数。"


class ValuesMixed(FolderError):
    """Some values of a key are times and some are numbers, so that nobody knows which of the two it is."""

    code = "values_mixed"
    message = (
        '{file} 的 {where}：value 有的是时长，有的是数字。时长（时限）都写成 "2 working days" 这样，'
        "数字（阈值）都不加引号；要改用另一种，请另起一个名称。"
    )


class NumberTakesNoTime(FolderError):
    """A threshold says how it is counted, but there is no time to count."""

    code = "number_takes_no_time"
    message = "{file} 的 {where}：{key} 只用于时限；这里的 value 是数字（阈值），请删去 {key}。"


class PeriodsDisordered(FolderError):
    """The periods of a day overlap, are out of order, or close before they open."""

    code = "periods_disordered"
    message = "{file} 的 {where}：上班时段应从早到晚依次排列、互不重叠，每段先上班、后下班。"


class UnknownLimit(Rejected):
    """No limit has this name."""

    code = "unknown_limit"
    message = "没有名为“{name}”的时限。"
    advice = "请在 limits.toml 中添加这个时限，或改用已有的名称。"


class NotALimit(Rejected):
    """The name is that of a threshold: a number, which nothing can be due by."""

    code = "not_a_limit"
    message = "“{name}”是阈值（数字），不是时限，不能用来计时。"
    advice = '请改用写有时长的时限；取这个数字用 threshold("{name}")。'


class UnknownThreshold(Rejected):
    """No threshold has this name."""

    code = "unknown_threshold"
    message = "没有名为“{name}”的阈值（数字）。"
    advice = "请在 limits.toml 中添加这个阈值（value 写成数字），或改用已有的名称。"


class NotAThreshold(Rejected):
    """The name is that of a limit: a time, which is no number."""

    code = "not_a_threshold"
    message = "“{name}”是时限，不是阈值（数字）。"
    advice = '请改用 value 写成数字的阈值；时限用 limit("{name}")。'


class ThresholdNotInForce(Rejected):
    """The threshold has no number on this date: its first one starts later."""

    code = "threshold_not_in_force"
    message = "阈值“{name}”自{since}起才有规定，{on}还没有生效。"
    advice = "请在 limits.toml 中补上更早的规定及其依据。"


class LimitNotInForce(Rejected):
    """The limit has no value on this date: its first one starts later."""

    code = "limit_not_in_force"
    message = "时限“{name}”自{since}起才有规定，{on}还没有生效。"
    advice = "请在 limits.toml 中补上更早的规定及其依据。"


class CountedTheOtherWay(Rejected):
    """The limit counts in the other direction than the one asked for."""

    code = "counted_the_other_way"
    message = "时限“{name}”的计算方向不对：它{counts}。"
    advice = "办理时限从开始时往后数，提醒从到期时往前数；请改用方向相符的时限。"


class HoursUnknown(Rejected):
    """No office hours are known for a date this early."""

    code = "hours_unknown"
    message = "{on}的上班时间没有规定，最早的一条自{since}起。"
    advice = "请在 county.toml 的 [[hours]] 中补上更早的上班时间。"


class OutOfReach(Rejected):
    """The date lies too far away to be counted."""

    code = "out_of_reach"
    message = "这个时间太远，无法推算。"
    advice = "请核对日期、时限和工作日历：从起算日到到期日不能超过五十年，其间要有工作日。"


class NoticeOfAnotherYear(FolderError):
    """A row of the year's notice belongs to another year."""

    code = "notice_of_another_year"
    message = "{file} 的 {where}：{on}不在{year}年；这次应导入{year}年的安排（元旦假期可从上年12月25日以后起）。"
    advice = "请核对文件是否拿错了年份；放假安排须逐年导入，不能跳过一年，也不能重复导入。"


class NoticeMakesUpAWorkingDay(FolderError):
    """A make-up day of the year's notice falls on a day that works anyway."""

    code = "notice_makes_up_a_working_day"
    message = "{file} 的 {where}：{on}本来就是工作日，不会是调休上班的日子。"


class NoticeContradicts(FolderError):
    """A row of the year's notice says the opposite of a local day."""

    code = "notice_contradicts"
    message = "{file} 的 {where}：{on}在本县日历里已写为{known}（{name}），与放假安排相反。"
    advice = "请先确定以哪一个为准：改 calendar.csv 里的这一天，或从放假安排里去掉这一行。"


class NoticeIncomplete(FolderError):
    """The year's notice lacks a statutory holiday."""

    code = "notice_incomplete"
    message = "{file} 的 {where}：没有{missing}的放假日期，不是全年的安排。"


class NoticeUnbalanced(FolderError):
    """The days off and the make-up days of the year's notice do not add up to the statutory days."""

    code = "notice_unbalanced"
    message = (
        "{file} 的 {where}：工作日放假{off}天、调休上班{made_up}天，相抵应为{days}天"
        "（《全国年节及纪念日放假办法》），可能漏了或多了几行。"
    )


class LimitVersionUnknown(Rejected):
    """The limit has no value that came into force on this date."""

    code = "limit_version_unknown"
    message = "时限“{name}”没有自{since}起执行的规定。"
    advice = "请核对 limits.toml 里这项规定的生效日期（from）。"
