"""`add_instance`: one more unit begins while the others work (增加一个)."""

from __future__ import annotations

from engine.run import add
from engine.step import Step
from processes.verbs.moving import Moving, change


def add_instance(moving: Moving) -> Step:
    """Inputs: `activity`, the multi-instance activity's id; `item`, as in its collection; `within`, a branch.

    Business errors: `not_running`, `several_running`; `already_running`: the item has an instance that is not done.
    """
    return change(moving, add)
