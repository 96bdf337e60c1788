"""The market: weekly prescriptions per HCP and product, with a known effect of every promotion.

An own brand's mean in a week is what the HCP would write anyway plus, additively,
`call` x sum of decayed calls + `email` x sum of decayed e-mails + `display` x log(1 + decayed
impressions) + `synergy` x (call term - its HCP mean) x (display term - its HCP mean). Because
tiers, call plans, e-mails and media lists all follow market volume, HCPs that are promoted to more
write more anyway: a naive comparison credits the promotion with that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company import problems
from data.company.dates import RX_WEEKS, stream, week_ends
from data.company.field import LAUNCH, MARKET_OF, OWN
from data.company.geography import Geography
from data.company.people import MARKETS, People
from data.company.problems import Problems

PRODUCTS = ("cardiva", "glynova", "renavia", "corvane", "tenoliq", "other_hf", "diazenta", "sulgara", "other_t2d")
NAMES = (
    "Cardiva", "Glynova", "Renavia", "Corvane", "Tenoliq", "All other heart failure",
    "Diazenta", "Sulgara", "All other diabetes",
)  # fmt: skip
PRODUCT_MARKET = np.array([0, 1, 1, 0, 0, 0, 1, 1, 1])
_RIVALS = {3: 0.41, 4: 0.24, 5: 0.35, 6: 0.38, 7: 0.30, 8: 0.32}  # share of what is not ours
TRUTH = {
    "cardiva": {"call": 0.12, "email": 0.06, "display": 0.10, "synergy": 0.05},
    "glynova": {"call": 0.07, "email": 0.03, "display": 0.05, "synergy": 0.0},
    "renavia": {"call": 0.10, "email": 0.05, "display": 0.08, "synergy": 0.04},
}
DECAY = {"call": 0.7, "email": 0.5, "display": 0.8}


@dataclass(frozen=True)
class Market:
    """[HCP, product, week] prescriptions, projected in tenths; [HCP, own brand, week] goals in hundredths."""

    trx: np.ndarray
    nrx: np.ndarray
    nbrx: np.ndarray
    goal: np.ndarray


def adstock(series: np.ndarray, decay: float) -> np.ndarray:
    """Carry-over: each week keeps `decay` of the week before and adds its own."""
    total = np.zeros_like(series)
    running = np.zeros(series.shape[:-1])
    for week in range(series.shape[-1]):
        running = running * decay + series[..., week]
        total[..., week] = running
    return total


def season() -> np.ndarray:
    """The year's shape by week: holidays thin out, summer a little; weeks to the end of 2026."""
    ends = week_ends(RX_WEEKS + 7)
    day = (ends - ends.astype("datetime64[Y]")).astype(int)
    shape = 1 + 0.025 * np.cos(2 * np.pi * (day - 40) / 365)
    thin = {"11-2": 0.91, "11-3": 0.93, "12-2": 0.86, "12-3": 0.84, "01-0": 0.90, "07-0": 0.95}
    text = np.array([str(end)[5:9] for end in ends])
    for key, factor in thin.items():
        shape[text == key] *= factor
    return shape


def _volume(people: People, rng: np.random.Generator) -> np.ndarray:
    """Market scripts to expect, [HCP, market, week]: level, growth, season and a slow HCP-own drift."""
    years = np.arange(RX_WEEKS) / 52
    growth = np.stack([1 + 0.045 * years, 1 + 0.08 * years])
    drift = np.zeros((people.count, 2, RX_WEEKS))
    drift[..., 0] = rng.normal(0, 0.09, (people.count, 2))
    for week in range(1, RX_WEEKS):
        drift[..., week] = 0.9 * drift[..., week - 1] + rng.normal(0, 0.09 * np.sqrt(1 - 0.81), (people.count, 2))
    return people.volume[:, :, None] * growth[None] * season()[None, None, :RX_WEEKS] * np.exp(drift - 0.004)


def _shares(people: People) -> np.ndarray:
    """Own brands' shares without promotion, [HCP, own brand, week]: two drift, one is launched."""
    weeks = np.arange(RX_WEEKS)
    since = np.maximum((week_ends(RX_WEEKS) - LAUNCH).astype(int) / 7, 0)
    curves = np.stack([1 + 0.0010 * weeks, 1 - 0.0009 * weeks, 1 - np.exp(-since / 30)])
    return people.fond[:, :, None] * curves[None]


