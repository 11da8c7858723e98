"""A county's folder, read whole: its diagrams compiled, its lists, limits, calendar, forms and words at hand."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from engine.dmn import DmnError
from engine.model.definition import Definition, Tables, Unsound, define, read_tables
from engine.model.files import Files
from engine.model.findings import Finding, about_file
from engine.spiff.program import NotExecutable, Program
from engine.time import Calendar, FolderInvalid, Limits
from engine.world import World
from processes.assessment.read import rules_in
from processes.forms import Form, Lists, UnreadableForm, read_form
from processes.letters import Series, Template, read_series, read_template
from processes.letters.files import letter_files
from processes.lists import Duty, Post, Unit, read_duties, read_posts, read_units
from processes.starts import Start
from processes.stories import Story, read_stories
from processes.toml_tables import RulesUnreadable


class PackRefused(Exception):
    """The folder cannot be used; `findings` says everything that is wrong, as far as it could be read."""

    def __init__(self, findings: list[Finding]) -> None:
        """Keep the findings."""
        self.findings = findings
        super().__init__("; ".join(finding.message_en for finding in findings))


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
    def sentences(self) -> Mapping[str, str]:
        """The sentences of words.toml that stand on every page, by name."""
        return {key: value for key, value in self.words.items() if isinstance(value, str)}

    @cached_property
    def contact(self) -> str:
        """Whom to ask, as county.toml says."""
        contact = self.county.get("contact", {})
        return " ".join(str(contact[key]) for key in ("name", "phone", "hours") if contact.get(key))

    @cached_property
    def managers(self) -> tuple[str, ...]:
        """The posts that look after the service itself: incidents, and the clock of a rehearsal (`incidents.by`)."""
        section = self.county.get("incidents")
        posts = section.get("by") if isinstance(section, Mapping) else None
        return tuple(map(str, posts)) if isinstance(posts, list) else ()

    @cached_property
    def stories(self) -> Mapping[str, Story]:
        """The folder's stories by id; `check` has seen that they can be read."""
        return read_stories(self.files)

    @cached_property
    def letters(self) -> Mapping[str, Template]:
        """The templates of letters/ by their files' stems; `check` has seen that they can be used."""
        return {stem: read_template(self.files[name], name) for stem, name in letter_files(self.files).items()}

    @cached_property
    def series(self) -> Mapping[str, Series]:
        """The series in which letters are numbered; `check` has seen that they can be."""
        return read_series(self.county)

    @cached_property
    def lists(self) -> Lists:
        """The county's lists as forms choose from them."""
        return _lists(self)

    @cached_property
    def units_of_kind(self) -> Mapping[str, list[Unit]]:
        """The units of each kind, in the order of the list."""
        kinds: dict[str, list[Unit]] = {}
        for unit in self.units.values():
            kinds.setdefault(unit.kind, []).append(unit)
        return kinds


def first_values(unit: str, former: Mapping[str, object] | None = None) -> dict[str, object]:
    """The process variables a case begins with: the unit that raises it, its number, still to be given, and what it is
    told of the case it is about (processes.formers), if it is about one.
    """
    return {"township": unit, "number": None, "former": former}


def read_pack(files: Files) -> Pack:
    """Read a folder into a Pack; raises PackRefused with every fault found on the way."""
    gathered = gather(files)
    if gathered.findings:
        raise PackRefused(gathered.findings)
    return assemble(gathered)


@dataclass(frozen=True)
class Gathered:
    """What could be read of a folder (None or empty where it could not), and everything wrong with it so far."""

    county: Mapping[str, Any]
    parts: Mapping[str, Any]
    tables: Tables
    findings: list[Finding]


