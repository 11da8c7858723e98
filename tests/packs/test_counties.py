"""Every shipped county folder keeps its promises: it is clean, its stories come out, and it can be copied."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine.model import Files, read_folder
from engine.model.files import digest
from processes.archive import pack_up, unpack
from processes.check import check
from processes.pack import Pack, read_pack
from processes.play import play
from tests.kit.sites import COUNTIES, the_folder, the_pack
from web.serving import shipped

COUNTY_NAMES = sorted(folder.parent.name for folder in COUNTIES.glob("*/county.toml"))
STORIES = [(county, story) for county in COUNTY_NAMES for story in sorted(the_pack(county).stories)]
DEMANDED = {"duchang": {*(f"DC-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13))}}

every_county = pytest.mark.parametrize("county", COUNTY_NAMES)


@every_county
def test_a_shipped_folder_is_clean(county: str) -> None:
    checked = check(the_folder(county))
    assert [f"{finding.file}: {finding.message_zh}" for finding in checked.findings] == []
    assert checked.pack is not None


@pytest.mark.parametrize(("county", "story"), STORIES)
def test_a_story_comes_out_as_told(county: str, story: str) -> None:
    assert play(the_pack(county), the_pack(county).stories[story]).failures == []


@every_county
def test_a_county_tells_stories(county: str) -> None:
    assert the_pack(county).stories


@pytest.mark.parametrize("county", [name for name in COUNTY_NAMES if name in DEMANDED])
def test_every_demand_is_told_in_a_story(county: str) -> None:
    told = {row for story in the_pack(county).stories.values() for row in story.covers}
    assert DEMANDED[county] - told == set()


@every_county
def test_a_story_that_goes_wrong_is_seen(county: str) -> None:
    name = next(iter(the_pack(county).stories))
    file = f"stories/{name}.toml"
    files = dict(the_folder(county))
    last = files[file].decode().rindex("\n[steps.then]")
    files[file] = (files[file].decode()[:last] + '\n[steps.then]\nended = "nowhere"\n').encode()
    pack = read_pack(files)
    assert play(pack, pack.stories[name]).failures


# -- one folder, one archive


@every_county
def test_the_archive_is_the_same_bytes_twice_in_any_order(county: str) -> None:
    files = the_folder(county)
    backwards = dict(reversed(files.items()))
    assert pack_up(files) == pack_up(backwards)
    assert digest(files) == digest(backwards)


@every_county
def test_folder_to_archive_to_folder_is_the_same_bytes(county: str, tmp_path: Path) -> None:
    files = the_folder(county)
    with zipfile.ZipFile(io.BytesIO(pack_up(files))) as archive:
        archive.extractall(tmp_path)
    assert read_folder(tmp_path) == files == unpack(pack_up(files))
    assert digest(read_folder(tmp_path)) == digest(files)


@every_county
def test_one_changed_letter_is_another_version(county: str) -> None:
    files = the_folder(county)
    assert digest({**files, "words.toml": files["words.toml"] + b"\n"}) != digest(files)


# -- copy a folder, have a county


def copied(county: str) -> Pack:
    """The folder under another name and code, as a neighbour would begin."""
    pack, files = the_pack(county), dict(the_folder(county))
    text = files["county.toml"].decode()
    text = text.replace(f'name = "{pack.name}"', 'name = "邻县"', 1).replace(
        f'code = "{pack.code}"', 'code = "990001"', 1
    )
    checked = check({**files, "county.toml": text.encode()})
    assert [finding.message_zh for finding in checked.findings] == []
    assert checked.pack is not None
    return checked.pack


@every_county
def test_a_copy_under_another_name_checks_and_plays(county: str) -> None:
    copy = copied(county)
    assert (copy.code, copy.name) == ("990001", "邻县")
    assert copy.digest != the_pack(county).digest
    for name, story in copy.stories.items():
        assert play(copy, story).journal == play(the_pack(county), the_pack(county).stories[name]).journal
        assert play(copy, story).failures == []


def test_what_is_offered_is_a_county_and_no_city() -> None:
    assert digest(shipped()) == digest(the_folder("duchang"))


def test_there_is_a_county_at_all() -> None:
    files: Files = the_folder(COUNTY_NAMES[0])
    assert "county.toml" in files
