"""Other versions of the model county's folder."""

from __future__ import annotations

import re

from engine.model import Files
from tests.kit.sites import the_folder


def another_version(file: str, old: str, new: str) -> Files:
    """The shipped folder with one text of a file replaced."""
    files = dict(the_folder())
    text = files[file].decode()
    assert old in text, f"{file} no longer holds {old!r}"
    files[file] = text.replace(old, new, 1).encode()
    return files


def with_step_called(old: str, new: str) -> Files:
    """The shipped folder with a step of its main diagram under another id; its form and its limit keep their names."""
    files = dict(the_folder())
    text = re.sub(rf"\b{old}\b", new, files["whistle.bpmn"].decode())
    for attribute in ("formKey", "dueDate"):
        text = text.replace(f'camunda:{attribute}="{new}"', f'camunda:{attribute}="{old}"')
    files["whistle.bpmn"] = text.encode()
    return files
