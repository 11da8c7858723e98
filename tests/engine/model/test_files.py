"""A folder comes in as plain bytes under plain names, or is refused with the name of what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.model import UnfitFolder, digest, fit_files, read_folder
from engine.model.files import MAX_FILE_BYTES, MAX_FILES


def county(path: Path) -> Path:
    (path / "forms").mkdir()
    (path / "whistle.bpmn").write_bytes(b"<x/>")
    (path / "forms" / "vet.form").write_bytes(b"{}")
    (path / "说明（第1版）.md").write_text("说明", encoding="utf-8")
    return path


def test_a_folder_is_read_by_relative_path_in_the_order_of_names(tmp_path: Path) -> None:
    files = read_folder(county(tmp_path))
    assert list(files) == ["forms/vet.form", "whistle.bpmn", "说明（第1版）.md"]
    assert files["whistle.bpmn"] == b"<x/>"


def test_what_a_desktop_drops_by_itself_is_not_part_of_the_folder(tmp_path: Path) -> None:
    (county(tmp_path) / ".DS_Store").write_bytes(b"\0")
    assert ".DS_Store" not in read_folder(tmp_path)


def test_a_link_is_refused_wherever_it_points(tmp_path: Path) -> None:
    inside = tmp_path / "county"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (inside / "guide.md").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(UnfitFolder, match=r"guide\.md”是链接"):
        read_folder(inside)


def test_a_linked_subfolder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "county"
    inside.mkdir()
    (inside / "forms").symlink_to(tmp_path)
    with pytest.raises(UnfitFolder, match="forms”是链接"):
        read_folder(inside)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "guide.md")
    with pytest.raises(UnfitFolder, match="不是普通文件"):
        read_folder(tmp_path)


def test_a_file_of_two_megabytes_is_read_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(b"\0" * MAX_FILE_BYTES)
    assert len(read_folder(tmp_path)["map.png"]) == MAX_FILE_BYTES
    (tmp_path / "map.png").write_bytes(b"\0" * (MAX_FILE_BYTES + 1))
    with pytest.raises(UnfitFolder, match="超过 2 MB"):
        read_folder(tmp_path)


def test_more_than_five_hundred_files_are_refused() -> None:
    assert len(fit_files({f"{number}.md": b"" for number in range(MAX_FILES)})) == MAX_FILES
    with pytest.raises(UnfitFolder, match="超过 500 个"):
        fit_files({f"{number}.md": b"" for number in range(MAX_FILES + 1)})


@pytest.mark.parametrize(
    "name",
    [
        "../up.md", "/root.md", "a/../b.md", "./a.md", "a//b.md", "a\\b.md", "c:x.md", ".hidden", "a.md ", "", "a\n.md",
        "con.md", "LPT1", "x" * 201, "a\u202eb.md", "e\u0301.md", "\u1100\u1161.md", "a\0.md", "trailing.",
    ],
)  # fmt: skip
def test_a_strange_name_is_refused(name: str) -> None:
    with pytest.raises(UnfitFolder, match="不能使用的字符"):
        fit_files({name: b""})


def test_two_names_that_differ_only_in_case_are_refused() -> None:
    with pytest.raises(UnfitFolder, match="大小写"):
        fit_files({"forms/vet.form": b"", "forms/Vet.form": b""})


def test_something_that_is_not_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitFolder, match="不是文件夹"):
        read_folder(tmp_path / "nowhere")


def test_the_digest_does_not_depend_on_the_order_of_the_files() -> None:
    assert digest({"a": b"1", "b": b"2"}) == digest({"b": b"2", "a": b"1"})


def test_the_digest_knows_where_a_name_ends_and_its_content_begins() -> None:
    several = [{"a": b"b"}, {"ab": b""}, {"a": b"", "b": b""}, {"a": b"", "": b"b"}, {}, {"a": b"c"}]
    assert len({digest(files) for files in several}) == len(several)


def test_the_digest_is_the_same_on_every_machine() -> None:
    assert digest({"a": b"1"}) == "0e9c3156ac694b081269e7631db910df955a4df29e20086134d7aa57f4e54795"