def gather(files: Files) -> Gathered:
    """Read every file of a folder; never raises for what stands in them."""
    reader = _Reader(files)
    county = reader.toml("county.toml")
    units = read_units(reader.text("units.csv"), reader.findings)
    tables = reader.attempt("", lambda: read_tables(files))
    parts = {
        "definition": reader.attempt("", lambda: define(files, tables or {})),
        "limits": reader.attempt("limits.toml", lambda: Limits.read(reader.text("limits.toml"))),
        "calendar": reader.attempt("county.toml", lambda: reader.calendar(county)),
        "starts": reader.attempt("county.toml", lambda: {each["name"]: Start.read(each) for each in county["starts"]}),
        "units": units,
        "posts": read_posts(reader.text("posts.csv"), units, reader.findings),
        "duties": read_duties(reader.text("duties.csv"), units, reader.findings),
        "words": reader.toml("words.toml"),
        "forms": reader.forms(),
    }
    for key in ("code", "name"):
        if not isinstance(county.get(key), str):
            reader.findings.append(_fault("county.toml", f"缺少 {key}"))
    return Gathered(county, parts, tables or {}, reader.findings)


def assemble(gathered: Gathered) -> Pack:
    """Compile what was gathered without faults; raises PackRefused when the diagrams cannot be executed."""
    county = gathered.county
    try:
        program = Program(gathered.parts["definition"])
    except NotExecutable as error:
        raise PackRefused([_fault("*.bpmn", error.sentence)]) from error
    return Pack(code=county["code"], name=county["name"], county=county, program=program, **gathered.parts)


class _Reader:
    """Reads file after file and gathers the faults, so that the author sees them all at once."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.findings: list[Finding] = []

    def calendar(self, county: Mapping[str, Any]) -> Calendar:
        return Calendar.read(
            self.text("calendar.csv"), county["hours"], county["calendar_published_until"], county["time_zone"]
        )

    def forms(self) -> dict[str, Form]:
        forms: dict[str, Form] = {}
        for name, raw in self.files.items():
            folder, _, file = name.rpartition("/")
            if folder == "forms" and file.endswith(".form"):
                form = self.attempt(name, partial(read_form, raw))
                if form is not None:
                    forms[file.removesuffix(".form")] = form
        return forms

    def toml(self, name: str) -> dict[str, Any]:
        try:
            return tomllib.loads(self.text(name))
        except tomllib.TOMLDecodeError as error:
            self.findings.append(_fault(name, f"不是正确的 TOML（{error}）"))
            return {}

    def text(self, name: str) -> str:
        raw = self.files.get(name)
        if raw is None:
            self.findings.append(_fault(name, "缺少这个文件"))
            return ""
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.findings.append(_fault(name, "不是 UTF-8 编码"))
            return ""

    def attempt(self, name: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Unsound as error:
            self.findings += error.findings
        except UnreadableForm as error:
            self.findings += [about_file("form", name, f"：{each.zh}", f": {each.en}") for each in error.findings]
        except FolderInvalid as error:
            self.findings += [_fault(each.facts.get("file", name), each.sentence) for each in error.flaws]
        except DmnError as error:
            self.findings.append(_fault(name or "decisions", str(error)))
        except (KeyError, TypeError, ValueError) as error:
            self.findings.append(_fault(name, f"缺少或写错了项目 {error}"))
        return None


def _lists(pack: Pack) -> Lists:
    units = [(unit.code, unit.name, pack.word("unit_kinds", unit.kind)) for unit in pack.units.values()]
    by_kind = {
        f"units:{kind}": [(unit.code, unit.name, "") for unit in members]
        for kind, members in pack.units_of_kind.items()
    }
    duties = [(duty.code, f"{duty.code} {duty.item}", _whose(pack, duty)) for duty in pack.duties.values()]
    own = [(duty.code, f"{duty.code} {duty.item}", "") for duty in pack.duties.values() if duty.is_townships_own]
    return Lists.of({"units": units, **by_kind, "duties": duties, "duties:township": own, "periods": _periods(pack)})


def _periods(pack: Pack) -> list[tuple[str, str, str]]:
    """What may be assessed (DC-13), as assessment.toml names it; nothing where the county assesses nobody."""
    try:
        rules = rules_in(pack.files)
    except RulesUnreadable:  # check says so, with the file's name
        return []
    return [(period.key, period.name, "") for period in rules.periods.values()] if rules else []


def _whose(pack: Pack, duty: Duty) -> str:
    return pack.word("unit_kinds", duty.lead) or pack.unit_name(duty.lead)


def _fault(file: object, sentence: str) -> Finding:
    return about_file("county_folder", str(file), f"：{sentence}", f": {sentence}")
