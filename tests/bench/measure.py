"""One measured line: a ratio, its limit, and the two figures behind it."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was measured: `ratio` may be at most `limit`; `figures` are what it was made of."""

    what: str
    ratio: float
    limit: float
    figures: str

    def __str__(self) -> str:
        kept = "kept" if self.ratio <= self.limit else "MISSED"
        return f"{self.what:<52} {self.ratio:7.2f}  at most {self.limit:<5g} {kept:<7} {self.figures}"


def spent() -> float:
    """Seconds of processor of this process, all its threads."""
    told = resource.getrusage(resource.RUSAGE_SELF)
    return told.ru_utime + told.ru_stime


def median_ms(work: Callable[[], object], times: int) -> float:
    """The median of several runs in milliseconds of this thread's processor time."""
    took = []
    for _ in range(times):
        before = time.thread_time()
        work()
        took.append(time.thread_time() - before)
    return statistics.median(took) * 1e3
