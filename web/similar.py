"""The prior check against casual whistles (DC-3): matters like this one, and duty items of the township's own.

It advises and never blocks: whoever reads it decides. Who raises is told what follows and how the township goes about
it itself; who judges, what the matter may be returned by.
"""

from __future__ import annotations

from typing import Any

from flask import g

from processes.forms import Posted
from processes.lists import Duty
from processes.queries.similar import Found, find_similar, townships_own
from processes.queries.tasks import TaskPage
from processes.similar import Similar
from processes.starts import Start
from processes.whistles import form_of
from web import case_line
from web.frame import asking, pack
from web.guard import visit
from web.links import url_for

LONGEST = 4000
"""Characters of each answer that are looked at; a form may send more."""


def while_typing(start: Start, unit: str, posted: Posted | None, about: str | None) -> dict[str, Any] | None:
    """The panel of a new matter, with what was found for what is typed so far; None where the county asks for none.

    `about` is the ended case that it is about, if it is: that one need not be found.
    """
    rules = Similar.of(pack().county)
    if rules is None or not {*(rules.text or rules.place)} & form_of(pack(), start).inputs.keys():
        return None
    names = (start.title, *rules.text, *rules.place)
    typed = {name: (posted.get(name) or "")[:LONGEST] if posted else "" for name in names}
    gist = rules.gist(typed[start.title], typed)
    found = find_similar(asking(), visit().me, rules, gist, unit, now=g.now, but=about or "") if gist.words else None
    duties = townships_own(pack(), unit, "\n".join(typed[name] for name in (start.title, *rules.text)))
    asks = {
        "fields": " ".join(dict.fromkeys(names)),
        "url": url_for("cases.similar", start=start.name, about=about),
        "check_url": url_for("cases.raise", start=start.name, about=about),
    }
    return {**asks, **_said(found), "duties": [_duty(duty) for duty in duties], "judges": False}


def at_task(page: TaskPage) -> dict[str, Any] | None:
    """The same for whoever judges a matter, asked with what raised it; None where the county asks for none."""
    rules = Similar.of(page.pack.county)
    if rules is None:
        return None
    step = page.pack.starts[page.matter.start].step
    told = next((answer.answers for answer in reversed(page.answers) if answer.step == step), {})
    gist = rules.gist(page.matter.title, told)
    me, unit = visit().me, page.matter.unit
    found = find_similar(asking(), me, rules, gist, unit, now=g.now, but=page.task.case_id) if gist.words else Found()
    names = (page.pack.starts[page.matter.start].title, *rules.text)
    duties = townships_own(page.pack, unit, "\n".join(_text(told.get(name)) for name in names))
    return {**_said(found), "duties": [_duty(duty) for duty in duties], "judges": True}


def _said(found: Found | None) -> dict[str, Any]:
    """What the panel says of what was found; None: nothing was asked yet."""
    matches = found.matches if found else ()
    rows = [case_line.line(match.listed) | {"why": "同一地点" if match.same_place else "内容相近"} for match in matches]
    return {"asked": found is not None, "rows": rows, "hidden": found.hidden if found else 0}


def _text(answer: object) -> str:
    return answer[:LONGEST] if isinstance(answer, str) else ""


def _duty(duty: Duty) -> dict[str, str]:
    told = {"code": duty.code, "item": duty.item, "manual": duty.manual}
    return {**told, "legal_basis": duty.legal_basis, "evidence": duty.evidence}
