"""Builders of small diagrams."""

from __future__ import annotations

from pathlib import Path

import pytest

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)


@pytest.fixture
def sample() -> bytes:
    """A whole whistle: pool, lanes, sub-process, boundary timers, several units at once, rework, every gateway."""
    return Path(__file__).with_name("sample.bpmn").read_bytes()


@pytest.fixture
def diagram_of():
    """A function that puts BPMN elements and their layout into a file."""

    def build(elements: str, layout: str, before: str = "") -> bytes:
        plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="p">{layout}</bpmndi:BPMNPlane>'
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>{before}<definitions {NAMESPACES} id="d" targetNamespace="t">'
            f'<process id="p">{elements}</process><bpmndi:BPMNDiagram id="g">{plane}</bpmndi:BPMNDiagram></definitions>'
        ).encode()

    return build


@pytest.fixture
def shape_of():
    """A function that gives the layout of one element."""

    def build(element: str, x: object = 100, y: object = 100, width: object = 100, height: object = 80) -> str:
        bounds = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
        return f'<bpmndi:BPMNShape id="{element}_di" bpmnElement="{element}">{bounds}</bpmndi:BPMNShape>'

    return build
