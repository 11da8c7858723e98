"""The drawing from the command line."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from web.drawing.__main__ import main

SAMPLE = Path(__file__).with_name("sample.bpmn")


def test_a_file_comes_out_as_svg_on_standard_output(capsys):
    assert main([str(SAMPLE)]) == 0
    assert etree.fromstring(capsys.readouterr().out).get("aria-label") == "sample"


def test_a_standalone_picture_carries_its_stylesheet(capsys):
    assert main([str(SAMPLE), "--standalone"]) == 0
    svg = etree.fromstring(capsys.readouterr().out)
    assert ".bpmn .bpmn-body" in svg[0].text


def test_a_file_that_cannot_be_drawn_says_why_and_fails(tmp_path, capsys):
    bad = tmp_path / "bad.bpmn"
    bad.write_text("no diagram")
    assert main([str(bad)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "XML" in shown.err
