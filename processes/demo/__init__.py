"""A demonstration: made-up people for every post, and made-up months in which they work. Never on a real site."""

from processes.demo.people import settle

__all__ = ["settle"]
