"""Whether assessment.toml fits the rest of its folder: every name it uses is there, and its points add up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from engine.model.checking import nearest
from processes.assessment.figures import Figure, UnitFigures
from processes.assessment.read import rules_in
from processes.assessment.rules import Measure, Rules
from processes.assessment.scoring import score_of, values_of
from processes.forms import Form
from processes.pack import Pack
from processes.toml_tables import RulesUnreadable

DRAWS = "draw_figures"


def loose_assessment(pack: Pack) -> Iterator[str]:
    """What is wrong with the file, as sentences without their full stop; nothing where the county has none."""
    try:
        rules = rules_in(pack.files)
    except RulesUnreadable as error:
        yield str(error)
        return
    drawn = [
        each
        for process in pack.definition.processes
        for each in process.elements
        if each.attributes.get("topic") == DRAWS
    ]
    if rules is None and drawn:
        yield f"“{drawn[0].name}”要用它取数，文件夹里却没有这个文件"
    if rules is not None:
        yield from _names(pack, rules)
        for measure in rules.measures.values():
            yield from _measured(pack, measure)
        yield from _formula(rules)


def _names(pack: Pack, rules: Rules) -> Iterator[str]:
    processes = [process for process in pack.definition.processes if process.id in rules.processes]
    ends = {each.id for process in processes for each in process.inside(None) if each.kind == "endEvent"}
    kinds = tuple(pack.units_of_kind)
    yield from _unknown("processes", "流程", rules.processes, [process.id for process in pack.definition.processes])
    yield from _unknown("ends", "结束事件", rules.ends, ends)
    yield from _unknown("kinds", "单位类型", rules.kinds, kinds)
    yield from _unknown("raters", "单位类型", rules.raters, kinds)
    yield from _unknown("[band] kinds", "单位类型", rules.band.kinds, kinds)
    yield from _unknown("[band] starts", "可发起的事", rules.band.starts, tuple(pack.starts))


def _measured(pack: Pack, measure: Measure) -> Iterator[str]:
    here = f"[figures.{measure.key}]"
    tasks = {each.id: each for process in pack.definition.processes for each in process.elements if each.is_for_people}
    yield from _unknown(f"{here} steps", "步骤", measure.steps, tasks)
    forms = [pack.forms.get(tasks[step].attributes.get("formKey", step)) for step in measure.steps if step in tasks]
    outcomes = {outcome.key for form in forms if form for outcome in form.outcomes}
    yield from _unknown(f"{here} outcomes", "按钮", measure.outcomes, outcomes)
    followers = [name for name, start in pack.starts.items() if start.about]
    yield from _unknown(f"{here} starts", "可针对办结的事发起的事", measure.starts, followers)
    yield from _unknown(f"{here} aspects", "评分项", measure.aspects, _aspects(pack.forms.values()))


def _aspects(forms: Iterable[Form]) -> set[str]:
    """The numbers that rows of some form ask for: what `record_ratings` takes as scores."""
    rows = (field for form in forms for field in form.inputs.values() if field.kind == "dynamiclist")
    return {column.key for field in rows for column in field.fields if column.kind == "number"}


def _formula(rules: Rules) -> Iterator[str]:
    yield from _unknown("score 的算式", "名称", sorted(rules.score.names), rules.names)
    yield from _unknown("score 的算式", "函数", sorted(rules.score.functions), ())
    if len(rules.names) != 2 + 3 * len(rules.measures):
        yield "[figures] 里的编号不能是 points、cases，也不能以 _points、_cases 结尾"
    total = sum((measure.points for measure in rules.measures.values()), Decimal(0))
    if total != rules.points:
        yield f"各项 points 合计 {total} 分，应为总分 {rules.points} 分"
    best = score_of(values_of(_best(rules), rules), rules)
    if rules.score.names <= rules.names and (best is None or best != rules.points):
        told = "不出分数" if best is None else f" {best} 分"
        yield f"样样都做到的单位按 score 的算式得{told}，应得 {rules.points} 分"


def _best(rules: Rules) -> UnitFigures:
    """A unit that did everything on time, nothing again, and was rated highest."""
    figures = {
        key: Figure(Decimal(0 if measure.counts in ("again", "reopened") else 1), of=100, cases=("",) * 100)
        for key, measure in rules.measures.items()
    }
    return UnitFigures("", ("",) * 100, figures)


def _unknown(where: str, kind: str, names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"，您是不是想写“{near}”？" if near else ""
            yield f"{where} 用到了没有的{kind}“{name}”{hint}"
