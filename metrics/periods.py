"""Windows of time: C13W, QTD, R52 and their like, anchored on the data's own date and never on the clock.

A window is a run of whole outcome periods. A period belongs to the quarter, and to the year, in
which it ends. Weeks end on the vendor's day (Friday, as a rule): the anchor tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from data.errors import WrongQuestion, did_you_mean

WINDOWS = {
    "week": ("C4W", "C13W", "QTD", "YTD", "R52"),
    "month": ("C1M", "C3M", "QTD", "YTD", "R12"),
    "year": ("Y",),
}
DEFAULT = {"week": "C13W", "month": "C3M", "year": "Y"}
SHIFTS = ("current", "previous", "year")
_LENGTH = {"C4W": 4, "C13W": 13, "R52": 52, "C1M": 1, "C3M": 3, "R12": 12, "Y": 1}
_YEAR = {"week": 52, "month": 12, "year": 1}
_SPAN = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?\.\.(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True)
class Period:
    """One outcome period: its first and last day."""

    first: date
    last: date


@dataclass(frozen=True)
class Span:
    """A stretch of days that a question speaks of. `shift` says whether it is the one asked for or a comparison."""

    win: str
    shift: str
    first: date
    last: date


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def previous_end(grain: str, last: date) -> date:
    """The last day of the outcome period before the one that ends on `last`."""
    if grain == "week":
        return last - timedelta(days=7)
    if grain == "month":
        return last.replace(day=1) - timedelta(days=1)
    return date(last.year - 1, 12, 31)


def period_ending(grain: str, last: date) -> Period:
    """The outcome period that ends on `last`."""
    return Period(previous_end(grain, last) + timedelta(days=1), last)


def periods(grain: str, anchor: date, first: date) -> list[Period]:
    """Every outcome period from the one that holds `first` to the one that ends at the anchor, oldest first."""
    found = [period_ending(grain, anchor)]
    while found[-1].first > first:
        found.append(period_ending(grain, found[-1].first - timedelta(days=1)))
    return found[::-1]


def _back(grain: str, anchor: date, steps: int) -> date:
    for _ in range(steps):
        anchor = previous_end(grain, anchor)
    return anchor


def _run(grain: str, last: date, length: int) -> tuple[date, date]:
    return period_ending(grain, _back(grain, last, length - 1)).first, last


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _ends_in(grain: str, anchor: date, win: str) -> int:
    """How many periods, up to the anchor's, end in the anchor's quarter (QTD) or year (YTD)."""
    same = _quarter if win == "QTD" else lambda day: (day.year, 0)
    count, last = 0, anchor
    while same(last) == same(anchor):
        count, last = count + 1, previous_end(grain, last)
    return count


def _first_end(grain: str, anchor: date, win: str) -> date:
    """Last day of the first period that ends in the quarter or year before the anchor's."""
    last = _back(grain, anchor, _ends_in(grain, anchor, win))
    return _back(grain, last, _ends_in(grain, last, win) - 1)


def span(grain: str, anchor: date, win: str, shift: str = "current") -> Span:
    """The days of a standard window, or of the one it is compared with.

    `previous` is the window just before, of equal length; for QTD and YTD the same number of
    periods from the start of the quarter or year before. `year` is 52 weeks or 12 months earlier.
    Raises WrongQuestion for a window that this grain has not.
    """
    check(grain, win)
    length = _LENGTH.get(win) or _ends_in(grain, anchor, win)
    if shift == "year":
        return Span(win, shift, *_run(grain, _back(grain, anchor, _YEAR[grain]), length))
    if shift == "previous" and win in _LENGTH:
        return Span(win, shift, *_run(grain, _back(grain, anchor, length), length))
    if shift == "previous":
        first = _first_end(grain, anchor, win)
        last = first
        for _ in range(length - 1):
            last = next_end(grain, last)
        return Span(win, shift, period_ending(grain, first).first, last)
    return Span(win, shift, *_run(grain, anchor, length))


def next_end(grain: str, last: date) -> date:
    """The last day of the outcome period after the one that ends on `last`."""
    if grain == "week":
        return last + timedelta(days=7)
    return month_end(last + timedelta(days=1)) if grain == "month" else date(last.year + 1, 12, 31)


def standard_spans(grain: str, anchor: date) -> list[Span]:
    """Every standard window of the grain with the two it may be compared with."""
    return [span(grain, anchor, win, shift) for win in WINDOWS[grain] for shift in SHIFTS]


def check(grain: str, window: str) -> None:
    """Raise WrongQuestion unless the window is one of this grain's, `all`, or a span."""
    if window in WINDOWS[grain] or window == "all" or _SPAN.fullmatch(window):
        return
    if grain == "year" and any(window in windows for windows in WINDOWS.values()):
        return  # finer than the facts: answered with empty cells and the word "yearly"
    known = WINDOWS[grain]
    raise WrongQuestion(
        f'no window "{window}"',
        where=f"data by {grain}",
        todo=" ".join(
            filter(None, (did_you_mean(window, known), f"Use {', '.join(known)}, all, or 2014-01..2014-12."))
        ),
    )


def custom_span(window: str, first: date, last: date) -> Span:
    """The days of `all` (everything loaded) or of a span written `2014-01..2014-12`."""
    if window == "all":
        return Span(window, "current", first, last)
    found = _SPAN.fullmatch(window)
    assert found
    y1, m1, d1, y2, m2, d2 = (int(part) if part else None for part in found.groups())
    try:
        start = date(y1 or 1, m1 or 1, d1 or 1)
        end = date(y2 or 1, m2, d2) if m2 and d2 else month_end(date(y2 or 1, m2 or 12, 1))
    except ValueError as error:
        raise WrongQuestion(f'"{window}" is no span of days: {error}', todo="Write it as 2014-01..2014-12.") from None
    if start > end:
        raise WrongQuestion(f'"{window}" ends before it begins', todo="Write the earlier day first.")
    return Span(window, "current", start, end)


def shifted(grain: str, asked: Span, shift: str) -> Span:
    """The span that a custom one is compared with: of equal length just before, or a year earlier."""
    if shift == "year":
        return Span(asked.win, shift, _year_back(grain, asked.first), _year_back(grain, asked.last))
    if grain == "week":
        length = asked.last - asked.first + timedelta(days=1)
        return Span(asked.win, shift, asked.first - length, asked.first - timedelta(days=1))
    months = (asked.last.year - asked.first.year) * 12 + asked.last.month - asked.first.month + 1
    last = asked.first - timedelta(days=1)
    first = last.replace(day=1)
    for _ in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return Span(asked.win, shift, first, last)


def reach_back(grain: str, asked: Span) -> tuple[date, date]:
    """First day of the window just before a span, and first day of the year (52 weeks, 12 months) before it."""
    eve = asked.first - timedelta(days=1)
    before = shifted(grain, asked, "previous").first
    if grain == "week":
        return before, asked.first - timedelta(weeks=52)
    return before, period_ending("month", _back("month", eve, 11)).first


def _year_back(grain: str, day: date) -> date:
    if grain == "week":
        return day - timedelta(weeks=52)
    if day == month_end(day):
        return month_end(day.replace(year=day.year - 1, day=1))
    return day.replace(year=day.year - 1)
