"""Papers through the browser: downloaded as they were handed in, looked at without place in them, never run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from PIL import ExifTags, Image

from processes.attachments import keep_paper
from processes.installation import Installation
from processes.whistles import blow
from tests.kit.actors import Browsers, a_case, answers_to, said
from tests.kit.papers import a_paper
from tests.kit.sites import a_site, an_app, me

CLERK, STRANGER = "clerk@360428109", "clerk@360428100"
NOW = datetime(2026, 9, 7, 1, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    inst = a_site(tmp_path_factory.mktemp("site"))
    yield inst
    inst.db.close()


@pytest.fixture(scope="module")
def browsers(site: Installation) -> Browsers:
    return Browsers(site, an_app(site))


@pytest.fixture(scope="module")
def photo(site: Installation) -> str:
    """A photo with a place in it, on a case of 蔡岭镇."""
    clerk = me(site, CLERK)
    paper = keep_paper(site, clerk, io.BytesIO(a_photo_with_a_place()), "现场 照片.jpg", now=NOW)
    blow(site, clerk, "吹哨", answers_to("propose").having("photos", paper.id), now=NOW)
    return paper.id


@pytest.fixture(scope="module")
def document(site: Installation) -> str:
    """A document that belongs to no case yet."""
    return keep_paper(site, me(site, CLERK), io.BytesIO(a_paper("方案.pdf")), '“方案”"1".pdf', now=NOW).id


def test_a_download_is_the_very_file_as_an_attachment_that_cannot_run(browsers: Browsers, photo: str) -> None:
    with browsers.of(CLERK).get(f"/papers/{photo}/download") as answer:
        assert answer.status_code == 200 and answer.data == a_photo_with_a_place()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "现场 照片.jpg" in unquote(answer.headers["Content-Disposition"])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "private" in answer.headers["Cache-Control"] and "public" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["", "/thumbnail"])
def test_a_photo_looked_at_has_no_place_in_it(browsers: Browsers, photo: str, kind: str) -> None:
    assert place_in(a_photo_with_a_place())
    with browsers.of(CLERK).get(f"/papers/{photo}{kind}") as answer:
        assert answer.status_code == 200 and answer.mimetype == "image/jpeg"
        assert not place_in(answer.data) and b"Exif" not in answer.data
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_document_is_never_shown_but_downloaded(browsers: Browsers, document: str) -> None:
    answer = browsers.of(CLERK).get(f"/papers/{document}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/papers/{document}/download")
    with browsers.of(CLERK).get(f"/papers/{document}/download") as download:
        header = download.headers["Content-Disposition"]
        assert header.startswith("attachment") and "\n" not in header
    assert browsers.of(CLERK).get(f"/papers/{document}/thumbnail").status_code == 404


@pytest.mark.parametrize("kind", ["", "/thumbnail", "/download"])
def test_a_paper_of_a_case_one_may_not_see_is_refused(browsers: Browsers, photo: str, kind: str) -> None:
    answer = browsers.of(STRANGER).get(f"/papers/{photo}{kind}")
    assert answer.status_code == 403 and "没有权限" in said(answer)
    assert browsers.app.test_client().get(f"/papers/{photo}{kind}").status_code == 302


def test_a_paper_without_a_case_is_its_uploaders_alone(browsers: Browsers, document: str) -> None:
    for by in (STRANGER, "director@whistle_office", "county_leader@county_leaders"):
        assert browsers.of(by).get(f"/papers/{document}/download").status_code == 403


TRICKS = [
    "..", "../secret", "..%2fsecret", "..%2f..%2fwhistle.sqlite", "%2e%2e%2fsecret", "....//secret", "%00", "x%00.pdf",
    "..\\secret", "/etc/passwd", "%2fetc%2fpasswd", "0" * 64, "'; DROP TABLE paper;--", "%", "a" * 3000, "纸",
]  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_in_a_papers_name_leads_to_a_file(browsers: Browsers, trick: str) -> None:
    for kind in ("", "/download", "/thumbnail"):
        answer = browsers.of(CLERK).get(f"/papers/{trick}{kind}")
        assert answer.status_code in (404, 308) or answer.request.path in ("/secret", "/"), answer.status_code


def test_a_papers_own_hash_is_no_key_to_it(site: Installation, browsers: Browsers, photo: str) -> None:
    a_case(site, 1)
    kept = [path.name for path in (site.papers.root).rglob("*") if path.is_file()]
    assert kept
    assert {browsers.of(CLERK).get(f"/papers/{name}/download").status_code for name in kept} == {404}


def a_photo_with_a_place() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (29.0, 16.0, 12.0), 3: "E", 4: (116.0, 12.0, 30.0)})
    exif[ExifTags.Base.Model] = "A Telephone"
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def place_in(picture: bytes) -> dict[int, object]:
    with Image.open(io.BytesIO(picture)) as opened:
        return dict(opened.getexif().get_ifd(ExifTags.IFD.GPSInfo))
