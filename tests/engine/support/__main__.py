"""Writes the support table anew."""

from tests.engine.support.page import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
