"""The duty list as it stands now: the folder's, and what county staff have changed in it since (DC-14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from processes.lists import Duty

KINDS = ("add", "amend", "remove")


@dataclass(frozen=True)
class DutyChange:
    """One version of the list: what was done to which item, by whom, when, why, and after which case.

    Empty texts leave what the item said before.
    """

    version: int
    kind: str
    code: str
    item: str
    lead: str
    is_townships_own: bool
    legal_basis: str
    keywords: tuple[str, ...]
    reason: str
    case_id: str
    by: str
    at: datetime


def with_changes(duties: Mapping[str, Duty], changes: Iterable[DutyChange]) -> dict[str, Duty]:
    """The list with these changes, in their order; one about an item that is no longer there changes nothing."""
    found = dict(duties)
    for change in changes:
        if change.kind == "remove":
            found.pop(change.code, None)
        elif change.kind == "add":
            found[change.code] = _said(Duty(change.code, "", "", (), "", "", "", False, ()), change)
        elif change.code in found:
            found[change.code] = _said(found[change.code], change)
    return found


def next_code(duties: Iterable[str]) -> str:
    """The code of an item that is added: N01, N02 …, the first that no item has or ever had."""
    taken = set(duties)
    return next(code for number in range(1, len(taken) + 2) if (code := f"N{number:02}") not in taken)


def _said(duty: Duty, change: DutyChange) -> Duty:
    return replace(
        duty,
        item=change.item or duty.item,
        lead=change.lead or duty.lead,
        is_townships_own=change.is_townships_own,
        legal_basis=change.legal_basis or duty.legal_basis,
        keywords=change.keywords or duty.keywords,
    )
