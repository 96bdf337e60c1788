"""Several lines about one person as days that do not overlap: for each day the latest line that speaks of it holds."""

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
        """The days of lines in the order in which they were written; each takes its days from those before it."""
        held: list[Entitlement] = []
        for line in lines:
            held = [part for each in held for part in _without(each, line)] + [line]
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


def _without(each: Entitlement, line: Entitlement) -> list[Entitlement]:
    """What is left of an earlier span beside the days of a later line."""
    first, last = _first(line), _last(line)
    if _last(each) < first or last < _first(each):
        return [each]
    left = []
    if _first(each) < first:
        left.append(replace(each, to_date=first - _DAY))
    if last < _last(each):
        left.append(replace(each, from_date=last + _DAY))
    return left


def _first(each: Entitlement) -> date:
    return each.from_date or date.min


def _last(each: Entitlement) -> date:
    return each.to_date or date.max
