"""The stylesheet and the drawing say the same colours and know the same parts."""

from __future__ import annotations

import re
from pathlib import Path

from web.drawing.paint import _ROLES, COLOURS

STYLES = (Path(__file__).parents[3] / "web" / "static" / "css" / "diagram.css").read_text(encoding="utf-8")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(COLOURS[one]), luminance(COLOURS[other])])
    return (light + 0.05) / (dark + 0.05)


def test_the_stylesheet_names_the_same_colours():
    assert dict(re.findall(r"--bpmn-([a-z-]+): (#[0-9a-f]{6});", STYLES)) == dict(COLOURS)


def test_the_stylesheet_knows_every_part():
    parts = {role.split()[0] for role in _ROLES}
    assert parts <= set(re.findall(r"\.bpmn-(\w+)", STYLES))


def test_words_and_signs_can_be_read_on_every_ground():
    for ground in ("paper", "head", "accent-tint", "done-tint", "late-tint"):
        assert contrast("ink", ground) >= 7
    assert contrast("quiet", "paper") >= 4.5
    for badge in ("done", "accent", "late", "quiet"):
        assert contrast(badge, "paper") >= 4.5
