"""`check`: everything that is wrong with a county folder, as sentences; a folder with errors is never sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.model.checking import FormFacts
from engine.model.files import Files
from engine.model.findings import Finding, Severity, about_file
from engine.model.lint import Known, lint
from processes.analyses import loose_analysis
from processes.assessment.checks import loose_assessment
from processes.assessment.rules import FILE as ASSESSMENT
from processes.bursts import loose_bursts
from processes.commendation.rules import FILE as COMMENDATION
from processes.commendation.rules import loose_commending
from processes.demo.script_checks import loose_script
from processes.exchange import loose_exchange
from processes.forms import Form
from processes.forms.facts import kinds_of
from processes.ledgers import loose_ledgers
from processes.letter_checks import loose_letters
from processes.lists import Post
from processes.number_checks import loose_numbers
from processes.pack import Gathered, Pack, PackRefused, assemble, first_values, gather
from processes.personal import loose_personal
from processes.retention import Retention
from processes.similar import loose_similar
from processes.source_checks import loose_sources
from processes.start_checks import loose_starts
from processes.stories import StoryRefused, read_stories
from processes.story_checks import loose_stories
from processes.supervision_checks import loose_supervision
from processes.verbs import VERBS


@dataclass(frozen=True)
class Checked:
    """The findings, and the pack when it could be read at all."""

    findings: list[Finding]
    pack: Pack | None


def check(files: Files) -> Checked:
    """Read a folder as far as it can be read and lint its diagrams against its own lists."""
    gathered = gather(files)
    said = [*gathered.findings, *lint(files, known_to(gathered)), *_tables(gathered), *_stories(files)]
    findings = _once(said)
    if any(finding.severity == "error" for finding in findings):
        return Checked(findings, None)
    try:
        pack = assemble(gathered)
    except PackRefused as refused:
        return Checked([*findings, *refused.findings], None)
    loose = list(_loose_ends(pack))
    return Checked([*findings, *loose], None if loose else pack)


def known_to(gathered: Gathered) -> Known:
    """What the diagrams of a folder may name."""
    parts = gathered.parts
    return Known(
        units=tuple(parts["units"]),
        posts=tuple(parts["posts"]),
        alone=_alone(parts["posts"]),
        forms=asked_by(parts["forms"]),
        kinds={name: kinds_of(form) for name, form in parts["forms"].items()},
        limits=tuple(parts["limits"].names if parts["limits"] else ()),
        thresholds=tuple(parts["limits"].thresholds if parts["limits"] else ()),
        verbs=tuple(VERBS),
        decisions=tuple(decision.id for decisions in gathered.tables.values() for decision in decisions),
        given=tuple(first_values("")),
    )


def _alone(posts: Mapping[str, Post]) -> frozenset[str]:
    """The posts without a fallback that are not the end of another's chain either."""
    stand_in = {post.fallback.partition("@")[0] for post in posts.values()}
    return frozenset(code for code, post in posts.items() if not post.fallback and code not in stand_in)


def asked_by(forms: Mapping[str, Form]) -> dict[str, FormFacts]:
    """What each form asks for, and its buttons."""
    return {name: (tuple(form.inputs), tuple(each.key for each in form.outcomes)) for name, form in forms.items()}


def _once(findings: list[Finding]) -> list[Finding]:
    """Each sentence once: a diagram that cannot be read is met twice on the way."""
    return list({(each.file, each.message_zh): each for each in findings}.values())


def _tables(gathered: Gathered) -> Iterator[Finding]:
    """What is wrong with the decision tables: overlaps, gaps, cells that cannot be read. Mere notes are left out."""
    for file, decisions in gathered.tables.items():
        for each in (finding for decision in decisions for finding in decision.check()):
            if each.severity != "note":
                severity: Severity = "error" if each.severity == "error" else "warning"
                place = (each.rule, file, each.element_id, each.element_name)
                yield Finding(*place, each.message_zh, each.message_en, severity)


def _loose_ends(pack: Pack) -> Iterator[Finding]:
    yield from map(_county, loose_starts(pack))
    yield from loose_stories(pack)
    yield from loose_sources(pack)
    yield from loose_numbers(pack)
    for missing in sorted({*pack.managers} - {*pack.posts}):
        yield _county(f"[incidents] by 里的岗位 {missing} 不存在，故障没有人能处理")
    yield from _retention(pack)
    yield from map(_county, loose_similar(pack))
    yield from map(_county, loose_ledgers(pack))
    yield from map(_county, loose_analysis(pack))
    yield from map(_county, loose_personal(pack))
    yield from map(_county, loose_exchange(pack))
    yield from map(_assessment, loose_assessment(pack))
    yield from map(_commendation, loose_commending(pack))
    yield from loose_letters(pack)
    yield from map(_county, loose_supervision(pack))
    yield from map(_county, loose_bursts(pack))
    yield from loose_script(pack)
    yield from _loose_units(pack)


def _loose_units(pack: Pack) -> Iterator[Finding]:
    for kind in pack.units_of_kind:
        if not pack.word("unit_kinds", kind):
            zh = f"：单位类型 {kind} 没有名称，请写在 words.toml 的 [unit_kinds] 里，或改正写错的类型。"
            yield about_file("units", "units.csv", zh, f": unit kind {kind} has no name in words.toml.")
    for post in pack.posts.values():
        unit = post.fallback.partition("@")[2]
        if unit and unit not in pack.units:
            yield about_file(
                "posts", "posts.csv", f"：岗位“{post.name}”的替补单位 {unit} 不存在。", f": no unit {unit}."
            )


def _retention(pack: Pack) -> Iterator[Finding]:
    try:
        Retention.of(pack.county)
    except ValueError:
        yield _county("[retention] 只能写 archive_after_days（天）和 closed_cases_years（年），都是不小于 1 的整数")


def _stories(files: Files) -> list[Finding]:
    try:
        read_stories(files)
    except StoryRefused as refused:
        return [about_file("story", refused.file, f"：{refused.sentence}", f": {refused.sentence}")]
    return []


def _county(sentence: str) -> Finding:
    return about_file("county", "county.toml", f"：{sentence}。", f": {sentence}.")


def _commendation(sentence: str) -> Finding:
    return about_file("commendation", COMMENDATION, f"：{sentence}。", f": {sentence}.")


def _assessment(sentence: str) -> Finding:
    ending = "" if sentence.endswith("？") else "。"
    return about_file("assessment", ASSESSMENT, f"：{sentence}{ending}", f": {sentence}{ending}")
