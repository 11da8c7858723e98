"""Broken and hostile folders: each fault is a sentence about a file, never an exception, and is never sealed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.model import Files
from engine.model.files import UnfitFolder
from engine.model.findings import Finding
from engine.store.database import Database
from processes.check import check
from processes.pack import PackRefused, read_pack
from processes.schema import upgrade
from processes.sealing import seal
from processes.tables import CountyRow, SealedFolderRow
from tests.kit.sites import the_folder

GOOD = the_folder("duchang")
SAMPLES = Path(__file__).parents[1] / "engine" / "model" / "samples"
NOW = datetime(2026, 9, 7, tzinfo=UTC)
Change = Callable[[dict[str, bytes]], None]


def edited(file: str, old: str, new: str) -> Change:
    """One text of a file replaced."""

    def change(files: dict[str, bytes]) -> None:
        text = files[file].decode()
        assert old in text, f"{file} no longer holds {old!r}"
        files[file] = text.replace(old, new, 1).encode()

    return change


def cut(file: str, pattern: str) -> Change:
    """What matches taken out of a file."""

    def change(files: dict[str, bytes]) -> None:
        text, count = re.subn(pattern, "", files[file].decode(), count=1, flags=re.DOTALL)
        assert count == 1
        files[file] = text.encode()

    return change


def written(file: str, content: bytes | str) -> Change:
    """A file with this content."""
    return lambda files: files.update({file: content if isinstance(content, bytes) else content.encode()})


def with_more(file: str, content: bytes) -> Change:
    """Something at the end of a file."""
    return lambda files: files.update({file: files[file] + content})


def without(file: str) -> Change:
    """No such file."""

    def change(files: dict[str, bytes]) -> None:
        del files[file]

    return change


def declaring(file: str, doctype: str, use: str = "") -> Change:
    """A DOCTYPE before the root, and perhaps an entity used in a name."""

    def change(files: dict[str, bytes]) -> None:
        text = files[file].decode()
        head, _, body = text.partition("?>")
        body = body.replace('name="', f'name="{use}', 1) if use else body
        files[file] = f"{head}?>\n{doctype}{body}".encode()

    return change


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
WHISTLE, RESPONDER = "whistle.bpmn", "decisions/responder.dmn"
SCRIPT = '<bpmn:scriptTask id="hack" name="脚本"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>'
LISTENER = '<camunda:executionListener class="a.B" event="start" />'

HOSTILE: dict[str, tuple[str, Change]] = {
    # diagrams
    "doctype": (WHISTLE, declaring(WHISTLE, "<!DOCTYPE definitions>")),
    "external entity": (WHISTLE, declaring(WHISTLE, XXE, "&e;")),
    "parameter entity": (WHISTLE, declaring(WHISTLE, '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>')),
    "billion laughs": (WHISTLE, declaring(WHISTLE, LAUGHS, "&i;")),
    "quadratic blow-up": (WHISTLE, declaring(WHISTLE, f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 5000)),
    "processing instruction": (WHISTLE, edited(WHISTLE, "<bpmn:process ", "<?php evil ?><bpmn:process ")),
    "other encoding": (WHISTLE, lambda files: files.update({WHISTLE: files[WHISTLE].decode().encode("utf-16")})),
    "half a file": (WHISTLE, lambda files: files.update({WHISTLE: files[WHISTLE][:5000]})),
    "empty file": (WHISTLE, written(WHISTLE, b"")),
    "binary file": (WHISTLE, written(WHISTLE, bytes(range(256)) * 50)),
    "html": (WHISTLE, written(WHISTLE, "<html><script>alert(1)</script></html>")),
    "deep nesting": (WHISTLE, written(WHISTLE, "<a>" * 5000 + "</a>" * 5000)),
    "too large": (WHISTLE, written(WHISTLE, b"<a>" + b" " * 2_100_000 + b"</a>")),
    "script task": (WHISTLE, edited(WHISTLE, "<bpmn:sequenceFlow ", SCRIPT + "<bpmn:sequenceFlow ")),
    "listener": (
        WHISTLE,
        edited(WHISTLE, "<bpmn:extensionElements>", f"<bpmn:extensionElements>{LISTENER}"),
    ),
    "java class": (WHISTLE, edited(WHISTLE, 'camunda:topic="assign_number"', 'camunda:class="a.B"')),
    "juel expression": (WHISTLE, edited(WHISTLE, 'collecting = "forward"', "${collecting == 'forward'}")),
    "python expression": (WHISTLE, edited(WHISTLE, 'collecting = "forward"', "__import__('os').system('id')")),
    "expression bomb": (WHISTLE, edited(WHISTLE, 'collecting = "forward"', "(" * 5000 + "1" + ")" * 5000)),
    "text compared with a number": (WHISTLE, edited(WHISTLE, 'vetting = "forward"', "vetting &gt; 5")),
    "condition that is a number": (WHISTLE, edited(WHISTLE, 'collecting = "forward"', "count(assistants)")),
    "unknown verb": (WHISTLE, edited(WHISTLE, 'topic="assign_number"', 'topic="format_disk"')),
    "unknown post": (WHISTLE, edited(WHISTLE, "clerk@{township}", "cleark@{township}")),
    "unknown unit": (WHISTLE, edited(WHISTLE, "triager@whistle_office", "triager@whistle_ofice")),
    "unknown limit": (WHISTLE, edited(WHISTLE, 'camunda:dueDate="triage"', 'camunda:dueDate="triagee"')),
    "unknown form": (WHISTLE, edited(WHISTLE, 'camunda:formKey="vet"', 'camunda:formKey="vett"')),
    "unknown decision": (WHISTLE, edited(WHISTLE, 'camunda:decisionRef="responder"', 'camunda:decisionRef="respond"')),
    "unknown process": (WHISTLE, edited(WHISTLE, 'calledElement="report_in"', 'calledElement="report_out"')),
    "gateway without default": (WHISTLE, edited(WHISTLE, ' default="collected_back"', "")),
    "flow to nowhere": (WHISTLE, edited(WHISTLE, 'targetRef="collect"', 'targetRef="nowhere"')),
    "not executable": (WHISTLE, edited(WHISTLE, 'isExecutable="true"', 'isExecutable="false"')),
    "two with one id": (WHISTLE, edited(WHISTLE, 'id="collect"', 'id="propose"')),
    "unclosed braces": (WHISTLE, edited(WHISTLE, "clerk@{township}", "clerk@{township")),
    "missing form": (WHISTLE, without("forms/vet.form")),
    "nobody for incidents": ("county.toml", edited("county.toml", 'by = ["director"]', 'by = ["direktor"]')),
    "missing diagram": (WHISTLE, without("report_in.bpmn")),
    "missing table": (WHISTLE, without(RESPONDER)),
    # the lists
    "no county.toml": ("county.toml", without("county.toml")),
    "broken toml": ("county.toml", written("county.toml", "name = \n[[[")),
    "county without a code": ("county.toml", edited("county.toml", "code = ", "kode = ")),
    "county without hours": ("county.toml", cut("county.toml", r"\[\[hours\]\].*?\]\]\n")),
    "start of nothing": ("county.toml", edited("county.toml", 'step = "propose"', 'step = "nowhere"')),
    "start by nobody": ("county.toml", edited("county.toml", 'by = "clerk"', 'by = "nobody"')),
    "unknown time zone": ("county.toml", edited("county.toml", "Asia/Shanghai", "Mars/Base")),
    "units without a column": ("units.csv", edited("units.csv", "code,name,short,kind,parent", "code,name")),
    "unit of no kind": ("units.csv", edited("units.csv", ",township,", ",planet,")),
    "units in gbk": ("units.csv", lambda files: files.update({"units.csv": files["units.csv"].decode().encode("gbk")})),
    "no units": ("units.csv", without("units.csv")),
    "posts with a nul": ("posts.csv", with_more("posts.csv", b"a\0b,,,,,\n")),
    "open quote": ("posts.csv", with_more("posts.csv", b'"open,' + b"x" * 200_000)),
    "townships' own duty without a manual": ("duties.csv", edited("duties.csv", "no,报废车", "yes,报废车")),
    "duty of an unknown unit": ("duties.csv", edited("duties.csv", ",environment,", ",enviroment,")),
    "limit that is no length": ("limits.toml", edited("limits.toml", '"2 working days"', '"two days"')),
    "threshold for a limit": (WHISTLE, edited("limits.toml", '"1 working days"', "1")),
    "threshold that counts back": ("limits.toml", edited("limits.toml", '"2 working hours"', "2")),
    "broken limits": ("limits.toml", written("limits.toml", "[propose\n")),
    "calendar with a bad date": ("calendar.csv", with_more("calendar.csv", b"2026-02-30,off,x\n")),
    "broken words": ("words.toml", written("words.toml", "= =")),
    # forms
    "broken form": ("forms/vet.form", written("forms/vet.form", "{")),
    "form that is a list": ("forms/vet.form", written("forms/vet.form", "[]")),
    "nested bomb of a form": ("forms/vet.form", written("forms/vet.form", "[" * 100_000)),
    "form of unknown parts": ("forms/vet.form", edited("forms/vet.form", '"type": "textarea"', '"type": "iframe"')),
    "form with a wrong expression": ("forms/audit.form", edited("forms/audit.form", "count(", "count((")),
    # tables
    "doctype in a table": (RESPONDER, declaring(RESPONDER, XXE)),
    "broken table": (RESPONDER, written(RESPONDER, "<definitions")),
    "table with a wrong test": (RESPONDER, edited(RESPONDER, '"ordinary"</text>', "]] nonsense [[</text>")),
    "table in python": (RESPONDER, edited(RESPONDER, "<text>false</text>", "<text>__import__('os')</text>")),
    "table with a text for a yes or no": (RESPONDER, edited(RESPONDER, "<text>false</text>", '<text>"no"</text>')),
    "table with a misspelt name": (RESPONDER, edited(RESPONDER, "<text>size</text>", "<text>sise</text>")),
    "table with a text without quotes": (RESPONDER, edited(RESPONDER, '<text>"large"</text>', "<text>large</text>")),
    # stories
    "broken story": ("stories/single_unit.toml", written("stories/single_unit.toml", "[[steps")),
    "story without a beginning": ("stories/single_unit.toml", cut("stories/single_unit.toml", r"begins = [^\n]+\n")),
    "story with a strange word": ("stories/single_unit.toml", edited("stories/single_unit.toml", "does = ", "dose = ")),
    "story at a naive time": ("stories/single_unit.toml", edited("stories/single_unit.toml", "+08:00", "")),
}  # fmt: skip


def changed(name: str) -> Files:
    files = dict(GOOD)
    HOSTILE[name][1](files)
    assert files != GOOD
    return files


def errors(files: Files) -> list[Finding]:
    return [finding for finding in check(files).findings if finding.severity == "error"]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = Database(f"sqlite:///{tmp_path_factory.mktemp('sealing') / 'whistle.sqlite'}")
    upgrade(db)
    yield db
    db.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_folder_gets_a_sentence_about_the_file_and_is_never_sealed(name: str, db: Database) -> None:
    file, files = HOSTILE[name][0], changed(name)
    found = errors(files)
    assert file in {finding.file for finding in found}, [f"{each.file}: {each.message_zh}" for each in found]
    assert all(finding.message_zh and finding.message_en for finding in found)
    assert check(files).pack is None
    assert "root:" not in "".join(finding.message_zh for finding in found)
    with pytest.raises((PackRefused, UnfitFolder)):
        seal(db, files, now=NOW)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(SealedFolderRow)) == 0
        assert session.scalar(select(func.count()).select_from(CountyRow)) == 0


def test_the_unchanged_folder_would_have_been_sealed(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'whistle.sqlite'}")
    upgrade(db)
    assert errors(GOOD) == []
    assert seal(db, GOOD, now=NOW) == seal(db, GOOD, now=NOW)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(SealedFolderRow)) == 1
    db.close()


def test_a_post_that_nobody_stands_in_for_is_told_but_may_be_sealed() -> None:
    posts = GOOD["posts.csv"].decode().replace("clerk,经办人,township,1,collector,", "clerk,经办人,township,1,,")
    checked = check({**GOOD, "posts.csv": posts.encode()})
    assert checked.pack is not None
    said = [finding.message_zh for finding in checked.findings]
    assert said and all("只有岗位“clerk”能办" in sentence for sentence in said)


def test_a_table_with_a_gap_is_told_but_may_be_sealed() -> None:
    files = dict(GOOD)
    cut(RESPONDER, r'<rule id="major_matter">.*?</rule>')(files)
    checked = check(files)
    assert [(finding.severity, finding.file) for finding in checked.findings] == [("warning", RESPONDER)]
    assert checked.pack is not None


WRONG = [sample for sample in sorted(SAMPLES.glob("*/invalid-*.bpmn")) if sample.parent.name != "unread_outcome"]


@pytest.mark.parametrize("sample", WRONG, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_wrong_diagram_among_good_ones_is_only_a_finding(sample: Path) -> None:
    found = check({**GOOD, "sample.bpmn": sample.read_bytes()}).findings
    assert "sample.bpmn" in {finding.file for finding in found}


def test_all_that_is_wrong_is_said_at_once() -> None:
    files = dict(GOOD)
    names = ["unknown post", "broken form", "broken story", "table with a wrong test", "limit that is no length"]
    for name in names:
        HOSTILE[name][1](files)
    assert {HOSTILE[name][0] for name in names} <= {finding.file for finding in errors(files)}


def test_a_folder_of_nothing_is_only_full_of_faults() -> None:
    assert errors({})
    with pytest.raises(PackRefused):
        read_pack({})
