"""flagging_site: to the MSL who supports the site and to the study's manager."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from metrics.cues.scene import Found, Scene
from metrics.cues.sites import flagging_site

Put = Callable[..., None]


@pytest.fixture
def flagged(land: Scene, put: Put) -> Scene:
    """Site A of S1 flags: 2 of 20 in 40 weeks, the plan half a subject a week, a year left."""
    land.con.execute(
        """
        CREATE TABLE site_state AS SELECT 'A' AS site, 'S1' AS study, 40.0 AS weeks_open, 2 AS enrolled,
            20.0 AS planned,
            0.06 AS rate, 0.02 AS rate_low, 0.12 AS rate_high, 0.5 AS plan_rate, 0.99 AS p_below, TRUE AS flag,
            FALSE AS on_track, TRUE AS is_open, DATE '2026-11-13' AS period_end
        """
    )
    put("study", ["study", "name", "finish"], [["S1", "First", date(2027, 11, 12)]])
    put("place", ["hierarchy", "subject", "leaf", "subject_kind"], [["m", "A", "X1", "site"], ["s", "A", "C1", "site"]])
    columns = ["site", "study", "event", "basis", "period_start", "period_end", "quantity"]
    last = date(2026, 4, 10)
    put("enrolment", columns, [["A", "S1", "enrolled", "actual", last, last, 1]])
    put("enrolment", columns, [["A", "S1", "screened", "actual", date(2026, 10, 2), date(2026, 10, 2), 3]])
    put("enrolment", columns, [["A", "S1", "screen_failed", "actual", date(2026, 10, 9), date(2026, 10, 9), 2]])
    return land


def found(scene: Scene) -> list[Found]:
    return list(flagging_site(scene))


def test_said_to_the_msl_and_the_site_manager(flagged: Scene) -> None:
    msl, manager = found(flagged)
    assert (msl.role, msl.node, msl.subject) == ("msl", "X1", "A")
    assert (manager.role, manager.node) == ("site_manager", "S1")
    assert msl.headline == "{subject} flags: 2 of 20 planned enrolled"
    assert msl.reasons == (
        "2 enrolled in 40 weeks; the plan said 20.0",
        "99 % sure that its rate (0.06 a week) is below 60 % of plan (0.50)",
        "Last enrolled 31 weeks ago (10 Apr); 3 screened in 13 weeks, 2 failed",
    )
    assert msl.worth == pytest.approx(((0.5 - 0.12) * 52, (0.5 - 0.02) * 52))


def test_a_site_with_no_msl_goes_to_the_medical_director(flagged: Scene, put: Put) -> None:
    flagged.con.execute("UPDATE place SET leaf = 'M~unaligned' WHERE hierarchy = 'm' AND subject = 'A'")
    put("node_tree", ["hierarchy", "ancestor", "node", "level", "depth"], [["m", up, "M~unaligned", "MSL territory", 1] for up in ("M", "M~unaligned")])  # fmt: skip  # noqa: E501
    assert [(cue.role, cue.node) for cue in found(flagged)] == [("medical_director", "M"), ("site_manager", "S1")]


def test_no_flag_no_cue(flagged: Scene) -> None:
    flagged.con.execute("UPDATE site_state SET flag = FALSE")
    assert found(flagged) == []


def test_without_a_finish_the_worth_is_said_for_26_weeks(flagged: Scene) -> None:
    flagged.con.execute("UPDATE study SET finish = NULL")
    assert found(flagged)[0].unit == "patients in 26 weeks"
    assert found(flagged)[0].worth == pytest.approx((0.38 * 26, 0.48 * 26))
