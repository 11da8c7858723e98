"""File names that people gave, made fit to show, to list and to download; what a name hides is taken off."""

from __future__ import annotations

import re
from unicodedata import category, normalize

LONGEST = 120
LONGEST_EXTENSION = 16
UNNAMED = "未命名"

# Windows refuses these as file names, whatever their extension.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def clean_name(filename: str | None) -> str:
    """The name without path, control and direction characters; Chinese stays; at most 120 characters; never empty."""
    name = normalize("NFC", re.split(r"[/\\]", filename or "")[-1])
    name = "".join(letter if letter != "\t" else " " for letter in name if _is_shown(letter))
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name) or UNNAMED


def extension_of(name: str) -> str:
    """The extension in lower case without its dot; "" for none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def _is_shown(letter: str) -> bool:
    """Neither control, nor direction or zero-width, nor half of a pair, nor private, nor a line break."""
    return letter == "\t" or category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _shortened(name: str) -> str:
    """Cut in the stem, so that the extension stays."""
    if len(name) <= LONGEST:
        return name
    extension = extension_of(name)
    if not extension or len(extension) > LONGEST_EXTENSION:
        return name[:LONGEST].rstrip(". ")
    return name[: LONGEST - len(extension) - 1].rstrip(". ") + name[-len(extension) - 1 :]
