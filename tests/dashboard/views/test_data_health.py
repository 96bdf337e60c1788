"""Data health by role: all of it to the steward, the age of the own numbers to everybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from metrics.catalog.roles import ROLES

Text = Callable[..., str]
OTHERS = [role for role in ROLES if role != "steward"]


def test_the_steward_sees_feeds_findings_and_the_shelf(text: Text) -> None:
    said = text("data_health", "steward")
    assert "could not be drawn" not in said
    for part in ("Feeds late", "Rows read", "In quarantine", "unaligned in", "on the shelf", "serves now"):
        assert part in said


@pytest.mark.parametrize("role", OTHERS)
def test_everybody_else_sees_how_old_the_own_numbers_are(text: Text, role: str) -> None:
    said = text("data_health", role)
    assert "shown to the data steward" in said
    assert "old" in said or "up to date" in said
    for part in ("Feeds late", "Rows read", "quarantine", "on the shelf", "Unaligned", "Finding:"):
        assert part not in said


def test_a_medical_role_sees_no_age_of_prescriptions(text: Text) -> None:
    assert "Outcome" not in text("data_health", "msl")
