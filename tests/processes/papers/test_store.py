"""Papers are kept whole or not at all, once, under their own hash."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from processes.papers import PaperRules, PaperStore
from processes.papers.errors import PaperEmpty, PaperNotFound, PaperTooLarge

TEXT = "会议纪要：同意吹哨。\n".encode()
ROOT = Path(__file__).parents[3]


def kept_files(store: PaperStore) -> list[Path]:
    return sorted(path for path in store.root.rglob("*") if path.is_file())


def test_a_paper_is_kept_under_the_hash_of_its_content(store, put):
    paper = put(TEXT, "会议纪要.txt")
    digest = sha256(TEXT).hexdigest()
    assert (paper.sha256, paper.name, paper.size, paper.media_type) == (digest, "会议纪要.txt", len(TEXT), "text/plain")
    assert (paper.view_sha256, paper.thumb_sha256, paper.width, paper.height) == (None, None, None, None)
    assert store.path(digest) == store.root / digest[:2] / digest[2:4] / digest
    with store.open(digest) as file:
        assert file.read() == TEXT
    assert kept_files(store) == [store.path(digest)]


def test_the_same_content_is_kept_once_under_any_name(store, put):
    first, second = put(TEXT, "甲.txt"), put(TEXT, "乙.csv")
    assert first.sha256 == second.sha256
    assert (second.name, second.media_type) == ("乙.csv", "text/csv")
    assert len(kept_files(store)) == 1


def test_a_kept_paper_cannot_be_written_to(store, put):
    mode = store.path(put(TEXT, "a.txt").sha256).stat().st_mode
    assert stat.S_IMODE(mode) == 0o440


def test_an_empty_file_is_refused_and_leaves_nothing(store, put):
    with pytest.raises(PaperEmpty, match=r"“空\.txt”是空文件"):
        put(b"", "空.txt")
    assert kept_files(store) == []


class Endless(BytesIO):
    """A stream that never ends and counts what was taken from it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0
        self.taken += size
        return b"a" * size


def test_an_endless_upload_is_cut_off_soon_after_the_limit(store):
    stream = Endless()
    with pytest.raises(PaperTooLarge) as refused:
        store.put(stream, "长.txt", PaperRules(max_bytes=1024 * 1024))
    assert stream.taken <= 1024 * 1024 + 64 * 1024
    assert "“长.txt”超过了 1 MB 的上限（已收到 1.1 MB" in refused.value.sentence
    assert kept_files(store) == []


def test_a_file_of_exactly_the_limit_is_kept(put):
    assert put(b"a" * 1000, "a.txt", max_bytes=1000).size == 1000


@pytest.mark.parametrize(
    "name",
    ["", "../../etc/passwd", "a" * 64 + "/..", "A" * 64, "g" * 64, "a" * 63, "a" * 65, "\0" * 64, "a" * 64 + "\n"],
)
def test_anything_but_a_hash_finds_nothing(store, put, name):
    put(TEXT, "a.txt")
    with pytest.raises(PaperNotFound):
        store.path(name)
    with pytest.raises(PaperNotFound):
        store.open(name)


def test_the_hash_of_no_paper_finds_nothing(store):
    with pytest.raises(PaperNotFound, match="没有编号"):
        store.open("0" * 64)


def test_many_at_once_with_the_same_and_other_content(store):
    contents = [f"第 {number % 5} 份材料\n".encode() * 5000 for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        papers = list(pool.map(lambda content: store.put(BytesIO(content), "材料.txt", PaperRules()), contents))
    assert [paper.sha256 for paper in papers] == [sha256(content).hexdigest() for content in contents]
    assert [path.name for path in kept_files(store)] == sorted({paper.sha256 for paper in papers})
    for path in kept_files(store):
        assert sha256(path.read_bytes()).hexdigest() == path.name


class Broken(BytesIO):
    """A connection that drops after the first piece."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(10)


def test_a_dropped_connection_leaves_nothing(store):
    with pytest.raises(ConnectionResetError):
        store.put(Broken(TEXT), "a.txt", PaperRules())
    assert kept_files(store) == []


def test_a_killed_upload_leaves_no_half_paper_and_its_rest_is_swept(store):
    program = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from processes.papers import PaperRules, PaperStore

        class Slow:
            calls = 0
            def read(self, size):
                self.calls += 1
                if self.calls > 3:
                    print("ready", flush=True)
                    time.sleep(60)
                return b"a" * size

        PaperStore(Path(sys.argv[1])).put(Slow(), "a.txt", PaperRules())
    """)
    child = subprocess.Popen([sys.executable, "-c", program, store.root], stdout=subprocess.PIPE, cwd=ROOT)
    assert child.stdout is not None
    with child, child.stdout:
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGKILL)
    [rest] = kept_files(store)
    assert rest.parent == store.root / "incoming"

    written = datetime.fromtimestamp(rest.stat().st_mtime, UTC)
    assert store.sweep(written + timedelta(minutes=59)) == 0
    assert store.sweep(written + timedelta(minutes=61)) == 1
    assert kept_files(store) == []


def test_a_crash_between_writing_and_renaming_shows_no_paper(store, monkeypatch):
    def lose_power(self: Path, target: Path) -> Path:
        raise OSError("power lost")

    with monkeypatch.context() as crash:
        crash.setattr(Path, "replace", lose_power)
        with pytest.raises(OSError, match="power lost"):
            store.put(BytesIO(TEXT), "a.txt", PaperRules())
    with pytest.raises(PaperNotFound):
        store.path(sha256(TEXT).hexdigest())
    assert store.put(BytesIO(TEXT), "a.txt", PaperRules()).size == len(TEXT)


def test_content_is_on_the_disk_before_it_has_its_name(store, monkeypatch):
    order: list[str] = []
    sync, rename = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: (order.append("sync"), sync(descriptor))[1])
    monkeypatch.setattr(Path, "replace", lambda path, target: (order.append("rename"), rename(path, target))[1])
    store.put(BytesIO(TEXT), "a.txt", PaperRules())
    assert order[:2] == ["sync", "rename"]
    assert "sync" in order[2:]


def test_sweeping_spares_kept_papers(store, put):
    paper = put(TEXT, "a.txt")
    assert store.sweep(datetime(2100, 1, 1, tzinfo=UTC)) == 0
    assert store.path(paper.sha256).read_bytes() == TEXT
