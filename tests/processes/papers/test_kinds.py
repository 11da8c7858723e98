"""A file is what its content is; a name that says otherwise is not believed."""

from __future__ import annotations

import struct
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from processes.papers import DEFAULT_ACCEPT
from processes.papers.errors import (
    ContainerSuspicious,
    HeicNotReadable,
    HiddenContent,
    MacroFound,
    PaperContentMismatch,
    PaperLocked,
    PaperTypeRefused,
)
from processes.papers.kinds import KINDS

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
MP4 = struct.pack(">I", 24) + b"ftypmp42\0\0\0\0mp42isom" + bytes(64)
EXE = b"MZ\x90\0" + bytes(60) + b"This program cannot be run in DOS mode.\r\r\n$" + bytes(200)
OFD = '<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>'


def test_every_default_kind_is_known():
    assert KINDS.keys() == DEFAULT_ACCEPT


def test_ordinary_office_papers_are_kept(put, office, zipped, compound):
    for content, name, media in [
        (office(WORD), "纪要.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office(SHEET), "台账.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (office(SLIDES), "汇报.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        (zipped({"OFD.xml": OFD}), "公文.ofd", "application/ofd"),
        (compound("WordDocument", "1Table"), "通知.doc", "application/msword"),
        (compound("WordDocument", "WpsCustomData"), "通知.wps", "application/vnd.ms-works"),
        (compound("Workbook"), "台账.xls", "application/vnd.ms-excel"),
        (compound("Workbook"), "台账.et", "application/vnd.ms-excel"),
        (compound("Current User", "PowerPoint Document"), "汇报.ppt", "application/vnd.ms-powerpoint"),
        (PDF, "批复.pdf", "application/pdf"),
        (MP4, "现场.mp4", "video/mp4"),
        ("编号,事项\n1,路灯不亮\n".encode("gb18030"), "台账.csv", "text/csv"),
        ("编号 事项".encode("utf-16"), "说明.txt", "text/plain"),
        ("\ufeff说明".encode(), "说明.TXT", "text/plain"),
    ]:
        assert put(content, name).media_type == media


@pytest.mark.parametrize(
    "name", ["a.exe", "a.zip", "a.svg", "a.html", "a.docm", "a.js", "a.lnk", "a", ".txt", "a.jpg.exe"]
)
def test_types_outside_the_list_are_refused_by_name_before_a_byte_is_read(put, name):
    with pytest.raises(PaperTypeRefused) as refused:
        put(PDF, name)
    assert "docx" in refused.value.sentence
    assert "zip" not in refused.value.sentence.split("：")[1]


def test_a_narrower_list_is_obeyed(put):
    with pytest.raises(PaperTypeRefused, match="可以上传的有：jpg、pdf"):
        put(b"x", "a.txt", accept=frozenset(["pdf", "jpg", "exe"]))


@pytest.mark.parametrize("extension", sorted(DEFAULT_ACCEPT))
def test_a_program_is_refused_under_every_name(put, store, extension):
    with pytest.raises(PaperContentMismatch, match="可执行程序") as refused:
        put(EXE, f"照片.{extension}")
    assert f"照片.{extension}" in refused.value.sentence
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("extension", sorted(DEFAULT_ACCEPT))
@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><script>x</script>",
        b"\n <svg xmlns='x' onload='x'/>",
        b"<?php system(1); ?>",
        b"<script>1</script>",
    ],
)
def test_a_page_is_refused_under_every_name(put, extension, page):
    with pytest.raises(PaperContentMismatch):
        put(page, f"a.{extension}")


def test_each_kind_is_refused_under_each_other_kinds_name(put, picture, office, zipped, compound):
    files = {
        "jpg": picture("JPEG"), "png": picture("PNG"), "gif": picture("GIF"), "webp": picture("WEBP"),
        "pdf": PDF, "mp4": MP4, "docx": office(WORD), "xlsx": office(SHEET), "ofd": zipped({"OFD.xml": OFD}),
        "doc": compound("WordDocument"), "xls": compound("Workbook"),
    }  # fmt: skip
    for real, content in files.items():
        for said in files.keys() - {real}:
            with pytest.raises(PaperContentMismatch):
                put(content, f"a.{said}")


def test_the_refusal_says_what_the_content_looks_like(put, picture, office):
    with pytest.raises(PaperContentMismatch, match=r"“现场\.pdf”的内容不是 pdf 文件（看起来是 png 文件）"):
        put(picture("PNG"), "现场.pdf")
    with pytest.raises(PaperContentMismatch, match="看起来是 xlsx 文件"):
        put(office(SHEET), "纪要.docx")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("payload", [b"<script>alert(1)</script>", b"<?php system($_GET[0]);", b"<HTML><body>"])
def test_a_picture_with_a_page_inside_is_refused(put, picture, form, payload):
    extension = {"JPEG": "jpg"}.get(form, form.lower())
    with pytest.raises(HiddenContent, match="网页或脚本"):
        put(picture(form) + payload, f"a.{extension}")


def test_a_picture_pdf_or_video_with_an_archive_on_its_end_is_refused(put, picture, zipped):
    archive = zipped({"evil.exe": EXE})
    for content, name in [(picture("JPEG"), "a.jpg"), (picture("PNG"), "a.png"), (PDF, "a.pdf"), (MP4, "a.mp4")]:
        with pytest.raises(HiddenContent, match="压缩包"):
            put(content + archive, name)
        with pytest.raises(HiddenContent, match="压缩包"):
            put(content + archive + b"padding" * 100, name)


def test_the_mere_letters_of_an_archives_end_hide_nothing(put):
    assert put(PDF + b"PK\x05\x06" + bytes(18), "a.pdf").size
    assert put(PDF + b"PK\x05\x06", "a.pdf").size


