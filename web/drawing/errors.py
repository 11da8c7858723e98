"""Why a diagram cannot be drawn, said to the person who sent it."""

from __future__ import annotations

from engine.errors import Rejected


class DiagramNotDrawable(Rejected):
    """The diagram cannot be drawn.

    `reason` is a Chinese clause that completes the sentence.
    """

    code = "diagram_not_drawable"
    message = "流程图无法画出：{reason}。"
    advice = "请在流程图编辑器里打开该文件，确认各步骤都已摆放在画布上，保存后重试。"
