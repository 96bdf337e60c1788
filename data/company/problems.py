"""The planted problems: where the demo company's troubles are, chosen before anything is simulated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company.dates import RX_WEEKS, WEEKS, stream
from data.company.geography import Geography
from data.company.people import People

REP_TERRITORY = "US_SO_FLA_3"
COLLAPSING = {"US_SO_FLA_2": 0.68, "US_CE_DET_2": 0.70}  # Cardiva's level in the last eight weeks
COLLAPSE_FROM = RX_WEEKS - 8
RISING = "US_WE_DEN_2"
GAINING = ("US_SO_FLA_1", "US_SO_ATL_1", "US_SO_WAS_1")  # the South's cities hold against its losses
VACANT, VACANT_FROM = "US_CE_MSP_4", np.datetime64("2026-08-03")
FORMER_VACANCY = ("US_NE_BOS_3", np.datetime64("2025-03-03"), np.datetime64("2025-06-15"))
ON_LEAVE, LEAVE_FROM = "US_SO_WAS_4", np.datetime64("2026-10-05")
OVER_CALLED = "US_CE_CHI_3"
LATE_LOGGING = "US_NE_NYC_2"
HEAVY, LIGHT = "US_SO_ATL_2", "US_SO_ATL_3"  # what the realignment did to the map
STALE_VENDOR_LAST = np.datetime64("2026-10-02")
RESTATED_WEEK, RESTATED_BY = np.datetime64("2026-09-18"), 0.94  # first delivered 6 % too low
DECLINE_TO, DECLINE_FROM = 0.38, RX_WEEKS - 13
OVERDUE_FROM = WEEKS - 10
FATIGUE_FROM = WEEKS - 8


@dataclass(frozen=True)
class Problems:
    """HCPs (by position) that a problem is planted in; no HCP carries two that would hide each other."""

    decliners: np.ndarray
    overdue: np.ndarray
    sinks: np.ndarray
    fatigued: np.ndarray
    expiring: np.ndarray
    silent_experts: np.ndarray


def plant(people: People, geography: Geography, seed: int) -> Problems:
    """Chooses who carries which problem: some in the demo rep's territory, the rest across the nation."""
    rng = stream(seed, "problems")
    own = people.after == geography.index(REP_TERRITORY)
    loud = np.isin(
        people.after, [geography.index(node) for node in (*COLLAPSING, RISING, OVER_CALLED, VACANT, ON_LEAVE)]
    )
    free = (people.after >= 0) & ~loud & np.isnat(people.pdrp_from)
    top = people.tier.max(axis=1)
    writes = people.volume[:, 0] * people.fond[:, 0]

    def choose(fit: np.ndarray, here: int, elsewhere: int) -> np.ndarray:
        chosen = np.concatenate(
            [
                rng.permutation(np.flatnonzero(fit & free & own))[:here],
                rng.permutation(np.flatnonzero(fit & free & ~own))[:elsewhere],
            ]
        )
        free[chosen] = False
        return np.sort(chosen)

    decliners = choose((writes > 3) & (writes < 8) & (people.tier[:, 0] >= 1), 2, 16)
    overdue = choose((top == 3) & ~people.no_access, 3, 14)
    sinks = choose((people.tier[:, 0] == 2) & (people.tier[:, 1] <= 1) & ~people.no_access, 1, 11)
    fatigued = choose(people.tier[:, 0] >= 1, 2, 22)
    expiring = choose((top >= 2) & people.email & ~people.no_access, 3, 15)
    experts = np.flatnonzero((people.expert > 0) & (people.after >= 0))
    here = experts[np.char.startswith(geography.territories[people.after[experts]], "US_SO_FLA")]
    others = np.setdiff1d(experts, here)
    silent = np.sort(np.concatenate([rng.permutation(here)[:3], rng.permutation(others)[:15]]))
    return Problems(decliners, overdue, sinks, fatigued, expiring, silent)
