"""How a cue puts numbers and days into words: short, exact, the same everywhere."""

from __future__ import annotations

from datetime import date, datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date | datetime) -> str:
    """18 Sep."""
    return f"{when.day} {MONTHS[when.month - 1]}"


def moment(when: datetime) -> str:
    """Mon 23 Nov 14:20."""
    return f"{when:%a} {day(when)} {when:%H:%M}"


def number(value: float, digits: int = 0) -> str:
    """1,240."""
    return f"{value:,.{digits}f}"


def count(number: float, one: str, many: str | None = None) -> str:
    """1 call, 4 calls, 1,240 scripts."""
    shown = f"{number:,.0f}"
    return f"{shown} {one if shown == '1' else many or one + 's'}"


def ago(days: int) -> str:
    """5 days, 6 weeks."""
    return count(days, "day") if days < 14 else count(days // 7, "week")


def change(ratio: float) -> str:
    """+4 %, -15 %, level."""
    percent = round(100 * (ratio - 1))
    return "level" if percent == 0 else f"{percent:+d} %".replace("-", "\u2212")


def signed(number: float) -> str:
    """+12, -38."""
    return f"{number:+,.0f}".replace("-", "\u2212")


def share(part: float) -> str:
    """71 %."""
    return f"{100 * part:.0f} %"


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
