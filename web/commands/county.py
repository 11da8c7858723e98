"""What every command of the `whistle` line begins with: the installation, its county, and refusals as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from engine.errors import Rejected
from processes.installation import Installation
from processes.pack import Pack
from processes.queries.counties import only_county
from web.serving import set_up
from web.settings import Settings


@contextmanager
def refusals_told() -> Iterator[None]:
    """A refusal becomes the command's message, and the command ends with 1."""
    try:
        yield
    except Rejected as error:
        raise click.ClickException(f"{error.sentence}{error.advice} {error.english}") from error


@contextmanager
def the_county() -> Iterator[tuple[Installation, Pack]]:
    """The installation and its county, closed afterwards."""
    inst = set_up(Settings())
    try:
        with refusals_told():
            with inst.db.read() as session:
                pack = only_county(inst, session)
            yield inst, pack
    finally:
        inst.db.close()
