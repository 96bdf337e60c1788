"""Several lines about one person as days that do not overlap: from its first day on a line ends those before it.

So a line that ends early ends access, whatever an earlier one without an end said; only days gone by are kept of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.entitlements import Entitlement

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """What holds for one person, day by day, the earliest first; `spans` never overlap."""

    spans: tuple[Entitlement, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[Entitlement]) -> Days:
        """The days of lines in the order written; from its first day on each replaces those before it."""
        held: list[Entitlement] = []
        for line in lines:
            held = [part for each in held for part in _before(each, line)] + [line]
        return cls(tuple(sorted(held, key=lambda each: _first(each))))

    def on(self, day: date) -> Entitlement | None:
        """What holds on a day; None where no line speaks of it."""
        return next((each for each in self.spans if _first(each) <= day <= _last(each)), None)

    def until(self, day: date) -> tuple[Entitlement, ...]:
        """The spans with a role that began on that day or before."""
        return tuple(each for each in self.spans if each.role is not None and _first(each) <= day)

    def near(self, day: date) -> Entitlement | None:
        """What to tell a person about a day on which nothing lets them in: what holds, else what begins, else ended."""
        later = (each for each in self.spans if _first(each) > day)
        return self.on(day) or next(later, None) or next(reversed(self.spans), None)


def _before(each: Entitlement, line: Entitlement) -> list[Entitlement]:
    """What is left of an earlier span before the first day of a later line."""
    first = _first(line)
    if _first(each) >= first:
        return []
    return [replace(each, to_date=first - _DAY) if _last(each) >= first else each]


def _first(each: Entitlement) -> date:
    return each.from_date or date.min


def _last(each: Entitlement) -> date:
    return each.to_date or date.max
