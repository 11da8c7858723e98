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
    message = "决策“{decision}”的规则{rules}同时命中，但该表只允许命中一条。"


class RulesConflict(DmnError):
    """Matching rules of an ANY table give different results."""

    code = "dmn_rules_conflict"
    message = "决策“{decision}”的规则{rules}同时命中，结果却不相同。"


class DecisionsCircular(DmnError):
    """A decision requires itself, directly or by way of others."""

    code = "dmn_circular"
    message = "决策“{decision}”直接或间接地依赖自己。"
