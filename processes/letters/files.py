"""Which files of a county folder are letter templates."""

from __future__ import annotations

from engine.model.files import Files

_FOLDER, _ENDING = "letters/", ".docx"


def letter_files(files: Files) -> dict[str, str]:
    """The names of the templates' files, by their stems as diagrams name them."""
    names = (name for name in files if name.startswith(_FOLDER) and name.endswith(_ENDING))
    return {name.removeprefix(_FOLDER).removesuffix(_ENDING): name for name in names}


def strange_files(files: Files) -> list[str]:
    """What else lies in the templates' folder: old or macro-bearing formats that cannot be filled."""
    return [name for name in files if name.startswith(_FOLDER) and not name.endswith(_ENDING)]
