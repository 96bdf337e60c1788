"""Media as two vendors report it: physician-level data in two layouts, and what it cost."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.company.dates import stream
from data.company.exports.delimited import write, write_rows
from data.company.field import OWN
from data.company.media import CAMPAIGNS, VENDORS, spend
from data.company.world import World

BRANDS = np.array([brand.capitalize() for brand in OWN])


def export(world: World, out: Path) -> None:
    """One file a vendor, and the spend file."""
    rows = world.exposures
    of = np.array([campaign.vendor for campaign in CAMPAIGNS])[rows.campaign]
    first, second = np.flatnonzero(of == 0), np.flatnonzero(of == 1)
    names = np.array([campaign.name for campaign in CAMPAIGNS])
    codes = np.array([campaign.id for campaign in CAMPAIGNS])
    channels = np.array([campaign.channel for campaign in CAMPAIGNS])
    brands = BRANDS[[campaign.product for campaign in CAMPAIGNS]]
    cookie = np.char.add("cc-", stream(world.seed, "cookies").integers(10**9, 10**10, first.size).astype(str))
    write(
        out / f"{VENDORS[0]}_PLD.csv",
        {
            "record_id": _numbered("R", first.size),
            "event_date": rows.date[first],
            "npi": rows.npi[first],
            "vendor_id": np.where(rows.npi[first] == "", cookie, ""),
            "campaign_id": codes[rows.campaign[first]],
            "campaign_name": names[rows.campaign[first]],
            "brand": brands[rows.campaign[first]],
            "channel": channels[rows.campaign[first]],
            "impressions": rows.impressions[first],
            "clicks": rows.clicks[first],
        },
    )
    write(
        out / f"{VENDORS[1]}_Provider_Report.csv",
        {
            "Row": _numbered("P", second.size),
            "Date": rows.date[second],
            "Provider NPI": rows.npi[second],
            "Tactic": codes[rows.campaign[second]],
            "Brand": brands[rows.campaign[second]],
            "Views": rows.impressions[second],
            "Click-throughs": rows.clicks[second],
        },
    )
    write_rows(
        out / "Media_Spend.csv",
        ("vendor", "campaign_id", "channel", "brand", "month", "amount", "currency"),
        [(*row[:3], row[3].capitalize(), row[4], f"{row[5]:.2f}", "USD") for row in spend(rows)],
    )


def _numbered(letter: str, count: int) -> np.ndarray:
    return np.char.add(letter, np.char.zfill((np.arange(count) + 1).astype(str), 7))
