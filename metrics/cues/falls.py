"""Falls above and below each other on the map: which one explains the others, so that each is said once."""

from __future__ import annotations

from dataclasses import dataclass

_OWN = -2.0  # standard errors beyond which a fall is a unit's own


@dataclass(frozen=True)
class Fall:
    """One unit's fall: its numbers, what lies above it (nearest first), and in how many periods it was below."""

    node: str
    above: tuple[str, ...]
    rung: str
    product: str
    masked: bool
    actual: float
    expected: float
    error: float
    chance: float
    phi: float
    below: int

    @property
    def gap(self) -> float:
        """Scripts below what its share says (negative)."""
        return self.actual - self.expected


def explaining(falls: list[Fall]) -> list[Fall]:
    """Of one product's falls that lie above and below each other, those that explain the others.

    A unit that fell no more than the one above it did is explained by that one. A unit that would
    not have fallen without those below it that fell on their own is explained by them.
    """
    kept: dict[str, Fall] = {}
    for fall in sorted(falls, key=lambda one: (len(one.above), one.node)):
        over = _nearest(fall, kept)
        if over is None or (fall.actual - fall.expected * over.actual / over.expected) / fall.error <= _OWN:
            kept[fall.node] = fall
    for fall in sorted(kept.values(), key=lambda one: (-len(one.above), one.node)):
        below = [one.gap for one in kept.values() if _nearest(one, kept) is fall]
        if below and (fall.gap - sum(below)) / fall.error > _OWN:
            del kept[fall.node]
    return list(kept.values())


def _nearest(fall: Fall, kept: dict[str, Fall]) -> Fall | None:
    """The nearest fall above."""
    return next((kept[node] for node in fall.above if node in kept), None)
