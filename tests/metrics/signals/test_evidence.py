"""Enough to speak, or the reason why not."""

from __future__ import annotations

from metrics.signals.evidence import ENOUGH, all_of, at_least


def test_reason_has_both_numbers() -> None:
    assert at_least(5, 12, "weeks").reason == "5 weeks, 12 are needed"
    assert at_least(12, 12, "weeks")


def test_the_first_missing_part_speaks() -> None:
    assert all_of(ENOUGH, at_least(1, 2, "calls"), at_least(0, 9, "scripts")).reason == "1 calls, 2 are needed"
    assert all_of(ENOUGH, ENOUGH)
