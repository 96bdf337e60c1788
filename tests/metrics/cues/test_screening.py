"""screen_failure: more than half, and not by chance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from scipy.stats import binom

from metrics.cues.scene import Found, Scene
from metrics.cues.screening import screen_failure

Put = Callable[..., None]


@pytest.fixture
def screened(land: Scene, put: Put) -> Scene:
    """Site A of S1 fails 12 of 20 over 26 weeks; B and C fail 5 of 20 each."""
    put("site", ["site", "study"], [[site, "S1"] for site in "ABC"])
    put("place", ["hierarchy", "subject", "leaf", "subject_kind"], [["s", site, "C1", "site"] for site in "ABC"])
    columns = ["site", "study", "event", "basis", "reason", "period_start", "period_end", "quantity"]
    first, last = date(2026, 5, 15), date(2026, 11, 6)
    for site, failed in (("A", 12), ("B", 5), ("C", 5)):
        put("enrolment", columns, [
            [site, "S1", "screened", "actual", None, first, first, 10],
            [site, "S1", "screened", "actual", None, last, last, 10],
            [site, "S1", "screen_failed", "actual", "LAB_VALUE", last, last, failed - 2],
            [site, "S1", "screen_failed", "actual", "OTHER", last, last, 2],
        ])  # fmt: skip
    return land


def found(scene: Scene) -> list[Found]:
    return list(screen_failure(scene))


def test_said_to_the_site_manager(screened: Scene) -> None:
    (cue,) = found(screened)
    assert (cue.role, cue.node, cue.subject) == ("site_manager", "S1", "A")
    assert cue.headline == "{subject}: 60 % of those screened fail"
    assert cue.reasons[0] == "12 of 20 screened have failed"
    assert cue.reasons[2] == "Most often: lab value (10 subjects)"
    assert cue.confidence == pytest.approx(1 - binom.sf(11, 20, 10 / 40))
    assert cue.worth == pytest.approx((20 * 0.10, 20 * 0.35))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE enrolment SET quantity = quantity - 2 WHERE site = 'A' AND reason = 'LAB_VALUE'",
        "UPDATE enrolment SET quantity = quantity + 3 WHERE site <> 'A' AND event = 'screen_failed'",
        "UPDATE enrolment SET quantity = quantity / 4 WHERE site = 'A'",
        "UPDATE site SET closed = DATE '2026-10-01' WHERE site = 'A'",
        "DELETE FROM enrolment WHERE site <> 'A'",
    ],
    ids=["half", "others fail as much", "few", "closed", "nobody to compare with"],
)
def test_otherwise_nothing(screened: Scene, change: str) -> None:
    screened.con.execute(change)
    assert found(screened) == []
