"""Files are stored first and named by the form afterwards, so nothing uploaded is lost when the form is refused."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.errors import Rejected
from processes.forms import Form, Invalid, PaperRef, Posted, Received, bind, clean, receive
from tests.processes.forms.builders import MINUTES, PHOTO, a_form, a_world, only_error, part, posted, sent


@dataclass
class File:
    filename: str | None
    size: int = 3


class Files(dict):
    def getlist(self, name: str) -> list[File]:
        return self[name]


class TooBig(Rejected):
    """The file is too big."""

    message = "文件超过 {most} MB。"


def keep(upload: File) -> PaperRef:
    if upload.size > 100:
        raise TooBig(most=20)
    return PaperRef(f"new-{upload.filename}", upload.filename or "", upload.size, "application/pdf")


def a_paper_form(**more: object) -> Form:
    return a_form(
        part("filepicker", "minutes", "会议纪要", multiple=True, **more),
        part("filepicker", "letter", "公函"),
        part(
            "dynamiclist", "proofs", "佐证", components=[part("filepicker", "paper", "文件"), part("textfield", "what")]
        ),
    )


def received(files: dict[str, list[File]], **texts: str | list[str]) -> Received:
    return receive(a_paper_form(), posted(**texts), Files(files), keep)


def answers(got: Received) -> dict:
    world = a_world(papers=(MINUTES, PHOTO, *got.papers.values()))
    return dict(clean(a_paper_form(), got.posted, world=world, refused=got.refused).answers)


def test_new_files_join_those_kept() -> None:
    got = received({"minutes": [File("a.pdf"), File("b.pdf")]}, minutes="p1")
    assert [paper["id"] for paper in answers(got)["minutes"]] == ["p1", "new-a.pdf", "new-b.pdf"]


def test_a_new_file_takes_the_place_of_the_one_before_where_there_is_room_for_one() -> None:
    assert [paper["id"] for paper in answers(received({"letter": [File("b.pdf")]}, letter="p1"))["letter"]] == [
        "new-b.pdf"
    ]


def test_an_empty_file_field_changes_nothing() -> None:
    got = received({"minutes": [File("")], "letter": [File(None)]}, minutes="p1")
    assert (got.papers, got.refused, got.posted.getlist("minutes")) == ({}, (), ["p1"])


def test_a_file_that_cannot_be_kept_is_told_beside_its_field_and_the_others_stay() -> None:
    got = received({"minutes": [File("a.pdf"), File("b.pdf", size=999)]})
    with pytest.raises(Invalid) as invalid:
        answers(got)
    (error,) = invalid.value.errors
    assert (error.path, error.message) == ("minutes", "“b.pdf”没有保存：文件超过 20 MB。")
    bound = bind(a_paper_form(), got.posted, world=a_world(papers=tuple(got.papers.values())))
    assert [paper.name for paper in bound["minutes"].papers] == ["a.pdf"]


def test_a_required_file_that_could_not_be_kept_is_told_once() -> None:
    form = a_paper_form(validate={"required": True})
    got = receive(form, posted(), Files({"minutes": [File("b.pdf", size=999)]}), keep)
    with pytest.raises(Invalid) as invalid:
        clean(form, got.posted, world=a_world(), refused=got.refused)
    assert [error.message for error in invalid.value.errors] == ["“b.pdf”没有保存：文件超过 20 MB。"]


def test_a_file_in_a_row_goes_with_its_row_even_when_the_rows_are_numbered_anew() -> None:
    texts = {"proofs-3-what": ["甲"], "proofs-8-what": ["乙"]}
    got = received({"proofs-8-paper": [File("b.pdf")]}, **texts)
    assert answers(got)["proofs"][1]["paper"][0]["id"] == "new-b.pdf"
    refused = received({"proofs-8-paper": [File("b.pdf", size=999)]}, **texts)
    with pytest.raises(Invalid) as invalid:
        answers(refused)
    assert [(error.path, error.where) for error in invalid.value.errors] == [("proofs-1-paper", "第 2 项")]


@pytest.mark.parametrize(
    "name", ["other", "proofs", "proofs-0-what", "proofs-0-other", "proofs-x-paper", "", "proofs-00000-paper"]
)
def test_a_file_under_a_name_that_is_no_file_field_is_not_even_stored(name: str) -> None:
    got = received({name: [File("a.pdf"), File("b.pdf")]})
    assert got.papers == {}
    assert [error.message for error in got.refused] == ["上传了表单之外的文件，没有保存"]


def test_a_paper_this_person_may_not_name_is_refused() -> None:
    assert only_error(a_paper_form(), minutes="somebody-elses") == ("minutes", "会议纪要里有文件已不在，请重新上传")


def test_a_paper_of_another_kind_than_asked_is_refused() -> None:
    form = a_form(part("filepicker", "photo", "现场照片", accept=".JPG, image/*"))
    assert sent(form, photo="p2").answers == {"photo": [PHOTO.plain]}
    assert only_error(form, photo="p1") == (
        "photo",
        "现场照片不接受“会议纪要.pdf”这种文件，请上传 .jpg、image/* 文件",
    )


def test_one_file_means_one_file_and_several_at_most_twenty() -> None:
    assert only_error(a_paper_form(), letter=["p1", "p2"]) == ("letter", "公函最多 1 个文件，现在 2 个")
    many = tuple(PaperRef(f"m{number}", f"{number}.pdf", 1, "application/pdf") for number in range(21))
    error = only_error(a_paper_form(), a_world(papers=many), minutes=[paper.id for paper in many])
    assert error == ("minutes", "会议纪要最多 20 个文件，现在 21 个")


def test_leaving_out_the_pages_own_names_leaves_a_field_with_a_like_name() -> None:
    texts = posted(outcome="go", outcome_note="好", revision="3", revision_count="2")
    assert set(texts.without("outcome", "revision")) == {"outcome_note", "revision_count"}


def test_a_draft_is_kept_raw_and_comes_back_as_typed() -> None:
    draft = posted(minutes="p1", proofs__0__what="\u202e不对的").plain
    again = bind(a_paper_form(), Posted.of(draft), world=a_world())
    assert [paper.id for paper in again["minutes"].papers] == ["p1"]
    assert again["proofs"].entries[0].form["what"].text == "\u202e不对的"
