"""The diagram as a picture and as words: BPMN with its layout in, SVG that needs no JavaScript out."""

from web.drawing.errors import DiagramNotDrawable
from web.drawing.sheet import draw
from web.drawing.states import ElementState
from web.drawing.steps import Step, steps_as_text

__all__ = ["DiagramNotDrawable", "ElementState", "Step", "draw", "steps_as_text"]
