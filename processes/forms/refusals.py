"""What can be wrong with a form or with what was filled in, said so that the person can mend it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import Rejected


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a form file: the component's key and label (either may be empty), and the sentence twice."""

    key: str
    label: str
    zh: str
    en: str


class UnreadableForm(Rejected):
    """The form file cannot be used; the findings say why, component by component."""

    code = "form_unreadable"
    message = "表单文件有 {count} 处问题，不能使用。"
    advice = "请按所列问题修改表单后重新检查。"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep the findings, in the order of the file."""
        self.findings = findings
        super().__init__(count=len(findings))


class BrokenForm(Rejected):
    """The form is well written but the case or the county's lists lack what it refers to."""

    code = "form_broken"
    message = "表单“{form}”中的“{field}”暂时无法使用：{why}"
    advice = "请联系县里的流程管理员修正表单或名单，已填写的内容请先存为草稿。"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to mend. `path` names the field (`unit`, `tasks-0-unit`; empty: the whole form).

    `where` says which row (“第 2 项”, “县住建局”); it is empty outside rows.
    """

    path: str
    label: str
    message: str
    where: str = ""

    @property
    def sentence(self) -> str:
        """The message as it stands in a summary, away from its field."""
        return f"{self.where}：{self.message}" if self.where else self.message


class Invalid(Rejected):
    """What was filled in cannot be accepted yet; the errors say which field and why."""

    code = "form_invalid"
    message = "有 {count} 处需要修改，内容还没有提交。"
    advice = "请按提示修改后再次提交，已填写的内容都还在。"

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        """Keep the errors, in the order of the form."""
        self.errors = errors
        super().__init__(count=len(errors))
