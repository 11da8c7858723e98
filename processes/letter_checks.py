"""Whether a folder's letters can be written: templates that can be used, and diagrams that give all their fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.feel import FeelError, FeelSyntaxError, compile_expression
from engine.feel.tree import ContextLiteral, Literal, Node
from engine.model.checking import nearest
from engine.model.diagram import Element
from engine.model.findings import Finding, about_file
from processes.letters import LetterRefused, Template, read_series, read_template
from processes.letters.files import letter_files, strange_files
from processes.pack import Pack
from processes.verbs.write_letter import ALWAYS_GIVEN


def loose_letters(pack: Pack) -> Iterator[Finding]:
    """What keeps letters from being written, each as a sentence about its file."""
    for name in strange_files(pack.files):
        yield _finding(name, "不是 .docx 文件；请用 WPS 或 Word 另存为 .docx")
    try:
        series: Collection[str] = read_series(pack.county)
    except ValueError as error:
        yield _finding("county.toml", str(error))
        series = pack.county.get("letters", ())
    templates: dict[str, Template | None] = {}
    for stem, name in letter_files(pack.files).items():
        try:
            templates[stem] = read_template(pack.files[name], name)
        except LetterRefused as refused:
            templates[stem] = None
            yield _finding(name, refused.why)
    for process in pack.definition.processes:
        for task in process.elements:
            if task.attributes.get("topic") == "write_letter":
                yield from _task(pack.definition.file_of(process.id), task, templates, series)


def _task(
    file: str, task: Element, templates: Mapping[str, Template | None], series: Collection[str]
) -> Iterator[Finding]:
    where = f"“{task.name}”（{task.id}）"
    template, wanted = _text(task, "template"), _text(task, "series")
    if template not in templates:
        near = _near(template or "", templates)
        yield _finding(file, f"{where}的 template 应写出 letters/ 里一个模板的文件名，不带后缀，加引号{near}")
    if wanted not in series:
        near = _near(wanted or "", series)
        yield _finding(file, f"{where}的 series 应写出 county.toml 的 [letters] 里的一项，加引号{near}")
    given = _given(task)
    if given is None:
        yield _finding(file, f"{where}的 fields 应直接写成 {{项目: 值, …}}，才能核对信函模板")
    elif (found := templates.get(template or "")) is not None:
        for name in found.fields:
            if name not in given:
                yield _unknown(f"letters/{template}.docx", name, given, f"{file} 的{where}")


def _unknown(file: str, name: str, given: Collection[str], where: str) -> Finding:
    near = nearest(name, given)
    told = f"您是不是想写 {{{{ {near} }}}}？" if near else f"可以写的有：{'、'.join(sorted(given))}"
    return _finding(file, f"模板里的 {{{{ {name} }}}} 没有来处，{where}没有给出这一项；{told}")


def _given(task: Element) -> tuple[str, ...] | None:
    """The fields that a letter's service task gives, None when that cannot be told before it is done."""
    node = _tree(task.inputs.get("fields", "{}"))
    if not isinstance(node, ContextLiteral):
        return None
    return (*(entry.key for entry in node.entries), *ALWAYS_GIVEN)


def _text(task: Element, name: str) -> str | None:
    """The text that an input is, None when it is anything that must be worked out."""
    node = _tree(task.inputs.get(name, "null"))
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None


def _tree(text: str) -> Node | None:
    try:
        return compile_expression(text).tree
    except (FeelError, FeelSyntaxError):  # the linter says so
        return None


def _near(name: str, names: Collection[str]) -> str:
    near = nearest(name, names)
    return f"；您是不是想写“{near}”？" if near else ""


def _finding(file: str, sentence: str) -> Finding:
    ended = sentence if sentence.endswith(("？", "。")) else f"{sentence}。"
    return about_file("letter", file, f"：{ended}", f": {ended}")
