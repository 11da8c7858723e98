"""Cases: the list of those I may see, one case on one page, and raising a new one."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from processes.asks import form_world, papers_for
from processes.forms import FieldError, Posted
from processes.pack import Start, first_values
from processes.queries.cases import FILTERS, count_cases, find_case_id, get_case, list_cases
from processes.queries.tasks import drafted, find_draft
from processes.queries.waiting_cases import SeenCases
from processes.whistles import blow, draft_key, form_of, may_start
from processes.work import Done, save_draft
from web import incidents, merging, similar, supervision, words
from web.case_line import line
from web.case_page import whole
from web.filling import FormPage, fill, typed
from web.frame import asking, installation, now, pack
from web.guard import SIGNED_IN, permits, visit
from web.lines import help_of
from web.links import url_for
from web.paging import page_number, pages
from web.tasks import said

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
_LABELS = {"open": "在办", "late": "有超期", "mine": "我发起的", "ended": "已结束", "all": "全部"}


@blueprint.get("/", endpoint="list")
@permits(SIGNED_IN)
def show_list() -> str:
    """The cases I may see."""
    chosen, asked, number = _chosen(), request.args.get("q", "").strip()[:60], page_number()
    me = visit().me
    found, total = list_cases(asking(), me, pack(), now=g.now, chosen=chosen, words=asked, page=number)
    counted = count_cases(asking(), me, pack(), now=g.now, words=asked)
    return render_template(
        "cases.html",
        rows=[line(each) for each in found],
        q=asked,
        filters=[
            {
                "key": name,
                "label": _LABELS[name],
                "count": words.count(counted[name]),
                "url": url_for("cases.list", only=name, q=asked or None),
                "active": name == chosen,
            }
            for name in FILTERS
        ],
        pages=pages("cases.list", number, total, only=chosen, q=asked or None),
    )


@blueprint.get("/<number_or_id>")
@permits(SIGNED_IN)
def show(number_or_id: str) -> str:
    """One case: what it waits for, who holds it until when, where it stands, what happened."""
    case_id = find_case_id(asking(), visit().me, number_or_id)
    case = get_case(asking(), visit().me, case_id)
    its_pack = installation().pack(asking(), visit().me.county, case.case.digest)
    faults = incidents.banner(visit().me, pack(), case.matter)
    panels = {"supervision": supervision.panel(case), "merging": merging.panel(case)}
    return render_template("case.html", **whole(case, its_pack), faults=faults, **panels)


@blueprint.get("/new/<start>")
@permits(SIGNED_IN)
def new(start: str) -> str:
    """The first form of a new case, with the draft if there is one."""
    may_start(pack(), visit().me, start)
    draft = find_draft(asking(), visit().me, draft_key(start))
    if draft is None:
        return _form_page(start, None).render(None)
    saved_at, posted = draft.saved_at.astimezone(pack().calendar.zone), drafted(draft)
    return _form_page(start, posted).render(posted, saved=f"草稿存于 {words.moment(saved_at, now())}")


@blueprint.post("/new/<start>", endpoint="raise")
@permits(SIGNED_IN)
def raise_case(start: str) -> Response | tuple[str, int]:
    """Start the case with its first step done."""
    form = form_of(pack(), may_start(pack(), visit().me, start))
    load = partial(_form_page, start, Posted.of(request.form))
    sent = fill(lambda: form, draft_key(start), load, lambda *given: _blow(start, *given))
    if sent.page is not None:
        return sent.page
    if sent.done is None:
        flash("草稿已保存，只有您自己看得到。", "success")
        return redirect(url_for("cases.new", start=start))
    flash(said(sent.done), "success")
    return redirect(url_for("cases.show", number_or_id=sent.done.case_id))


@blueprint.post("/new/<start>/draft", endpoint="draft")
@permits(SIGNED_IN)
def keep_draft(start: str) -> tuple[dict[str, str], int]:
    """Autosave, asked for by the page's script."""
    may_start(pack(), visit().me, start)
    save_draft(installation(), visit().me, draft_key(start), typed(Posted.of(request.form)), now=g.now)
    return {"saved_at": g.now.isoformat(), "words": f"草稿已自动保存 {now():%H:%M}"}, 200


@blueprint.post("/new/<start>/similar", endpoint="similar")
@permits(SIGNED_IN)
def show_similar(start: str) -> str:
    """Matters like what is typed so far, as a part of the page; asked for by the page's script. Nothing is kept."""
    found = _similar(may_start(pack(), visit().me, start), Posted.of(request.form))
    if found is None:
        abort(404)
    return current_app.jinja_env.get_template("_similar.html").render(similar=found)


def _blow(start: str, posted: Posted, refused: tuple[FieldError, ...]) -> Done:
    return blow(installation(), visit().me, start, posted, now=g.now, refused=refused)


def _form_page(name: str, typed_so_far: Posted | None) -> FormPage:
    county, me = pack(), visit().me
    start = may_start(county, me, name)
    unit = _unit(start)
    papers = papers_for(asking(), me, None)
    return FormPage(
        form=form_of(county, start),
        world=form_world(county, first_values(unit), papers, now=g.now, cases=SeenCases(asking(), me, county)),
        action=url_for("cases.raise", start=name),
        draft_url=url_for("cases.draft", start=name),
        show=lambda html: render_template(
            "new.html", start=_about(start), similar=_similar(start, typed_so_far), form_html=html
        ),
    )


def _unit(start: Start) -> str:
    return next(held.unit for held in visit().me.postings if held.post == start.by)


def _similar(start: Start, posted: Posted | None) -> dict[str, Any] | None:
    return similar.while_typing(start, _unit(start), posted)


def _about(start: Start) -> dict[str, Any]:
    """What the step is for, and which steps of the drawing come next in one's own unit."""
    process = pack().program.process(start.process)
    first = process.by_id[start.step]
    lane = process.lane_of(start.step)
    following = [element for element in process.elements if element.kind == "userTask" and element.id != start.step]
    mine = [element for element in following if lane and element.id in lane.elements][:3]
    steps = [{"name": element.name, "words": help_of(element.documentation)} for element in mine]
    return {"name": start.name, "help": help_of(first.documentation), "steps": steps}


def _chosen() -> str:
    chosen = request.args.get("only", "open" if not request.args.get("q") else "all")
    return chosen if chosen in FILTERS else "open"
