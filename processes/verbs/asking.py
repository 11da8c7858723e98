"""What a verb is given: the transaction, the county's folder, the case, and what the diagram asked for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.run import Asked
from engine.store.keep import Act, Kept
from processes.pack import Pack


class VerbMisused(Rejected):
    """A service task gave its verb inputs that do not fit."""

    code = "verb_misused"
    message = "流程图中的“{name}”给动作 {verb} 的参数不对：{why}。没有保存任何内容。"
    advice = "请流程管理员修正流程图后再办理。"


@dataclass(frozen=True)
class Asking:
    """One asking of a verb."""

    session: Session
    pack: Pack
    case: Kept
    asked: Asked
    act: Act

    def misused(self, why: str) -> VerbMisused:
        """The refusal that names the service task."""
        return VerbMisused(name=self.asked.name, verb=self.asked.verb, why=why)
