"""A timer's text is ISO 8601 of the right kind and with its zone, or FEEL."""

from __future__ import annotations

import pytest

from engine.model.timer_text import fault_of


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDate", "2026-05-01T08:30:00+08:00"),
        ("timeDate", "2026-05-01T00:30:00Z"),
        ("timeDate", 'limit("respond")'),
        ("timeDate", "solve_by"),
        ("timeDuration", "P2D"),
        ("timeDuration", "P1W"),
        ("timeDuration", "PT0.5H"),
        ("timeDuration", "P1Y2M3DT4H5M6S"),
        ("timeDuration", 'duration("PT1H")'),
        ("timeCycle", "R/P1D"),
        ("timeCycle", "R3/PT10M"),
        ("timeCycle", "R3/2026-05-01T08:30:00+08:00/P1D"),
    ],
)
def test_a_good_time(kind: str, text: str) -> None:
    assert fault_of(kind, text) is None


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        ("timeDate", "", "missing"),
        ("timeDate", "2026-05-01T08:30:00", "naive"),
        ("timeDate", "2026-05-01", "naive"),
        ("timeDate", 'date and time("2026-05-01T08:30:00")', "naive"),
        ("timeCycle", "R3/2026-05-01T08:30:00/P1D", "naive"),
        ("timeDate", "2026-02-30T08:30:00+08:00", "form"),
        ("timeDate", "P2D", "form"),
        ("timeDuration", "2026-05-01T08:30:00+08:00", "form"),
        ("timeDuration", "R3/P2D", "form"),
        ("timeDuration", "P2H", "form"),
        ("timeDuration", "PT", "form"),
        ("timeDuration", "-P2D", "form"),
        ("timeDuration", "P999999999999Y", "form"),
        ("timeCycle", "P2D", "form"),
        ("timeCycle", "R/P", "form"),
        ("timeCycle", "R/PT0S", "short"),
        ("timeCycle", "R/P0D", "short"),
        ("timeCycle", "R/PT59S", "short"),
        ("timeWhenever", "P2D", "form"),
    ],
)
def test_a_bad_time(kind: str, text: str, fault: str) -> None:
    assert fault_of(kind, text) == fault