def _stories(people: People, found: Problems, geography: Geography) -> np.ndarray:
    """What befell Cardiva where: a factor, [HCP, week]."""
    factor = np.ones((people.count, RX_WEEKS))
    weeks = np.arange(RX_WEEKS)
    node = np.where(people.after >= 0, geography.territories[people.after], "")
    factor[np.char.startswith(node, "US_NE")] *= 1 - 0.11 * np.clip((weeks - 76) / 22, 0, 1)
    factor[np.char.startswith(node, "US_WE")] *= 1 + 0.09 * np.clip((weeks - 82) / 10, 0, 1)
    factor[node == problems.RISING] *= 1 + 0.22 * np.clip((weeks - 84) / 14, 0, 1)
    factor[np.isin(node, problems.GAINING)] *= 1 + 0.10 * np.clip((weeks - 88) / 6, 0, 1)
    factor[node == problems.VACANT] *= 1 - 0.08 * np.clip((weeks - 90) / 8, 0, 1)
    for territory, level in problems.COLLAPSING.items():
        factor[node == territory] *= np.where(weeks >= problems.COLLAPSE_FROM, level, 1)
    factor[found.decliners] *= np.where(weeks >= problems.DECLINE_FROM, problems.DECLINE_TO, 1.0)
    factor[found.sinks] *= np.where(weeks >= RX_WEEKS - 39, 0.0, 0.3)
    return factor


def lift(calls: np.ndarray, mails: np.ndarray, impressions: np.ndarray) -> np.ndarray:
    """Prescriptions that promotion adds, [HCP, own brand, week]: the causal truth."""
    added = np.zeros((calls.shape[0], len(OWN), RX_WEEKS))
    for number, brand in enumerate(OWN):
        truth = TRUTH[brand]
        call = adstock(calls[:, number, :RX_WEEKS], DECAY["call"])
        mail = adstock(mails[:, number, :RX_WEEKS], DECAY["email"])
        seen = np.log1p(adstock(impressions[:, number, :RX_WEEKS], DECAY["display"]))
        both = (call - call.mean(axis=1, keepdims=True)) * (seen - seen.mean(axis=1, keepdims=True))
        added[:, number] = (
            truth["call"] * call + truth["email"] * mail + truth["display"] * seen + truth["synergy"] * both
        )
    added[:, 2, week_ends(RX_WEEKS) < LAUNCH] = 0
    return added


def prescribe(
    people: People,
    geography: Geography,
    found: Problems,
    calls: np.ndarray,
    mails: np.ndarray,
    impressions: np.ndarray,
    seed: int,
) -> Market:
    """Draws the prescriptions of every HCP, product and week, and sets the goals."""
    rng = stream(seed, "rx")
    volume, share = _volume(people, rng), _shares(people)
    added = lift(calls, mails, impressions) * (people.volume[:, MARKET_OF] > 0)[:, :, None]
    usual = volume[:, MARKET_OF] * share + added
    own = np.maximum(usual, 0)
    own[:, 0] *= _stories(people, found, geography)
    rest = volume * (1 - np.stack([share[:, 0], share[:, 1] + share[:, 2]], axis=1))
    mean = np.empty((people.count, len(PRODUCTS), RX_WEEKS))
    mean[:, : len(OWN)] = own
    for product, part in _RIVALS.items():
        mean[:, product] = rest[:, PRODUCT_MARKET[product]] * part
    projection = rng.choice([10, 10, 11, 12], people.count)[:, None, None]
    count = rng.poisson(mean * 10 / projection)
    new = rng.binomial(count, np.array([0.36, 0.32, 0.62, 0.33, 0.34, 0.30, 0.33, 0.33, 0.30])[None, :, None])
    first = rng.binomial(new, np.array([0.30, 0.24, 0.55, 0.26, 0.28, 0.2, 0.26, 0.26, 0.2])[None, :, None])
    goal = _goals(usual, people, geography.territories.size, stream(seed, "goals"))
    return Market(count * projection, new * projection, first * projection, goal)


def _goals(usual: np.ndarray, people: People, territories: int, rng: np.random.Generator) -> np.ndarray:
    """Goals by week to the end of 2026: each year's expected level, stretched, in the season's shape."""
    shape = season()
    year = np.where(np.arange(shape.size) < 52, 0, 1)
    stretch = (
        np.array([1.12, 1.15, 1.20])[None, :]
        * np.exp(rng.normal(0, 0.07, max(60, territories + 1)))[people.after][:, None]
    )
    goal = np.zeros((people.count, len(OWN), shape.size))
    for half in (0, 1):
        weeks = slice(0, 52) if half == 0 else slice(52, RX_WEEKS)
        level = usual[:, :, weeks].mean(axis=2) / shape[weeks].mean()
        goal[:, :, year == half] = (level * stretch)[:, :, None] * shape[year == half]
    since = (week_ends(shape.size) - LAUNCH).astype(int) / 7
    goal[:, 2] *= np.where(since > 0, np.clip(0.35 + since / 70, 0, 1.15), 0)
    return np.rint(np.maximum(goal, 0) * 100).astype(int)


BASKETS = tuple((MARKETS[market], product) for product, market in zip(PRODUCTS, PRODUCT_MARKET.tolist(), strict=True))
