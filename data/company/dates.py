"""The demo company's time: vendor weeks that end on Friday, working days, quarter cycles."""

from __future__ import annotations

import numpy as np

AS_OF = np.datetime64("2026-11-22")
LAST_RX = np.datetime64("2026-11-13")
RX_WEEKS = 104
WEEKS = RX_WEEKS + 1  # activity is known a week longer than prescriptions

HOLIDAYS = np.array(
    [
        "2024-10-14", "2024-11-11", "2024-11-28", "2024-11-29", "2024-12-24", "2024-12-25",
        "2025-01-01", "2025-01-20", "2025-02-17", "2025-05-26", "2025-06-19", "2025-07-04", "2025-09-01",
        "2025-10-13", "2025-11-11", "2025-11-27", "2025-11-28", "2025-12-24", "2025-12-25", "2025-12-26",
        "2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07",
        "2026-10-12", "2026-11-11", "2026-11-26", "2026-11-27", "2026-12-24", "2026-12-25", "2027-01-01",
    ],
    dtype="datetime64[D]",
)  # fmt: skip

FIRST_DAY, LAST_DAY = np.datetime64("2024-10-01"), np.datetime64("2026-12-31")


def week_ends(n: int = WEEKS) -> np.ndarray:
    """The Fridays that close the weeks, oldest first; week 103 is the last with prescriptions."""
    return LAST_RX + 7 * (np.arange(n) - (RX_WEEKS - 1)).astype("timedelta64[D]")


def working(days: np.ndarray) -> np.ndarray:
    """Whether the field works on each day: Monday to Friday, but not on a holiday."""
    return np.is_busday(days, holidays=HOLIDAYS)


def week_days(ends: np.ndarray) -> np.ndarray:
    """The five weekdays (Monday first) of each week, one row a week."""
    return ends[:, None] - np.arange(4, -1, -1).astype("timedelta64[D]")


def cycle_of(days: np.ndarray) -> np.ndarray:
    """The calendar quarter of each day, counted from 2024 Q4 = 0."""
    months = days.astype("datetime64[M]").astype(int) - (2024 - 1970) * 12
    return months // 3 - 3


def cycle_name(cycle: int) -> str:
    """The name of a quarter cycle, as in 2026Q4."""
    quarter = cycle + 3
    return f"{2024 + quarter // 4}Q{quarter % 4 + 1}"


def cycle_span(cycle: int) -> tuple[np.datetime64, np.datetime64]:
    """First and last day of a quarter cycle."""
    month = np.datetime64("2024-10", "M") + np.timedelta64(3 * cycle, "M")
    return month.astype("datetime64[D]"), (month + np.timedelta64(3, "M")).astype("datetime64[D]") - np.timedelta64(
        1, "D"
    )


CYCLES = int(cycle_of(np.array([AS_OF]))[0]) + 1


def stream(seed: int, name: str) -> np.random.Generator:
    """A random stream of its own for each part, so that a change in one part leaves the others alone."""
    return np.random.Generator(np.random.PCG64([seed, *name.encode()]))
