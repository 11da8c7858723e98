"""What is wrong is red and crossed, what is right is green and ticked; and a picture that stands alone."""

from __future__ import annotations

from web.drawing.__main__ import STYLESHEET

SIGNS = {"wrong": "✗", "right": "✓"}
INKS = {"wrong": "var(--bpmn-late)", "right": "var(--bpmn-done)"}
_STYLE = " ".join(STYLESHEET.read_text(encoding="utf-8").split())


def standing_alone(svg: str, *rules: str) -> str:
    """The SVG with the stylesheet, and these rules of its own, inside."""
    opening, rest = svg.split(">", 1)
    return f"{opening}><style>{' '.join([_STYLE, *rules])}</style>{rest}\n"
