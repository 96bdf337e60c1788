"""effort_without_scripts: said of a part of the map, to whoever stands above it; never of chance or of a handful.

Everybody of Land is met three times for "ours" in the year. One in ten writes none of it, in county K1 six in ten.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from metrics.cues.effort import effort_without_scripts
from metrics.cues.scene import Scene
from metrics.signals.misplaced import misplaced

Put = Callable[..., None]


@pytest.fixture
def met(years: Scene, put: Put) -> Scene:
    columns = ["interaction", "call_id", "party", "product", "period_start", "period_end", "quantity"]
    day = years.as_of.replace(month=1, day=1), years.as_of
    put("interaction", columns, [[f"I{k}", f"I{k}", f"Y{k:03}", "ours", *day, 3] for k in range(320)])
    idle = [f"Y{k:03}" for k in range(320) if (k // 8) % 10 == 0 or (k % 8 == 1 and (k // 8) % 10 < 6)]
    gone = ", ".join(f"'{party}'" for party in idle)
    years.con.execute(f"DELETE FROM outcome WHERE product = 'ours' AND subject IN ({gone})")
    return years


def test_said_of_the_county_to_its_manager(met: Scene) -> None:
    found = [cue for cue in effort_without_scripts(met) if cue.role == "district_manager"]
    (cue,) = found
    assert (cue.node, cue.subject, cue.product) == ("S0", "K1", "ours")
    assert cue.headline == "Place K1: 60 % of contacts for Ours bring nothing"
    assert cue.reasons[0] == "72 of 120 contacts of the year went to HCPs with not one script of Ours"
    assert cue.reasons[1] == "16 % do elsewhere; that would be 20, not 72"
    assert cue.reasons[2].startswith("40 HCPs met; chance would move it by")
    low, high = cue.worth
    assert 0.5 < low < 1.0 < high < 1.5


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM outcome WHERE product = 'theirs'",  # nobody is known in the market
        "DELETE FROM interaction WHERE substr(party, 2)::INTEGER > 63",  # eight in a county
        "UPDATE interaction SET product = 'theirs'",
        "INSERT INTO pdrp_now SELECT DISTINCT subject FROM place",
        "UPDATE coverage SET last = last - 200 WHERE fact = 'interaction'",
    ],
    ids=["no market", "few", "not ours", "opted out", "half a year"],
)
def test_otherwise_nothing(met: Scene, change: str) -> None:
    met.con.execute(change)
    assert [cue for cue in effort_without_scripts(met) if cue.role == "district_manager"] == []


def test_other_grains_have_cues_of_their_own(met: Scene) -> None:
    assert list(effort_without_scripts(Scene(met.con, met.as_of, met.anchor, "month"))) == []


def test_where_nothing_is_misplaced_hardly_any_company_is_told_so() -> None:
    """Sixty companies of forty units, contacts of one to twelve a person, three in ten with nothing back."""
    alarmed = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        unit = rng.integers(0, 40, 2000)
        seen = misplaced(rng.integers(1, 13, 2000).astype(float), rng.random(2000) < 0.3, unit, 40)
        alarmed += bool(seen.said.any())
    assert alarmed <= 9
