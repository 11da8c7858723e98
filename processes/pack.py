"""A county's folder, read whole: its diagrams compiled, its lists, limits, calendar, forms and words at hand."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.dmn import DmnError
from engine.model.definition import Definition, Unsound, define
from engine.model.files import Files
from engine.model.findings import Finding, about_file
from engine.spiff.program import NotExecutable, Program
from engine.time import Calendar, FolderInvalid, Limits
from engine.world import World
from processes.forms import Form, UnreadableForm, read_form
from processes.lists import Duty, Post, Unit, read_duties, read_posts, read_units


class PackRefused(Exception):
    """The folder cannot be used; `findings` says everything that is wrong, as far as it could be read."""

    def __init__(self, findings: list[Finding]) -> None:
        """Keep the findings."""
        self.findings = findings
        super().__init__("; ".join(finding.message_en for finding in findings))


@dataclass(frozen=True)
class Start:
    """A process that a person may start: whose post, from which step, and how its cases are called and numbered."""

    process: str
    name: str
    step: str
    by: str
    title: str
    number: str


@dataclass(frozen=True)
class Pack:
    """One version of a county's folder. `digest` names it for ever."""

    code: str
    name: str
    definition: Definition
    program: Program
    units: Mapping[str, Unit]
    posts: Mapping[str, Post]
    duties: Mapping[str, Duty]
    limits: Limits
    calendar: Calendar
    forms: Mapping[str, Form]
    starts: Mapping[str, Start]
    words: Mapping[str, Any]
    county: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The content hash of the folder."""
        return self.definition.digest

    @property
    def files(self) -> Files:
        """The folder's bytes."""
        return self.definition.files

    def world(self, now: datetime) -> World:
        """What the diagrams may ask of the world at `now` (timezone-aware)."""
        return World(now.astimezone(self.calendar.zone), self.limits, self.calendar)

    def unit_name(self, code: str) -> str:
        """What people call a unit; the code itself when it is not in the list."""
        return self.units[code].short if code in self.units else code

    def post_name(self, code: str) -> str:
        """What people call a post."""
        return self.posts[code].name if code in self.posts else code

    def word(self, *path: str, default: str = "") -> str:
        """A sentence of words.toml."""
        found: Any = self.words
        for key in path:
            found = found.get(key, default) if isinstance(found, Mapping) else default
        return found if isinstance(found, str) else default

    @cached_property
    def units_of_kind(self) -> Mapping[str, list[Unit]]:
        """The units of each kind, in the order of the list."""
        kinds: dict[str, list[Unit]] = {}
        for unit in self.units.values():
            kinds.setdefault(unit.kind, []).append(unit)
        return kinds


def read_pack(files: Files) -> Pack:
    """Read a folder into a Pack; raises PackRefused with every fault found on the way."""
    reader = _Reader(files)
    pack = reader.pack()
    if reader.findings or pack is None:
        raise PackRefused(reader.findings)
    return pack


class _Reader:
    """Reads file after file and gathers the faults, so that the author sees them all at once."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.findings: list[Finding] = []

    def pack(self) -> Pack | None:
        county = self._toml("county.toml")
        units = read_units(self._text("units.csv"), self.findings)
        parts = {
            "definition": self._try("", lambda: define(self.files)),
            "limits": self._try("limits.toml", lambda: Limits.read(self._text("limits.toml"))),
            "calendar": self._try("calendar.csv", lambda: self._calendar(county)),
            "starts": self._try("county.toml", lambda: {each["name"]: Start(**each) for each in county["starts"]}),
            "units": units,
            "posts": read_posts(self._text("posts.csv"), self.findings),
            "duties": read_duties(self._text("duties.csv"), units, self.findings),
            "words": self._toml("words.toml"),
            "forms": self._forms(),
        }
        if self.findings:
            return None
        program = self._try("", lambda: Program(parts["definition"]))
        if program is None:
            return None
        return Pack(code=county["code"], name=county["name"], county=county, program=program, **parts)

    def _calendar(self, county: Mapping[str, Any]) -> Calendar:
        return Calendar.read(
            self._text("calendar.csv"), county["hours"], county["calendar_published_until"], county["time_zone"]
        )

    def _forms(self) -> dict[str, Form]:
        forms: dict[str, Form] = {}
        for name, raw in self.files.items():
            folder, _, file = name.rpartition("/")
            if folder == "forms" and file.endswith(".form"):
                form = self._try(name, lambda raw=raw: read_form(raw))
                if form is not None:
                    forms[file.removesuffix(".form")] = form
        return forms

    def _toml(self, name: str) -> dict[str, Any]:
        try:
            return tomllib.loads(self._text(name))
        except tomllib.TOMLDecodeError as error:
            self.findings.append(_fault(name, f"不是正确的 TOML（{error}）"))
            return {}

    def _text(self, name: str) -> str:
        raw = self.files.get(name)
        if raw is None:
            self.findings.append(_fault(name, "缺少这个文件"))
            return ""
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.findings.append(_fault(name, "不是 UTF-8 编码"))
            return ""

    def _try(self, name: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Unsound as error:
            self.findings += error.findings
        except UnreadableForm as error:
            self.findings += [about_file("form", name, f"：{each.zh}", f": {each.en}") for each in error.findings]
        except FolderInvalid as error:
            self.findings += [_fault(each.facts.get("file", name), each.sentence) for each in error.flaws]
        except (NotExecutable, DmnError) as error:
            self.findings.append(_fault(name or "流程图", str(error)))
        except (KeyError, TypeError, ValueError) as error:
            self.findings.append(_fault(name, f"缺少或写错了项目 {error}"))
        return None


def _fault(file: object, sentence: str) -> Finding:
    return about_file("county_folder", str(file), f"：{sentence}", f": {sentence}")