def test_a_motion_photo_with_its_video_behind_it_is_kept(put, picture):
    assert put(picture("JPEG") + MP4, "IMG_1.jpg").media_type == "image/jpeg"


@pytest.mark.parametrize(
    "part", ["word/vbaProject.bin", "word/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml", "word/vbaData.xml"]
)
def test_a_document_with_macro_parts_is_refused(put, office, part):
    with pytest.raises(MacroFound, match="带有宏"):
        put(office(WORD, **{part: "x"}), "纪要.docx")


def test_a_macro_document_renamed_is_refused(put, office, compound):
    with pytest.raises(MacroFound):
        put(office("application/vnd.ms-word.document.macroEnabled.main+xml"), "纪要.docx")
    for names, file in [
        (("WordDocument", "Macros", "VBA"), "a.doc"),
        (("WordDocument", "_VBA_PROJECT"), "a.wps"),
        (("Workbook", "_VBA_PROJECT_CUR"), "a.xls"),
    ]:
        with pytest.raises(MacroFound):
            put(compound(*names), file)


def test_a_presentation_is_refused_only_when_its_record_says_it_has_macros(put, compound):
    def record(has: int) -> bytes:
        atom = struct.pack("<HHI", 0x0002, 0x0400, 12) + struct.pack("<III", 7, has, 2)
        return struct.pack("<HHI", 0x001F, 0x03FF, 20) + atom

    with pytest.raises(MacroFound):
        put(compound("PowerPoint Document", tail=record(1).ljust(512, b"\0")), "a.ppt")
    assert put(compound("PowerPoint Document", tail=record(0).ljust(512, b"\0")), "a.ppt").size


def test_a_document_with_a_password_is_refused_with_advice(put, compound):
    with pytest.raises(PaperLocked) as refused:
        put(compound("EncryptionInfo", "EncryptedPackage"), "机密.doc")
    assert "取消密码" in refused.value.advice


def test_a_long_directory_is_read_over_all_its_sectors(put, compound):
    assert put(compound(*[f"Stream{number}" for number in range(90)], "WordDocument"), "a.doc").size


@pytest.mark.parametrize("at", [0x1E, 0x30, 0x4C, 512 + 4])
@pytest.mark.parametrize("value", [0, 1, 2, 0x7FFF, 0xFFFF])
def test_a_lying_compound_file_is_refused_and_never_loops(put, compound, at, value):
    content = bytearray(compound("Stream", "Stream2", "Stream3", "Stream4"))
    content[at : at + 2] = struct.pack("<H", value)
    with pytest.raises((ContainerSuspicious, PaperContentMismatch)):
        put(bytes(content), "a.doc")


@pytest.mark.parametrize("length", [8, 30, 60, 511, 512, 600, 1023])
def test_a_cut_off_compound_file_is_refused(put, compound, length):
    with pytest.raises((ContainerSuspicious, PaperContentMismatch)):
        put(compound("WordDocument")[:length], "a.doc")


def test_a_bomb_of_zeros_is_refused_unopened(put, office):
    with pytest.raises(ContainerSuspicious, match="大得不合常理"):
        put(office(WORD, **{"word/media/image1.png": "\0" * 50_000_000}), "a.docx")


def test_a_bomb_that_lies_about_its_size_is_read_only_so_far(put, tmp_path: Path):
    path = tmp_path / "bomb.docx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * 40_000_000)
    content = path.read_bytes()
    real, lie = struct.pack("<I", 40_000_000), struct.pack("<I", 100)
    with pytest.raises(ContainerSuspicious):
        put(content.replace(real, lie), "a.docx")


def test_a_part_that_is_there_twice_is_refused(put, tmp_path: Path):
    path = tmp_path / "twice.docx"
    with ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(ContainerSuspicious):
        put(path.read_bytes(), "a.docx")


def test_external_entities_in_a_part_are_not_followed(put, zipped):
    evil = '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><Types>&x;</Types>'
    with pytest.raises(ContainerSuspicious):
        put(zipped({"[Content_Types].xml": evil}), "a.docx")


def test_an_archive_renamed_to_a_document_is_refused(put, zipped):
    with pytest.raises(PaperContentMismatch, match="普通压缩包"):
        put(zipped({"a.exe": EXE}), "a.docx")
    with pytest.raises(PaperContentMismatch, match="普通压缩包"):
        put(zipped({"OFD.xml": "<other/>"}), "a.ofd")


def test_a_program_before_an_archive_is_no_document(put, office):
    with pytest.raises(PaperContentMismatch):
        put(EXE + office(WORD), "a.docx")


@pytest.mark.parametrize("cut", [10, 60, 200])
def test_a_cut_off_document_is_refused(put, office, cut):
    with pytest.raises(ContainerSuspicious):
        put(office(WORD)[:-cut], "a.docx")


@pytest.mark.parametrize(
    "content", [b"abc\0def", b"\x1b[2Jevil", bytes(range(256)), b"#!/bin/sh\nrm", b"@echo off\r\ndel"]
)
def test_what_is_no_plain_text_is_refused(put, content):
    with pytest.raises(PaperContentMismatch):
        put(content, "说明.txt")


def test_an_apple_photo_is_refused_with_advice_where_it_cannot_be_opened(put):
    heic = struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + bytes(64)
    with pytest.raises(HeicNotReadable) as refused:
        put(heic, "IMG_0001.HEIC")
    assert "兼容性最佳" in refused.value.advice


def test_a_content_type_list_of_megabytes_is_not_read(put, zipped):
    noise = "".join(f"{number * 2654435761 % 2**32:08x}" for number in range(200_000))
    types = f'<Types><!--{noise}--><Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'
    with pytest.raises(ContainerSuspicious):
        put(zipped({"[Content_Types].xml": types}), "a.docx")
