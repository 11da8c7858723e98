"""`whistle play` tells each story's journal, and after all of them what no story shows."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from tests.kit.folders import LAKESIDE, lakeside
from web.__main__ import main


def whistle(*words: str) -> Result:
    return CliRunner().invoke(main, ["play", str(LAKESIDE), *words])


def test_all_stories_and_what_they_cover() -> None:
    done = whistle("--quiet")
    assert done.exit_code == 0, done.output
    stories = lakeside().stories
    assert done.output.count("✓") == len(stories)
    last = done.output.splitlines()[len(stories) :]
    assert last[0].startswith("故事走过了图上 ") and "flows of the diagrams" in last[0]


def test_one_story_alone_says_nothing_of_the_others() -> None:
    name = next(iter(lakeside().stories))
    done = whistle(name)
    assert done.exit_code == 0 and "连线" not in done.output and done.output.startswith(f"✓ {name}")


def test_a_story_that_is_not_there_is_told_with_those_that_are() -> None:
    refused = whistle("no_such")
    assert refused.exit_code == 2 and next(iter(lakeside().stories)) in refused.output


def test_a_story_that_goes_otherwise_fails_the_command(tmp_path: Path) -> None:
    for name, raw in lakeside().files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    (story, *_) = sorted((tmp_path / "stories").glob("*.toml"))
    story.write_text(story.read_text() + '\n[[steps]]\nthen = { ended = "never" }\n')
    done = CliRunner().invoke(main, ["play", str(tmp_path), "--quiet"])
    assert done.exit_code == 1 and "✗" in done.output
