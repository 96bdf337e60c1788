"""Media: what two vendors showed to whom, what they could not match, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company import ids, problems
from data.company.dates import AS_OF, WEEKS, stream, week_ends
from data.company.field import LAUNCH, MARKET_OF, OWN
from data.company.people import People
from data.company.problems import Problems

VENDORS = ("Clinicast", "PracticeLens")


@dataclass(frozen=True)
class Campaign:
    """A campaign of a vendor: its channel, brand, share of the list by tier, weekly pace and price per thousand."""

    id: str
    name: str
    vendor: int
    channel: str
    product: int
    listed: tuple[float, float, float, float]
    pace: float
    cpm: float


CAMPAIGNS = (
    Campaign("CC-101", "Cardiva heart failure awareness", 0, "display", 0, (0.18, 0.32, 0.40, 0.45), 4.5, 180.0),
    Campaign("CC-102", "Cardiva outcomes film", 0, "video", 0, (0.04, 0.12, 0.20, 0.28), 2.5, 340.0),
    Campaign("CC-201", "Renavia launch", 0, "display", 2, (0.14, 0.26, 0.34, 0.40), 4.0, 190.0),
    Campaign("PL-11", "Cardiva in practice", 1, "endemic", 0, (0.08, 0.15, 0.20, 0.24), 3.0, 290.0),
    Campaign("PL-21", "Glynova every day", 1, "endemic", 1, (0.08, 0.15, 0.20, 0.24), 3.0, 270.0),
)


@dataclass(frozen=True)
class Exposures:
    """One position a vendor's row: an HCP (-1 = not matched), a campaign, a day, impressions and clicks."""

    hcp: np.ndarray
    npi: np.ndarray  # as the vendor knows it; empty when it knows only its own id
    campaign: np.ndarray
    week: np.ndarray
    date: np.ndarray
    impressions: np.ndarray
    clicks: np.ndarray


def show(people: People, found: Problems, seed: int) -> tuple[Exposures, np.ndarray]:
    """Draws the exposures; also the impressions of known HCPs as [HCP, product, week]."""
    parts = [_campaign(number, people, found, stream(seed, f"media {one.id}")) for number, one in enumerate(CAMPAIGNS)]
    matched = [np.concatenate(column) for column in zip(*parts, strict=True)]
    rng = stream(seed, "media rows")
    hcp, campaign, week, impressions, clicks = matched
    stranger = rng.permutation(hcp.size)[: int(hcp.size * 0.42)]
    hcp = np.concatenate([hcp, np.full(stranger.size, -1)])
    campaign, week, impressions, clicks = (
        np.concatenate([column, column[stranger]]) for column in (campaign, week, impressions, clicks)
    )
    outside = ids.npis(400, rng, start=5_000_000)
    npi = np.where(hcp >= 0, people.npi[hcp], np.where(rng.random(hcp.size) < 0.12, rng.choice(outside, hcp.size), ""))
    date = week_ends()[week] - rng.integers(0, 7, hcp.size).astype("timedelta64[D]")
    stale = np.array([one.vendor == 1 for one in CAMPAIGNS])[campaign] & (date > problems.STALE_VENDOR_LAST)
    rows = Exposures(hcp, npi, campaign, week, date, impressions, clicks)
    kept = np.flatnonzero(~stale & (date <= AS_OF))
    kept = kept[np.lexsort((rows.npi[kept], campaign[kept], date[kept]))]
    rows = Exposures(**{name: column[kept] for name, column in vars(rows).items()})
    return rows, _shown(hcp, campaign, week, impressions, people)


def _campaign(number: int, people: People, found: Problems, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """One campaign: listed HCPs (higher tiers more often), four-week flights of their own, weekly impressions."""
    one = CAMPAIGNS[number]
    listed = rng.random(people.count) < np.array(one.listed)[people.tier[:, MARKET_OF[one.product]]]
    flights = rng.random((people.count, WEEKS // 4 + 1)) < 0.52
    pace = one.pace * np.exp(rng.normal(-0.15, 0.5, people.count))
    mean = pace[:, None] * flights[:, np.arange(WEEKS) // 4] * listed[:, None]
    mean[:, week_ends() < np.datetime64("2025-02-07")] = 0
    if OWN[one.product] == "renavia":
        mean[:, week_ends() < LAUNCH] = 0
    impressions = rng.poisson(mean)
    if one.id == "CC-101":
        impressions[found.fatigued, problems.FATIGUE_FROM :] = rng.integers(
            23, 34, (found.fatigued.size, WEEKS - problems.FATIGUE_FROM)
        )
    clicks = rng.binomial(impressions, 0.006)
    clicks[found.fatigued, problems.FATIGUE_FROM :] = 0
    hcp, week = np.nonzero(impressions)
    return hcp, np.full(hcp.size, number), week, impressions[hcp, week], clicks[hcp, week]


def _shown(
    hcp: np.ndarray, campaign: np.ndarray, week: np.ndarray, impressions: np.ndarray, people: People
) -> np.ndarray:
    """What known HCPs really saw, the part that the stale vendor has not delivered included."""
    total = np.zeros((people.count, len(OWN), WEEKS))
    known = hcp >= 0
    product = np.array([one.product for one in CAMPAIGNS])[campaign]
    np.add.at(total, (hcp[known], product[known], week[known]), impressions[known])
    return total


def spend(rows: Exposures) -> list[tuple[str, str, str, str, str, float]]:
    """Money by campaign and month: (vendor, campaign, channel, brand, month, dollars), fees included."""
    month = rows.date.astype("datetime64[M]")
    result = []
    for number, one in enumerate(CAMPAIGNS):
        for when in np.unique(month[rows.campaign == number]):
            count = int(rows.impressions[(rows.campaign == number) & (month == when)].sum())
            result.append(
                (
                    VENDORS[one.vendor],
                    one.id,
                    one.channel,
                    OWN[one.product],
                    str(when),
                    round(count * one.cpm / 1000 + 150, 2),
                )
            )
    return result
