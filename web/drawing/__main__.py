"""Draws a diagram from the command line: `python -m web.drawing FILE.bpmn [--standalone] > out.svg`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from web.drawing import DiagramNotDrawable, draw

STYLESHEET = Path(__file__).parents[1] / "static" / "css" / "diagram.css"


def main(arguments: list[str] | None = None) -> int:
    """Writes the SVG to standard output; `--standalone` puts the stylesheet inside, for looking at the file itself."""
    parser = argparse.ArgumentParser(prog="python -m web.drawing", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--standalone", action="store_true")
    given = parser.parse_args(arguments)
    try:
        svg = draw(given.file.read_bytes(), states={}, title=given.file.stem)
    except (DiagramNotDrawable, OSError) as problem:
        sys.stderr.write(f"{given.file}: {problem}\n")
        return 1
    sys.stdout.write(_with_styles(svg) if given.standalone else svg)
    return 0


def _with_styles(svg: str) -> str:
    opening, rest = svg.split(">", 1)
    return f"{opening}><style>{STYLESHEET.read_text(encoding='utf-8')}</style>{rest}"


if __name__ == "__main__":
    sys.exit(main())
