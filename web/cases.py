"""Cases: the list of those I may see, one case on one page, and raising a new one."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from processes.asks import form_world, papers_for
from processes.formers import CANNOT_FOLLOW, Former, carried, told_of
from processes.forms import FieldError, Posted, World, as_formdata, prefilled
from processes.pack import Pack, Start, first_values
from processes.queries.cases import WholeCase, find_case_id, get_case
from processes.queries.formers import find_former, look_at_former
from processes.queries.ratings import ratings_of
from processes.queries.tasks import drafted, find_draft
from processes.queries.waiting_cases import SeenCases
from processes.whistles import blow, draft_key, form_of, may_start, unit_of
from processes.work import Done, save_draft
from web import assessment_sheet, case_list, errors, formers, incidents, merging, similar, supervision, words
from web.case_page import whole
from web.case_ratings import rated
from web.filling import FormPage, fill, typed
from web.frame import asking, installation, now, pack
from web.guard import SIGNED_IN, permits, visit
from web.lines import help_of
from web.links import url_for
from web.tasks import said

blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@blueprint.get("/", endpoint="list")
@permits(SIGNED_IN)
def show_list() -> str:
    """The cases I may see."""
    return render_template("cases.html", **case_list.shown())


@blueprint.get("/<number_or_id>")
@permits(SIGNED_IN)
def show(number_or_id: str) -> str:
    """One case: what it waits for, who holds it until when, where it stands, what happened."""
    case_id = find_case_id(asking(), visit().me, number_or_id)
    case = get_case(asking(), visit().me, case_id)
    its_pack = installation().pack(asking(), visit().me.county, case.case.digest)
    faults = incidents.banner(visit().me, pack(), case.matter)
    return render_template("case.html", **whole(case, its_pack), faults=faults, **_beside(case, its_pack))


def _beside(case: WholeCase, its_pack: Pack) -> dict[str, Any]:
    """What hangs together with a case: orders, an assessment's sheet, cases it is tied to or merged with, ratings."""
    sheet_url = assessment_sheet.address(its_pack, case.matter)
    ratings = rated(ratings_of(asking(), visit().me.county, case.case.id), its_pack)
    others = {"ties": formers.panel(case), "merging": merging.panel(case)}
    return {"sheet_url": sheet_url, "supervision": supervision.panel(case), "ratings": ratings, **others}


@blueprint.get("/new/<start>")
@permits(SIGNED_IN)
def new(start: str) -> str:
    """The first form of a new case, with the draft if there is one."""
    its_start = may_start(pack(), visit().me, start)
    former = find_former(asking(), visit().me, pack(), its_start, _about_ref(), now=g.now)
    draft = find_draft(asking(), visit().me, draft_key(start, _id(former)))
    if draft is None:
        page = _form_page(its_start, former, None)
        return page.render(_carried(its_start, former, page.world) if former else None)
    saved_at, posted = draft.saved_at.astimezone(pack().calendar.zone), drafted(draft)
    return _form_page(its_start, former, posted).render(posted, saved=f"草稿存于 {words.moment(saved_at, now())}")


@blueprint.post("/new/<start>", endpoint="raise")
@permits(SIGNED_IN)
def raise_case(start: str) -> Response | tuple[str, int]:
    """Start the case with its first step done."""
    its_start, former = _wanted(start)
    form, about = form_of(pack(), its_start), _id(former)
    load = partial(_form_page, its_start, former, Posted.of(request.form))
    try:
        sent = fill(lambda: form, draft_key(start, about), load, lambda *given: _blow(start, about, *given))
    except CANNOT_FOLLOW as refusal:
        errors.put_on_record(refusal)
        why = FieldError("", its_start.offer, f"{refusal.sentence}{refusal.advice}")
        return load().render(Posted.of(request.form), errors=(why,)), errors.STATUS[refusal.code]
    if sent.page is not None:
        return sent.page
    if sent.done is None:
        flash("草稿已保存，只有您自己看得到。", "success")
        return redirect(url_for("cases.new", start=start, about=about))
    flash(said(sent.done), "success")
    return redirect(url_for("cases.show", number_or_id=sent.done.case_id))


@blueprint.post("/new/<start>/draft", endpoint="draft")
@permits(SIGNED_IN)
def keep_draft(start: str) -> tuple[dict[str, str], int]:
    """Autosave, asked for by the page's script."""
    _, former = _wanted(start)
    key = draft_key(start, _id(former))
    save_draft(installation(), visit().me, key, typed(Posted.of(request.form)), now=g.now)
    return {"saved_at": g.now.isoformat(), "words": f"草稿已自动保存 {now():%H:%M}"}, 200


@blueprint.post("/new/<start>/similar", endpoint="similar")
@permits(SIGNED_IN)
def show_similar(start: str) -> str:
    """Matters like what is typed so far, as a part of the page; asked for by the page's script. Nothing is kept."""
    found = _similar(*_wanted(start), Posted.of(request.form))
    if found is None:
        abort(404)
    return current_app.jinja_env.get_template("_similar.html").render(similar=found)


def _wanted(name: str) -> tuple[Start, Former | None]:
    """What is to be started and the ended case that the address names, if it is about one; whether it may is asked by
    whoever begins it.
    """
    start = may_start(pack(), visit().me, name)
    return start, look_at_former(asking(), visit().me, pack(), start, _about_ref())


def _about_ref() -> str | None:
    return request.args.get("about", "").strip()[:60] or None


def _id(former: Former | None) -> str | None:
    return former.case if former else None


def _blow(start: str, about: str | None, posted: Posted, refused: tuple[FieldError, ...]) -> Done:
    return blow(installation(), visit().me, start, posted, now=g.now, about=about, refused=refused)


def _carried(start: Start, former: Former, world: World) -> Posted:
    """What an untouched form shows, and of the former case what the county says."""
    form = form_of(pack(), start)
    return Posted({**prefilled(form, world).texts, **as_formdata(form, carried(pack(), start, former)).texts})


def _form_page(start: Start, former: Former | None, typed_so_far: Posted | None) -> FormPage:
    county, me, about = pack(), visit().me, _id(former)
    told = told_of(county, start, former) if former else None
    given = first_values(unit_of(county, me, start, former), told)
    papers = papers_for(asking(), me, None)
    return FormPage(
        form=form_of(county, start),
        world=form_world(county, given, papers, now=g.now, cases=SeenCases(asking(), me, county)),
        action=url_for("cases.raise", start=start.name, about=about),
        draft_url=url_for("cases.draft", start=start.name, about=about),
        show=lambda html: render_template(
            "new.html",
            start=_about(start),
            about=formers.head(start, former),
            similar=_similar(start, former, typed_so_far),
            form_html=html,
        ),
    )


def _similar(start: Start, former: Former | None, posted: Posted | None) -> dict[str, Any] | None:
    return similar.while_typing(start, unit_of(pack(), visit().me, start, former), posted, _id(former))


def _about(start: Start) -> dict[str, Any]:
    """What the step is for, and which steps of the drawing come next in one's own unit."""
    process = pack().program.process(start.process)
    first = process.by_id[start.step]
    lane = process.lane_of(start.step)
    following = [element for element in process.elements if element.kind == "userTask" and element.id != start.step]
    mine = [element for element in following if lane and element.id in lane.elements][:3]
    steps = [{"name": element.name, "words": help_of(element.documentation)} for element in mine]
    return {"name": start.name, "help": help_of(first.documentation), "steps": steps}
