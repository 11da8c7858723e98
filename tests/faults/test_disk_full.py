"""The disk is full when somebody uploads: a clear answer, nothing half-written, and all is well once there is room."""

from __future__ import annotations

import random
import resource
from pathlib import Path

import pytest

from tests.faults.county import TOWNSHIPS, found, opened
from tests.faults.crowd import NEW, Confirmed
from tests.faults.servers import Browser, Server
from tests.faults.whole import all_cases, assert_whole
from tests.kit.actors import answers_to
from tests.kit.papers import a_picture
from tests.kit.sites import person_id

KIB, MIB = 1024, 1024 * 1024


@pytest.mark.parametrize(
    ("room", "size", "status", "said"),
    [
        pytest.param(300 * KIB, 400 * KIB, 422, "暂时不能保存“a.jpg”", id="while the paper is kept"),
        pytest.param(8 * MIB, 9 * MIB, 507, "服务器磁盘空间不足", id="while the form is read"),
    ],
)
def test_a_full_disk_is_said_and_nothing_is_half_written(
    tmp_path: Path, postgres_url: str, room: int, size: int, status: int, said: str
) -> None:
    assert_said(tmp_path / "data", postgres_url, room, size, status, said)


def test_so_it_is_where_the_database_lies_on_the_same_disk(tmp_path: Path) -> None:
    """SQLite's own file has no more room than the paper."""
    assert_said(tmp_path / "data", "", 8 * MIB, 9 * MIB, 507, "服务器磁盘空间不足")


def assert_said(data: Path, url: str, room: int, size: int, status: int, said: str) -> None:
    """Refused in words while there is no room, with nothing left behind; taken once there is."""
    found(data, url)
    served = Server(data, {"WHISTLE_DATABASE": url}, options=("--workers", "1"))
    with opened(data, url) as inst, served.start() as server:
        clerk = Browser(server.port).sign_in(person_id(inst, f"clerk@{TOWNSHIPS[0]}"))
        fields = {name: texts[0] for name, texts in answers_to("propose").texts.items()}
        photo = (a_picture() + random.randbytes(size))[:size]
        make_room(server, room)
        answered, page = clerk.upload(NEW, fields, "photos", "a.jpg", photo)
        assert (answered, said in page) == (status, True), page
        assert all_cases(inst) == [] and files(data) == []
        make_room(server, resource.RLIM_INFINITY)
        answered, place = clerk.upload(NEW, fields, "photos", "a.jpg", photo)
        assert answered == 302, place
        assert_whole(inst, Confirmed(raised={place.rpartition("/")[2]}))


def make_room(server: Server, most: int) -> None:
    """No file of the server's one process may grow beyond `most` bytes."""
    (child,) = server.children
    resource.prlimit(child, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def files(data: Path) -> list[Path]:
    """All papers, whole or half."""
    return [path for path in (data / "papers").rglob("*") if path.is_file()]
