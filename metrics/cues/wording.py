"""How a cue puts numbers and days into words: short, exact, the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


# A value inside a sentence keeps its type until somebody reads it: {number:1240:0}, {day:2026-09-18}. A page writes
# it as its reader does; `english` writes it for everybody else.
VALUE = re.compile(r"\{(number|signed|percent|change|day|date|moment):([-+.0-9T]+)(?::([0-9]))?\}")
Write = Callable[[str, str, int], str]


def fill(text: str, write: Write) -> str:
    """A sentence with each of its values written by `write(kind, value, digits)`; other braces stay as they are."""
    return VALUE.sub(lambda found: write(found[1], found[2], int(found[3] or 0)), text)


def english(text: str) -> str:
    """A sentence as an English reader writes numbers and days: 1,240, -15 %, 18 Sep."""
    return fill(text, _english)


def _english(kind: str, value: str, digits: int) -> str:
    if kind in ("day", "date", "moment"):
        when = datetime.strptime(value[:10], "%Y-%m-%d")
        said = f"{when.day} {MONTHS[when.month - 1]}"
        said += f" {when.year}" if kind == "date" else ""
        return f"{when:%a} {said} {value[11:13]}:{value[13:15]}" if kind == "moment" else said
    sign = "+" if kind in ("signed", "change") else ""
    shown = f"{float(value):{sign},.{digits}f}".replace("-", "\u2212")
    return f"{shown} %" if kind in ("percent", "change") else shown


def day(when: date | datetime) -> str:
    """18 Sep."""
    return f"{{day:{when:%Y-%m-%d}}}"


def dated(when: date | datetime) -> str:
    """18 Sep 2026."""
    return f"{{date:{when:%Y-%m-%d}}}"


def moment(when: datetime) -> str:
    """Mon 23 Nov 14:20."""
    return f"{{moment:{when:%Y-%m-%dT%H%M}}}"


def number(value: float, digits: int = 0) -> str:
    """1,240."""
    return f"{{number:{value:.{digits}f}:{digits}}}"


def count(number_of: float, one: str, many: str | None = None) -> str:
    """1 call, 4 calls, 1,240 scripts."""
    return f"{number(number_of)} {one if f'{number_of:.0f}' == '1' else many or one + 's'}"


def ago(days: int) -> str:
    """5 days, 6 weeks."""
    return count(days, "day") if days < 14 else count(days // 7, "week")


def change(ratio: float) -> str:
    """+4 %, -15 %, level."""
    moved = round(100 * (ratio - 1))
    return "level" if moved == 0 else f"{{change:{moved}:0}}"


def share_moved(points: float) -> str:
    """+6.7 %, of percent."""
    return f"{{change:{points:.1f}:1}}"


def signed(value: float) -> str:
    """+12, -38."""
    return f"{{signed:{value:.0f}:0}}"


def share(part: float, digits: int = 0) -> str:
    """71 %."""
    return f"{{percent:{100 * part:.{digits}f}:{digits}}}"


def every_weeks(days: float) -> str:
    """every week, every 3 weeks."""
    weeks = max(1, round(days / 7))
    return "every week" if weeks == 1 else f"every {weeks} weeks"


def cut(text: str, most: int) -> str:
    """A text of at most so many characters, cut between words: Erectile dysfunction, in 16 letters, is Erectile."""
    if len(text) <= most:
        return text
    kept = text[: most + 1].rsplit(" ", 1)[0]
    return kept if len(kept) <= most else text[:most]
