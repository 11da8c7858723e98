"""The web: Flask pages for operators. One request, one call into processes, one page."""
