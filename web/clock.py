"""What time it is: the machine's, or a rehearsal's, which its database keeps ahead so that all processes agree."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from processes.installation import Installation
from processes.rehearsal import ahead, is_held


class Clock:
    """The only reader of the machine's clock; everything the service does happens at its `now`."""

    def __init__(self, inst: Installation) -> None:
        """The clock of an installation."""
        self._inst = inst

    @staticmethod
    def machine() -> datetime:
        """The real time, in UTC: for signing in, leases of files and all that no rehearsal moves."""
        return datetime.now(UTC)

    def now(self, session: Session | None = None) -> datetime:
        """The service's time, in UTC; `session` saves opening one."""
        if not self._inst.rehearsal:
            return self.machine()
        if session is not None:
            return self.machine() + ahead(session)
        with self._inst.db.read() as own:
            return self.machine() + ahead(own)

    def is_held(self) -> bool:
        """Whether somebody is moving the clock: then what is due is theirs to do."""
        if not self._inst.rehearsal:
            return False
        with self._inst.db.read() as session:
            return is_held(session, self.machine())
