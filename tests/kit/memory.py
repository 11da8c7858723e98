"""Where tests keep files that need not outlive them: in memory where there is room, else on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import gettempdir

_MEMORY = Path("/dev/shm")
_ENOUGH = 2 * 1024**3


def a_place_for_files() -> str:
    """A folder for temporary files; a busy disk makes a new PostgreSQL database ten times as slow as memory does."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    return str(_MEMORY) if roomy else gettempdir()
