"""The house rules that a machine can watch: arrows between rooms, whose names stand where, clocks, sizes, refusals."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import engine
import processes
import web
from engine.errors import Rejected
from processes.verbs import VERBS

ROOT = Path(__file__).parents[1]
ROOMS = ("engine", "processes", "web")
PINYIN = {"city-example": "九江", "duchang": "都昌"}  # a new county's folder needs its line here


@cache
def modules(*rooms: str) -> dict[str, ast.Module]:
    """The code of these rooms by path."""
    files = (file for room in rooms for file in sorted((ROOT / room).rglob("*.py")))
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def nodes(kind: type[ast.AST], *rooms: str) -> Iterator[tuple[str, ast.AST]]:
    for file, tree in modules(*rooms).items():
        yield from ((file, node) for node in ast.walk(tree) if isinstance(node, kind))


def load_all() -> None:
    """Import every module of every room, so that all their classes exist."""
    for room in (engine, processes, web):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith("__main__") and ".migrations." not in module.name:
                importlib.import_module(module.name)


# -- arrows


def test_imports_go_from_web_to_processes_to_engine_only() -> None:
    assert lint_imports(str(ROOT / "pyproject.toml"), cache_dir=None) == 0


def test_nothing_is_evaluated_executed_or_named_by_strangers() -> None:
    banned = {"eval", "exec", "compile", "__import__"}
    found = [
        f"{file}:{node.lineno} {node.func.id}"
        for file, node in nodes(ast.Call, *ROOMS)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in banned
    ]
    assert found == []


# -- names


def test_no_county_is_named_in_the_code() -> None:
    names = set()
    for county in (ROOT / "bpmn").glob("*/county.toml"):
        told = tomllib.loads(county.read_text(encoding="utf-8"))
        names |= {told["name"], told["code"], county.parent.name, PINYIN[county.parent.name]}
    code = [
        file for room in ROOMS for suffix in ("*.py", "*.html", "*.js", "*.css") for file in (ROOT / room).rglob(suffix)
    ]
    assert len(code) > 100
    found = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in code
        for name in names
        if name in file.read_text(encoding="utf-8").lower()
    ]
    assert found == []


def test_no_module_or_function_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "common", "base", "manager", "service", "misc"}
    files = [file for file in modules(*ROOMS) if Path(file).stem in empty or Path(file).parent.name in empty]
    functions = [
        f"{file}: {node.name}"
        for file, node in nodes(ast.FunctionDef, *ROOMS)
        if isinstance(node, ast.FunctionDef) and node.name.lstrip("_").startswith(("handle_", "do_", "process_data"))
    ]
    assert (files, [each for each in functions if not each.endswith(" do_engine_steps")]) == ([], [])


# -- clocks and transactions

CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "monotonic"),
}


def test_the_pure_rooms_read_no_clock() -> None:
    found = [
        f"{file}:{node.lineno}"
        for file, node in nodes(ast.Attribute, "engine", "processes")
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in CLOCKS
    ]
    assert found == []


def test_the_pages_read_the_clock_in_one_place() -> None:
    found = {
        file
        for file, node in nodes(ast.Attribute, "web")
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in CLOCKS
    }
    assert found == {"web/clock.py"}


def _last_name(node: ast.expr) -> str:
    """`datetime` in both `datetime` and `dt.datetime`."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_only_the_write_door_and_migrations_commit() -> None:
    found = {
        file
        for file, node in nodes(ast.Attribute, *ROOMS)
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback", "begin_nested")
    }
    assert {file for file in found if "migrations" not in file} <= {"processes/schema.py"}


# -- sizes and words


def test_no_module_is_longer_than_400_lines() -> None:
    files = (file for room in (*ROOMS, "tests") for file in (ROOT / room).rglob("*.py"))
    long = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {file: count for file, count in long.items() if count > 400} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    found = [
        f"{file}:{node.name} {node.end_lineno - node.lineno + 1}"
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef)
        for file, node in nodes(kind, *ROOMS)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and "migrations/versions" not in file
        and node.end_lineno - node.lineno >= 50
    ]
    assert found == []


def test_every_module_says_why_it_is() -> None:
    assert [file for file, tree in modules(*ROOMS).items() if not ast.get_docstring(tree)] == []


def public_functions(file: str, body: list[ast.stmt], inside: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(file, node.body, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{file}: {inside}{node.name}", node


def test_every_public_function_has_a_docstring() -> None:
    found = [
        name
        for file, tree in modules("engine", "processes").items()
        if "migrations/" not in file
        for name, function in public_functions(file, tree.body)
        if not ast.get_docstring(function) and not _is_told_elsewhere(function)
    ]
    assert found == []


def _is_told_elsewhere(function: ast.FunctionDef) -> bool:
    """An overload's docstring is its implementation's, a setter's is its property's."""
    marks = {each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in function.decorator_list}
    return bool(marks & {"overload", "setter"})


# -- refusals


@cache
def refusals() -> list[type[Rejected]]:
    load_all()
    found, todo = [], [Rejected]
    while todo:
        for each in todo.pop().__subclasses__():
            found.append(each)
            todo.append(each)
    return [each for each in found if each.__module__.partition(".")[0] in ROOMS]


def is_family(refusal: type[Rejected]) -> bool:
    """A common ancestor of others, never raised itself."""
    return bool(refusal.__subclasses__())


def test_every_refusal_says_what_is_wrong_twice_and_what_to_do() -> None:
    assert len(refusals()) > 30
    for refusal in refusals():
        said = refusal.__dict__
        assert (refusal.__doc__ or "").strip().splitlines()[0].endswith("."), refusal
        assert "code" in said, refusal
        assert refusal.message, refusal
        assert refusal.message is not Rejected.message, refusal
        assert refusal.advice, refusal


def test_no_two_refusals_share_a_code() -> None:
    # a story's refusals bear the codes of what the service would say: `play` speaks for it
    codes = [
        refusal.code for refusal in refusals() if refusal.__module__ != "processes.play" and not is_family(refusal)
    ]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("refusal", [each.__name__ for each in refusals() if each.__module__ == "processes.play"])
def test_a_refusal_in_a_story_has_the_code_of_the_services_own(refusal: str) -> None:
    (told,) = [each for each in refusals() if each.__name__ == refusal and each.__module__ == "processes.play"]
    assert told.code in {each.code for each in refusals() if each.__module__ != "processes.play"}


# -- the printed list


def test_the_list_of_verbs_is_the_list_of_files() -> None:
    files = {file.stem for file in (ROOT / "processes" / "verbs").glob("*.py")} - {"__init__", "asking", "moving"}
    assert set(VERBS) == files
    assert {verb.act.__name__ for verb in VERBS.values()} == files


@pytest.mark.parametrize("word", ["SKIP LOCKED", "skip_locked", "NOTIFY", "pg_advisory", "CREATE EXTENSION"])
def test_the_database_is_asked_for_nothing_that_its_relatives_lack(word: str) -> None:
    texts = (
        (file, node.value)
        for file, node in nodes(ast.Constant, "engine", "processes")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value
    )
    arguments = (
        (file, str(node.arg))
        for file, node in nodes(ast.keyword, "engine", "processes")
        if isinstance(node, ast.keyword)
    )
    assert [file for file, text in (*texts, *arguments) if word in text] == []
