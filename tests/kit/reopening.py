"""The model county's story of a matter that came back, up to the end of the matter it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from processes.installation import Installation
from tests.kit.actors import Actors
from tests.kit.moved import moved
from tests.kit.sites import the_pack

STORY = the_pack().stories["reopened_and_solved"]
BACK = next(place for place, step in enumerate(STORY.steps) if step.start)
"""How many steps of it go before anybody says that the matter came back."""
CAME_BACK, APPROVED = (STORY.steps[BACK + place] for place in (1, 3))
_LASTS = timedelta(days=11)
"""From the story's beginning until its first matter is closed, and some hours more."""


def a_closed_matter(site: Installation, *, ago: timedelta = timedelta()) -> str:
    """The first matter of the story, closed some hours ago, and `ago` more."""
    return Actors(site).play(moved(STORY, datetime.now(UTC) - _LASTS - ago), until=BACK)


def since(ago: int = 0) -> str:
    """The day, so many days ago, as a browser posts it."""
    return (datetime.now(the_pack().calendar.zone).date() - timedelta(days=ago)).isoformat()
