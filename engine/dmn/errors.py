"""What can go wrong with a decision model: it cannot be read, or its rules give no single answer."""

from __future__ import annotations

from engine.errors import Rejected


class DmnError(Rejected):
    """The decision model cannot be used."""

    code = "dmn"
    message = "决策模型有误。"
    advice = "请在建模工具中改正决策模型，再重新发布。"


class DmnUnreadable(DmnError):
    """The decision model is no well-formed and safe DMN file."""

    code = "dmn_unreadable"
    message = "无法读取决策模型：{reason}。"


class DmnTooLarge(DmnError):
    """The decision model is too large or too deep."""

    code = "dmn_too_large"
    message = "决策模型过大或嵌套过深。"


class RulesNotUnique(DmnError):
    """Several rules of a UNIQUE table match at once."""

    code = "dmn_rules_not_unique"
    message = "当{values}时，决策“{decision}”的规则 {rules} 同时适用，而该表只允许一条适用。"
    advice = "请在决策表中改正这几条规则，使它们不再重叠，再重新发布。"


class RulesConflict(DmnError):
    """Matching rules of an ANY table give different results."""

    code = "dmn_rules_conflict"
    message = "当{values}时，决策“{decision}”的规则 {rules} 同时适用，结果却不相同。"
    advice = "请在决策表中改正这几条规则，使它们不再重叠或结果相同，再重新发布。"


class NoRuleMatches(DmnError):
    """No rule of a decision table matches, and it has no default."""

    code = "dmn_no_rule_matches"
    message = "当{values}时，决策“{decision}”没有规则适用。"
    advice = "请在决策表中补上这种情况，或为结果设默认值，再重新发布。"


class ValueNotAllowed(DmnError):
    """A value is not among those an input of a decision table allows."""

    code = "dmn_value_not_allowed"
    message = "决策“{decision}”的“{input}”不能是 {value}，只允许 {allowed}。"
    advice = "请核对填写的内容；应当允许的，请在决策表中加入允许的取值。"


class DecisionsCircular(DmnError):
    """A decision requires itself, directly or by way of others."""

    code = "dmn_circular"
    message = "决策“{decision}”直接或间接地依赖自己。"
