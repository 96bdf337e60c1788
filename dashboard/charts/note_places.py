"""Where the words of annotations stand above the lanes: in as few rows as there must be, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ROWS = 3
# From which width of the chart on a screen counts as which, the narrowest first; and the room for words across:
# that width without the chart's margins, of which the right one may be written over. And a letter's width.
SCREENS = {"phone": 0, "tablet": 480, "desk": 720}
ROOM = {"phone": 236.0, "tablet": 376.0, "desk": 616.0}
MARGIN, LETTER, GAP = 96.0, 6.3, 10.0
NARROWEST = "phone"


@dataclass(frozen=True, kw_only=True)
class Note:
    """What happened on a day, in words."""

    at: datetime
    text: str


def places(notes: Sequence[Note], first: datetime, last: datetime) -> list[dict[str, Any]]:
    """A "note" row a day (its rule, with all that happened as its tip) and a "said" row for words that fit.

    The latest are placed first. Words stand beside their rule, on the right if there is room, else on the
    left; on a phone, where neither fits, from the left edge. Words that fit nowhere are left to the tip.
    """
    tips: dict[datetime, list[str]] = {}
    for note in notes:
        tips.setdefault(note.at, []).append(note.text)
    rows: list[dict[str, Any]] = [{"kind": "note", "at": at, "tip": " · ".join(said)} for at, said in tips.items()]
    span = (last - first).total_seconds() or 1.0
    for screen, room in ROOM.items():
        taken: list[list[tuple[float, float]]] = [[] for _ in range(ROWS)]
        for note in sorted(notes, key=lambda each: each.at, reverse=True):
            x = (note.at - first).total_seconds() / span * room
            found = _place(x, GAP + LETTER * len(note.text), room, screen, taken)
            if found:
                row, side, reach = found
                taken[row].append(reach)
                rows.append({"kind": "said", "at": note.at, "text": note.text, "side": side, "row": row}
                            | {"screen": screen})  # fmt: skip
    return rows


def _place(
    x: float, wide: float, room: float, screen: str, taken: Sequence[Sequence[tuple[float, float]]]
) -> tuple[int, str, tuple[float, float]] | None:
    reaches = {"right": (x, x + wide), "left": (x - wide, x)}
    if screen == NARROWEST:
        reaches["edge"] = (-8.0, wide - 8.0)
    for row, others in enumerate(taken):
        for side, (begin, end) in reaches.items():
            inside = begin >= -8.0 and end <= room + MARGIN
            if inside and not any(begin < other[1] and other[0] < end for other in others):
                return row, side, (begin, end)
    return None
