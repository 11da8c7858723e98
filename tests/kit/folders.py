"""Other versions of the model county's folder, and a small county whose cases begin by messages and signals."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from engine.model import Files, read_folder
from processes.pack import Pack, read_pack
from tests.kit.sites import the_folder

LAKESIDE = Path(__file__).parents[1] / "packs" / "lakeside"


@cache
def lakeside() -> Pack:
    """The small county."""
    return read_pack(read_folder(LAKESIDE))


def lakeside_with(**stories: str) -> Files:
    """The small county's folder with other stories than its own: their steps, in TOML."""
    files = {name: raw for name, raw in lakeside().files.items() if not name.startswith("stories/")}
    told = {name: f'name = "{name}"\nbegins = 2026-09-07T09:00:00+08:00\n{steps}' for name, steps in stories.items()}
    return files | {f"stories/{name}.toml": text.encode() for name, text in told.items()}


def another_version(file: str, old: str, new: str) -> Files:
    """The shipped folder with one text of a file replaced."""
    files = dict(the_folder())
    text = files[file].decode()
    assert old in text, f"{file} no longer holds {old!r}"
    files[file] = text.replace(old, new, 1).encode()
    return files


def unsupervised() -> dict[str, bytes]:
    """The shipped folder, but nobody is called to account: where time passes, no orders begin."""
    kept = dict(the_folder())
    before, _, rules = kept["county.toml"].partition(b"\n[supervision]\n")
    kept["county.toml"] = before + rules[rules.index(b"\n[") :]
    return kept


def with_step_called(old: str, new: str) -> Files:
    """The shipped folder with a step of its main diagram under another id; its form and its limit keep their names."""
    files = dict(the_folder())
    text = re.sub(rf"\b{old}\b", new, files["whistle.bpmn"].decode())
    for attribute in ("formKey", "dueDate"):
        text = text.replace(f'camunda:{attribute}="{new}"', f'camunda:{attribute}="{old}"')
    files["whistle.bpmn"] = text.encode()
    files["demo.toml"] = files["demo.toml"].replace(f"[steps.{old}]".encode(), f"[steps.{new}]".encode())
    return files
