"""`check`: everything that is wrong with a county folder, as sentences; a folder with errors is never sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.files import Files
from engine.model.findings import Finding, about_file
from engine.model.lint import FormFacts, Known, lint
from processes.pack import Pack, PackRefused, read_pack
from processes.stories import StoryRefused, read_stories
from processes.verbs import VERBS


@dataclass(frozen=True)
class Checked:
    """The findings, and the pack when it could be read at all."""

    findings: list[Finding]
    pack: Pack | None


def check(files: Files) -> Checked:
    """Read a folder and lint its diagrams against its own lists."""
    try:
        pack = read_pack(files)
    except PackRefused as refused:
        return Checked([*refused.findings, *_unread(files, refused.findings)], None)
    return Checked([*lint(files, known_to(pack)), *_loose_ends(pack), *_stories(pack)], pack)


def known_to(pack: Pack) -> Known:
    """What the diagrams of a pack may name."""
    return Known(
        units=frozenset(pack.units),
        posts=frozenset(pack.posts),
        forms={
            name: FormFacts(frozenset(form.inputs), frozenset(outcome.key for outcome in form.outcomes))
            for name, form in pack.forms.items()
        },
        limits=pack.limits.names,
        verbs=frozenset(VERBS),
        decisions=frozenset(pack.definition.decisions),
    )


def _unread(files: Files, already: list[Finding]) -> list[Finding]:
    """What the linter can say although the folder as a whole cannot be read."""
    said = {(finding.file, finding.message_zh) for finding in already}
    return [finding for finding in lint(files, None) if (finding.file, finding.message_zh) not in said]


def _loose_ends(pack: Pack) -> Iterator[Finding]:
    for start in pack.starts.values():
        process = next((each for each in pack.definition.processes if each.id == start.process), None)
        if process is None or process.find(start.step) is None:
            yield _county(f"可发起的“{start.name}”指向不存在的流程或步骤（{start.process} / {start.step}）")
        if start.by not in pack.posts:
            yield _county(f"可发起的“{start.name}”由不存在的岗位 {start.by} 发起")
    for post in pack.posts.values():
        unit = post.fallback.partition("@")[2]
        if unit and unit not in pack.units:
            yield about_file("posts", "posts.csv", f"：岗位“{post.name}”的替补单位 {unit} 不存在。", f": no unit {unit}.")


def _stories(pack: Pack) -> list[Finding]:
    try:
        read_stories(pack.files)
    except StoryRefused as refused:
        return [about_file("story", refused.file, f"：{refused.sentence}", f": {refused.sentence}")]
    return []


def _county(sentence: str) -> Finding:
    return about_file("county", "county.toml", f"：{sentence}。", f": {sentence}.")
