"""site_stalled: a wait that the site's own pace does not explain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from metrics.cues.scene import Found, Scene
from metrics.cues.stalled import site_stalled

Put = Callable[..., None]
OPENED = date(2025, 11, 14)


@pytest.fixture
def stalled(land: Scene, put: Put) -> Scene:
    """Site A enrolled 13 in its first 26 weeks, nobody since; B one every second week throughout."""
    put("site", ["site", "study", "activated", "plan_rate"], [[site, "S1", OPENED, 0.25] for site in "AB"])
    places = [[h, site, leaf, "site"] for h, leaf in (("m", "X1"), ("s", "C1")) for site in "AB"]
    put("place", ["hierarchy", "subject", "leaf", "subject_kind"], places)
    columns = ["site", "study", "event", "basis", "period_start", "period_end", "quantity"]
    days = [OPENED + timedelta(weeks=2 * k) for k in range(1, 27)]
    rows = [[site, "S1", "enrolled", "actual", day, day, 1] for site, n in (("A", 13), ("B", 26)) for day in days[:n]]
    put("enrolment", columns, rows)
    land.con.execute("CREATE TABLE site_state (site VARCHAR, flag BOOLEAN, period_end DATE)")
    return land


def found(scene: Scene) -> list[Found]:
    return list(site_stalled(scene))


def test_said_to_the_msl_and_the_site_manager(stalled: Scene) -> None:
    """A wait as long as all the time before it: (1 + 1) ** -13."""
    msl, manager = found(stalled)
    assert (msl.role, msl.node, msl.subject) == ("msl", "X1", "A")
    assert (manager.role, manager.node) == ("site_manager", "S1")
    assert msl.headline == "{subject} has stalled: nobody enrolled for 26 weeks"
    assert msl.confidence == pytest.approx(1 - 2**-13)
    assert msl.worth == pytest.approx((26 * 0.25, 26 * 0.5))
    assert msl.reasons[2] == "Nobody has been screened there"


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO site_state VALUES ('A', TRUE, DATE '2026-11-13')",
        "UPDATE site SET closed = DATE '2026-10-01' WHERE site = 'A'",
        "UPDATE site SET activated = NULL WHERE site = 'A'",
        "DELETE FROM enrolment WHERE site = 'A' AND period_end > DATE '2025-12-20'",
        "UPDATE enrolment SET period_end = DATE '2026-09-01' WHERE site = 'A' AND period_end = DATE '2026-05-15'",
        "DELETE FROM enrolment WHERE site = 'B'",
    ],
    ids=["flags already", "closed", "never opened", "too few to know its pace", "lately", "the feed itself stopped"],
)
def test_otherwise_nothing(stalled: Scene, change: str) -> None:
    stalled.con.execute(change)
    assert found(stalled) == []
