"""A server that does not outlive its test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.progress import Say, saying
from tests.faults.servers import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Not started yet."""
    with Server(tmp_path / "data") as made:
        yield made


@pytest.fixture
def progress(request: pytest.FixtureRequest) -> Callable[[int], Say]:
    """Asked with the number of faults to come."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    return lambda faults: saying(request.node.name, faults, capture)
