"""Colours and line weights of the drawing. The stylesheet says the same with variables; a test keeps both equal."""

from __future__ import annotations

from collections.abc import Mapping

COLOURS: Mapping[str, str] = {
    "paper": "#ffffff",
    "ink": "#1b2431",
    "line": "#4a5668",
    "faint": "#a7b1bf",
    "quiet": "#5f6b7d",
    "head": "#eaf0f8",
    "accent": "#1d4f91",
    "accent-tint": "#e3ecf8",
    "done": "#17703f",
    "done-tint": "#eef6f1",
    "late": "#b3261e",
    "late-tint": "#fcefed",
}
THIN, THICK, STRONG = "1.25", "2", "2.75"
FONTS = "'PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',sans-serif"

# role → (fill, stroke, weight)
_ROLES: Mapping[str, tuple[str | None, str | None, str | None]] = {
    "body": ("paper", "line", THIN),
    "body strong": ("paper", "line", STRONG),
    "body area": ("paper", "line", THIN),
    "ring": (None, "line", THIN),
    "glyph": (None, "line", THIN),
    "glyph thick": (None, "line", THICK),
    "solid": ("line", "line", THIN),
    "gap line": (None, "paper", THIN),
    "container": ("paper", "faint", THIN),
    "head": ("head", "faint", THIN),
    "flow": (None, "line", THIN),
    "flow loose": (None, "line", THIN),
    "arrow": ("line", "line", THIN),
    "arrow open": ("paper", "line", THIN),
    "label": ("ink", None, None),
    "label note": ("quiet", None, None),
    "label halo": ("ink", "paper", "3.5"),
    "badge": ("quiet", "paper", THIN),
    "sign": (None, "paper", THICK),
    "sign thick": (None, "paper", THICK),
    "sign full": ("paper", None, None),
    "sign words": ("paper", None, None),
}
# state → (fill, stroke) of the body
STATES: Mapping[str, tuple[str, str]] = {
    "done": ("done-tint", "done"),
    "now": ("accent-tint", "accent"),
    "mine": ("accent-tint", "accent"),
    "late": ("late-tint", "late"),
    "waiting": ("paper", "quiet"),
}


def attributes_of(role: str) -> dict[str, str]:
    """The presentation attributes of a role, for viewers that have no stylesheet."""
    fill, stroke, weight = _ROLES.get(role, (None, None, None))
    attributes = {"fill": COLOURS[fill] if fill else "none"}
    if stroke and weight:
        attributes |= {"stroke": COLOURS[stroke], "stroke-width": weight}
    return attributes
