"""Weekly prescriptions as a syndicated vendor sends them: one wide row an HCP and product, newest week first."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.company.dates import LAST_RX, RX_WEEKS, week_ends
from data.company.exports.delimited import fixed, write
from data.company.market import NAMES, PRODUCT_MARKET
from data.company.people import SPECIALTIES
from data.company.problems import RESTATED_BY, RESTATED_WEEK
from data.company.world import World

MARKET_NAMES = np.array(["Heart failure", "Type 2 diabetes"])
PREVIOUS_WEEKS = 26
NO_NPI = 83  # every 83rd HCP is known to the vendor by ME number only


def export(world: World, out: Path) -> None:
    """Two deliveries: the current one with 104 weeks, and the one before it, which it restates."""
    market = world.market
    hcp, product = np.nonzero(market.trx.sum(axis=2))
    _deliver(world, out / "Rx_Weekly_2026-11-13.csv", hcp, product, RX_WEEKS, 0)
    recent = market.trx[:, :, RX_WEEKS - PREVIOUS_WEEKS - 1 : RX_WEEKS - 1].sum(axis=2)
    hcp, product = np.nonzero(recent)
    _deliver(world, out / "Rx_Weekly_2026-11-06.csv", hcp, product, PREVIOUS_WEEKS, 1)


def _deliver(world: World, path: Path, hcp: np.ndarray, product: np.ndarray, weeks: int, back: int) -> None:
    """One delivery: `weeks` weekly columns a measure, ending `back` weeks before the last one."""
    people, geography = world.people, world.geography
    last = RX_WEEKS - back
    end = LAST_RX - np.timedelta64(7 * back, "D")
    city = people.city[hcp]
    out = ~np.isnat(people.pdrp_from[hcp])
    columns = {
        "NPI": np.where(hcp % NO_NPI == NO_NPI - 1, "", people.npi[hcp]),
        "ME_Number": people.me[hcp],
        "Last_Name": people.last[hcp],
        "First_Name": people.first[hcp],
        "City": geography.cities[city],
        "State": geography.states[city],
        "ZIP": geography.zips[city],
        "Specialty": SPECIALTIES[people.specialty[hcp]],
        "PDRP": np.where(out, "Y", "N"),
        "Market": MARKET_NAMES[PRODUCT_MARKET[product]],
        "Product": np.array(NAMES)[product],
        "Week_Ending": np.full(hcp.size, str(end)),
        "Delivered": np.full(hcp.size, str(end + np.timedelta64(7, "D"))),
    }
    for name, measure in (("TRx", world.market.trx), ("NRx", world.market.nrx), ("NBRx", world.market.nbrx)):
        wide = measure[hcp, product][:, last - weeks : last]
        if back:
            wide = restated(wide, last - weeks)
        texts = fixed(wide, 1)
        texts[world.market.trx[hcp, product][:, last - weeks : last] == 0] = ""
        for number in range(1, weeks + 1):
            columns[f"{name}_Wk{number}"] = texts[:, weeks - number]
    write(path, columns)


def restated(wide: np.ndarray, first_week: int) -> np.ndarray:
    """What the earlier delivery said: the same, but for one week that was too low."""
    week = int(np.searchsorted(week_ends(), RESTATED_WEEK)) - first_week
    changed = wide.copy()
    changed[:, week] = np.rint(wide[:, week] * RESTATED_BY)
    return changed
