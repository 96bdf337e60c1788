"""Numbers, dates and changes in words."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import words
from dashboard.words import Change, locale_of

GERMAN, FRENCH = locale_of("de-AT"), locale_of("fr")


@pytest.mark.parametrize(
    ("value", "metric", "unit", "said"),
    [
        (83.4, "reach", "percent", "83\u202f%"),
        (18.24, "share", "percent", "18.2\u202f%"),
        (12340, "trx", "count", "12,340"),
        (1_104_000, "trx", "count", "1.10\u202fm"),
        (12.4, "cost_per_reached_hcp", "money", "$12.40"),
        (97.4, "evolution_index", "index", "97"),
        (4.12, "frequency", "ratio", "4.1"),
        (0, "trx", "count", "0"),
        (None, "trx", "count", "–"),
        (float("nan"), "trx", "count", "–"),
    ],
)
def test_a_number_is_read_in_its_unit(value: object, metric: str, unit: str, said: str) -> None:
    assert words.number(value, metric, unit) == said


def test_separators_are_the_readers() -> None:
    assert words.plain(1234567.5, 1, GERMAN) == "1.234.567,5"
    assert words.plain(1234567, 0, FRENCH) == "1\u202f234\u202f567"
    assert words.plain(1234567, 0, locale_of("zz")) == "1,234,567"


def test_signs_are_typographic_and_zero_has_none() -> None:
    assert words.signed(60) == "+60"
    assert words.signed(-352) == "\u2212352"
    assert words.signed(0.2) == "0"
    assert words.plain(-0.3) == "0"


@pytest.mark.parametrize(
    ("now", "before", "unit", "better", "expected"),
    [
        (81.0, 88.0, "percent", "up", Change(icon="▼", words="7.0 pt lower", tone="concern")),
        (12.4, 13.5, "money", "down", Change(icon="▼", words="8.1\u202f% cheaper", tone="improvement")),
        (110, 100, "count", None, Change(icon="▲", words="10.0\u202f% higher", tone="quiet")),
        (6, 5, "count", "down", Change(icon="▲", words="1 more", tone="concern")),
        (100, 100, "count", "up", Change(icon="●", words="level", tone="quiet")),
    ],
)
def test_a_change_has_icon_words_and_tone(
    now: float, before: float, unit: str, better: str | None, expected: Change
) -> None:
    assert words.change(now, before, unit, better) == expected


def test_the_rule_decides_what_is_noise() -> None:
    assert words.change(110, 100, "count", "up", "within noise") == words.QUIET
    assert words.change(110, 100, "count", "up", "too few to say") == words.TOO_FEW
    assert words.change(None, 100, "count", "up") is None
    assert words.change(110, None, "count", "up", "within noise") is None


def test_distance_from_goal() -> None:
    below = words.against_goal(95.9)
    assert below == Change(icon="▼", words="4.1\u202f% below goal", tone="concern")
    above = words.against_goal(112.0)
    assert above == Change(icon="▲", words="12\u202f% above goal", tone="improvement")
    near = words.against_goal(99.4)
    assert near is not None
    assert near.words == "on goal"
    assert words.against_goal(None) is None


def test_time_in_words() -> None:
    assert words.window_to("C13W", date(2026, 11, 13)) == "13 weeks to 13 Nov 2026"
    assert words.window_to("YTD", date(2026, 11, 13)) == "Year to date, 13 Nov 2026"
    assert words.window("C1M") == "1 month"
    assert words.window("YTD") == "year to date"
    assert words.compared("year", "C3M") == "same 3 months last year"
    assert words.age(1) == "1 day old"
    assert words.age(0) == "up to date"


def test_levels_have_plurals_and_small_counts_are_words() -> None:
    assert words.count_words(6, "district") == "six districts"
    assert words.count_words(1, "territory") == "one territory"
    assert words.count_words(14, "territory") == "14 territories"
    assert words.count_words(2, "country") == "two countries"
    assert words.plural("HCP") == "HCPs"


def test_sentence_case() -> None:
    assert words.sentence("held") == "Held."
    assert words.sentence("") == ""
    assert words.lower_first("Plan a call") == "plan a call"
    assert words.lower_first("TRx") == "TRx"


def test_a_reason_fits_a_cell() -> None:
    assert words.short_reason("too few to say (fewer than 30)") == "too few"
    assert words.short_reason("fewer than 11 persons") == "not shown"
