"""The end of a process: everything let go of, or, when a thread is held up, at once."""

from __future__ import annotations

import logging
import os
import sys

from engine.store.database import Database

_log = logging.getLogger("whistle")


def leave(db: Database, *, finished: bool) -> None:
    """Close the database; when what was in hand did not finish, end the process here and now, with 1.

    What holds up its thread would hold up Python's own orderly end as well: a connection of SQLite that waits for its
    turn cannot be closed. Nothing is lost: the database rolls back, and the lease of a job ends.
    """
    if finished:
        db.close()
        return
    _log.warning("what was in hand did not end in time; a job is done again when its lease has ended")
    logging.shutdown()
    sys.stdout.flush()
    os._exit(1)
