"""consent_ending: within thirty days, and only of those who read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from metrics.cues.consent import consent_ending
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]


@pytest.fixture
def reader(land: Scene, put: Put) -> Scene:
    """H03's e-mail consent ends on 10 December; two of three e-mails were opened."""
    put("consent", ["party", "channel", "opt", "captured", "expires"], [["H03", "email", "in", date(2025, 12, 10), date(2026, 12, 10)]])  # fmt: skip  # noqa: E501
    events = [("sent", 3), ("opened", 2), ("impression", 1)]
    columns = ["exposure", "party", "vendor", "channel", "event", "period_start", "period_end", "quantity", "tracking"]
    put("exposure", columns, [[e, "H03", "crm", "rep_email", e, date(2026, 10, 1), date(2026, 10, 1), n, True] for e, n in events])  # fmt: skip  # noqa: E501
    return land


def found(scene: Scene) -> list[Found]:
    return list(consent_ending(scene))


def test_said_with_its_days(reader: Scene) -> None:
    (cue,) = found(reader)
    assert cue.headline == "{subject}: e-mail consent ends in 18 days"
    assert cue.reasons[0] == "Consent of 10 Dec 2025 ends 10 Dec, in 18 days"
    assert cue.reasons[1] == "All products: opened 2 of 3 e-mails and was shown 1 advertisement in 13 weeks"
    assert (cue.node, cue.worth, cue.due) == ("T3", (2.0, 3.0), date(2026, 12, 4))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE consent SET expires = DATE '2026-12-30'",
        "UPDATE consent SET expires = NULL",
        "UPDATE consent SET expires = DATE '2026-11-01'",
        "UPDATE consent SET opt = 'out'",
        "INSERT INTO consent (party, channel, opt, captured) VALUES ('H03', 'email', 'out', DATE '2026-11-01')",
        "INSERT INTO consent VALUES ('H03', 'email', NULL, 'in', DATE '2026-11-01', DATE '2027-11-01')",
        "UPDATE exposure SET quantity = 0 WHERE event = 'opened'",
        "UPDATE exposure SET tracking = FALSE",
    ],
    ids=["far off", "never ends", "over", "out", "withdrawn", "renewed", "reads nothing", "not to be tracked"],
)
def test_otherwise_nothing(reader: Scene, change: str) -> None:
    assert len(found(reader)) == 1
    reader.con.execute(change)
    assert found(reader) == []
