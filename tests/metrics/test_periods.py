"""Windows of time, checked against calendars worked out by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from data.errors import WrongQuestion
from metrics import periods
from metrics.periods import Span, custom_span, shifted, span, standard_spans
from metrics.periods import periods as every_period

FRIDAY = date(2026, 11, 13)


@pytest.mark.parametrize(
    ("win", "shift", "first", "last"),
    [
        ("C4W", "current", date(2026, 10, 17), FRIDAY),
        ("C4W", "previous", date(2026, 9, 19), date(2026, 10, 16)),
        ("C13W", "current", date(2026, 8, 15), FRIDAY),
        ("C13W", "previous", date(2026, 5, 16), date(2026, 8, 14)),
        ("C13W", "year", date(2025, 8, 16), date(2025, 11, 14)),
        # Seven weeks end in the fourth quarter so far (2 Oct .. 13 Nov); the third's first seven end 3 Jul .. 14 Aug.
        ("QTD", "current", date(2026, 9, 26), FRIDAY),
        ("QTD", "previous", date(2026, 6, 27), date(2026, 8, 14)),
        # 46 weeks end in 2026 so far; the first 46 of 2025 end 3 Jan .. 14 Nov.
        ("YTD", "current", date(2025, 12, 27), FRIDAY),
        ("YTD", "previous", date(2024, 12, 28), date(2025, 11, 14)),
        ("R52", "current", date(2025, 11, 15), FRIDAY),
        ("R52", "year", date(2024, 11, 16), date(2025, 11, 14)),
    ],
)
def test_weeks_that_end_on_friday(win: str, shift: str, first: date, last: date) -> None:
    assert span("week", FRIDAY, win, shift) == Span(win, shift, first, last)


@pytest.mark.parametrize(
    ("win", "shift", "first", "last"),
    [
        ("C1M", "current", date(2018, 1, 1), date(2018, 1, 31)),
        ("C3M", "current", date(2017, 11, 1), date(2018, 1, 31)),
        ("C3M", "previous", date(2017, 8, 1), date(2017, 10, 31)),
        ("C3M", "year", date(2016, 11, 1), date(2017, 1, 31)),
        ("QTD", "previous", date(2017, 10, 1), date(2017, 10, 31)),
        ("YTD", "previous", date(2017, 1, 1), date(2017, 1, 31)),
        ("R12", "current", date(2017, 2, 1), date(2018, 1, 31)),
    ],
)
def test_months(win: str, shift: str, first: date, last: date) -> None:
    assert span("month", date(2018, 1, 31), win, shift) == Span(win, shift, first, last)


def test_a_year_is_compared_with_the_year_before() -> None:
    assert span("year", date(2014, 12, 31), "Y", "year") == Span("Y", "year", date(2013, 1, 1), date(2013, 12, 31))


def test_every_standard_window_has_its_two_comparisons() -> None:
    assert len(standard_spans("week", FRIDAY)) == 3 * len(periods.WINDOWS["week"])


def test_periods_run_without_gap_from_the_first_day_to_the_anchor() -> None:
    found = every_period("week", FRIDAY, date(2026, 10, 20))
    assert [each.last for each in found] == [date(2026, 10, 23), date(2026, 10, 30), date(2026, 11, 6), FRIDAY]
    assert all((b.first - a.last).days == 1 for a, b in pairwise(found))


def test_a_leap_february_is_twelve_months_before_the_next() -> None:
    asked = custom_span("2017-02..2017-02", date(2013, 1, 1), date(2018, 1, 31))
    assert (asked.first, asked.last) == (date(2017, 2, 1), date(2017, 2, 28))
    assert shifted("month", asked, "year").last == date(2016, 2, 29)


def test_a_span_is_compared_with_as_many_months_before() -> None:
    asked = custom_span("2014-01..2014-03", date(2013, 1, 1), date(2018, 1, 31))
    before = shifted("month", asked, "previous")
    assert (before.first, before.last) == (date(2013, 10, 1), date(2013, 12, 31))


@pytest.mark.parametrize(
    "window", ["C13X", "", "2014-01", "2014-13..2014-14", "2015-01..2014-01", "'; drop table span"]
)
def test_a_window_that_is_none_is_refused_in_words(window: str) -> None:
    def _asked() -> Span:
        periods.check("week", window)
        return custom_span(window, date(2013, 1, 1), date(2018, 1, 31))

    with pytest.raises(WrongQuestion) as refused:
        _asked()
    assert refused.value.todo


def test_a_window_finer_than_yearly_facts_passes_so_that_its_cells_can_say_yearly() -> None:
    periods.check("year", "C13W")
