"""activation_stuck: the first step still to do, a month late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from metrics.cues.activation import activation_stuck
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]


@pytest.fixture
def stuck(land: Scene, put: Put) -> Scene:
    """Site A was sent its contract in July and should have signed on 10 September; B signed five days late."""
    put("site", ["site", "study", "plan_rate", "activated"], [["A", "S1", 0.2, None], ["B", "S1", 0.2, date(2026, 9, 1)]])  # fmt: skip  # noqa: E501
    put("place", ["hierarchy", "subject", "leaf", "subject_kind"], [["s", site, "C1", "site"] for site in "AB"])
    put("milestone", ["site", "milestone", "planned", "actual"], [
        ["A", "contract_sent", date(2026, 7, 1), date(2026, 7, 3)],
        ["A", "contract_executed", date(2026, 9, 10), None],
        ["A", "activated", date(2026, 12, 1), None],
        ["B", "contract_executed", date(2026, 7, 1), date(2026, 7, 6)],
    ])  # fmt: skip
    return land


def found(scene: Scene) -> list[Found]:
    return list(activation_stuck(scene))


def test_said_with_the_step(stuck: Scene) -> None:
    (cue,) = found(stuck)
    assert (cue.role, cue.node, cue.subject) == ("site_manager", "S1", "A")
    assert cue.headline == '{subject} is stuck: "contract executed" is 10 weeks late'
    assert cue.reasons == (
        "Contract executed was planned for 10 Sep 2026",
        "The step before it (contract sent) was done 3 Jul 2026",
        "1 other site did this step, the middle one 5 days after plan",
    )
    assert cue.evidence["days_late"] == 73


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE milestone SET actual = DATE '2026-11-20' WHERE site = 'A' AND milestone = 'contract_executed'",
        "UPDATE milestone SET planned = DATE '2026-10-23' WHERE site = 'A' AND milestone = 'contract_executed'",
        "UPDATE milestone SET planned = NULL WHERE site = 'A'",
        "UPDATE site SET activated = DATE '2026-11-01' WHERE site = 'A'",
        "UPDATE site SET closed = DATE '2026-11-01' WHERE site = 'A'",
    ],
    ids=["done", "thirty days", "no plan", "open all the same", "given up"],
)
def test_otherwise_nothing(stuck: Scene, change: str) -> None:
    stuck.con.execute(change)
    assert found(stuck) == []
