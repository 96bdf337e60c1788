"""Sites: two studies, their sites' way to activation, and what was screened and enrolled each week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company.dates import AS_OF, RX_WEEKS, stream, week_ends
from data.company.geography import Geography
from data.company.people import People

MILESTONES = ("selected", "contract_sent", "contract_executed", "submitted", "approved", "activated", "first_enrolled")
REASONS = np.array(["LAB_VALUE", "PRIOR_THERAPY", "CONSENT_WITHDRAWN", "IMAGING_CRITERION", "OTHER"])
DROP_REASONS = np.array(["ADVERSE_EVENT", "LOST_TO_FOLLOW_UP", "WITHDREW"])


@dataclass(frozen=True)
class Study:
    """A study: its id, title, phase, span, and the US cities and foreign places of its sites."""

    id: str
    title: str
    phase: str
    start: str
    finish: str
    first_number: int
    places: tuple[tuple[str, str], ...]
    abroad: tuple[tuple[str, str, str, str, float, float], ...]


STUDIES = (
    Study(
        "CARD-301", "Cardiva in preserved ejection fraction", "Phase 3", "2025-02-03", "2027-06-30", 101,
        (("Boston", "MA"), ("New York", "NY"), ("Philadelphia", "PA"), ("Pittsburgh", "PA"), ("Baltimore", "MD"),
         ("Atlanta", "GA"), ("Durham", "NC"), ("Orlando", "FL"), ("Miami", "FL"),
         ("Jacksonville", "FL"), ("Chicago", "IL"),
         ("Cleveland", "OH"), ("Indianapolis", "IN"), ("Ann Arbor", "MI"), ("Minneapolis", "MN"), ("Saint Louis", "MO"),
         ("Houston", "TX"), ("Dallas", "TX"), ("Denver", "CO"),
         ("Los Angeles", "CA"), ("San Francisco", "CA"), ("Seattle", "WA")),
        (("Toronto", "ON", "CA", "M5G 2C4", 43.66, -79.39), ("Montreal", "QC", "CA", "H1T 1C8", 45.57, -73.57),
         ("Vancouver", "BC", "CA", "V5Z 1M9", 49.26, -123.12)),
    ),
    Study(
        "REN-204", "Renavia in early kidney disease", "Phase 2b", "2025-05-05", "2027-03-31", 201,
        (("Boston", "MA"), ("Newark", "NJ"), ("Rochester", "NY"), ("Charlotte", "NC"), ("Tampa", "FL"),
         ("Nashville", "TN"),
         ("Milwaukee", "WI"), ("Columbus", "OH"), ("Kansas City", "MO"), ("San Antonio", "TX"), ("Phoenix", "AZ"),
         ("San Diego", "CA"), ("Salt Lake City", "UT")),
        (("Calgary", "AB", "CA", "T2N 4N1", 51.05, -114.13), ("Ottawa", "ON", "CA", "K1Y 4W7", 45.39, -75.72)),
    ),
)  # fmt: skip

FLAGGING = ("CARD-301-108", "CARD-301-104", "CARD-301-116", "REN-204-206", "REN-204-210")
STALLED = "CARD-301-119"  # enrolled well for half its time, nobody for half a year
FAILING_SCREEN = "REN-204-212"
STUCK = ("CARD-301-125", "REN-204-215")  # contract not executed long after its planned day
NOT_OPEN = ("CARD-301-122", *STUCK)


@dataclass(frozen=True)
class Sites:
    """The sites by position, with [site, week] counts and milestones [site, milestone] planned and actual."""

    id: np.ndarray
    study: np.ndarray
    label: np.ndarray
    country: np.ndarray
    city: np.ndarray
    state: np.ndarray
    postcode: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    territory: np.ndarray
    investigator: np.ndarray
    plan_rate: np.ndarray
    target: np.ndarray
    planned: np.ndarray
    actual: np.ndarray
    screened: np.ndarray
    enrolled: np.ndarray
    dropped: np.ndarray


def open_sites(geography: Geography, people: People, seed: int) -> Sites:
    """Places the sites, opens them one after the other and lets them enrol."""
    rng = stream(seed, "sites")
    rows = [row for study in STUDIES for row in _places(study, geography)]
    study, number, label, country, city, state, postcode, north, east, at = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    site = np.char.add(np.char.add(study, "-"), number)
    plan_rate = np.round(rng.uniform(0.11, 0.19, site.size), 2)
    plan_rate[np.isin(site, FLAGGING)] = np.array([0.17, 0.16, 0.18, 0.17, 0.16])
    planned, actual = _milestones(study, site, rng)
    screened, enrolled = _recruit(site, plan_rate, actual[:, 5], rng)
    opened = enrolled.sum(axis=1) > 0
    first = week_ends(RX_WEEKS)[np.argmax(enrolled > 0, axis=1)] - np.timedelta64(2, "D")
    actual[opened, 6] = first[opened]
    span = (
        np.array([np.datetime64(one.finish) for one in STUDIES])[(study == STUDIES[1].id).astype(int)] - planned[:, 5]
    ).astype(int) / 7
    target = np.maximum(4, np.rint(plan_rate * span)).astype(int)
    return Sites(
        site, study, label, country, city, state, postcode, north, east, np.where(at >= 0, geography.after[at], -1),
        _investigators(at, people, rng), plan_rate, target, planned, actual, screened, enrolled,
        rng.binomial(enrolled, 0.05),
    )  # fmt: skip


def _places(study: Study, geography: Geography) -> list[tuple[str, str, str, str, str, str, str, float, float, int]]:
    rows = []
    for offset, (city, state) in enumerate(study.places):
        at = int(np.flatnonzero((geography.cities == city) & (geography.states == state))[0])
        number = str(study.first_number + offset)
        where = (str(geography.zips[at]), float(geography.latitudes[at]), float(geography.longitudes[at]))
        rows.append((study.id, number, f"{study.id} site {number}, {city}", "US", city, state, *where, at))
    for offset, (city, state, country, code, north, east) in enumerate(study.abroad, len(study.places)):
        number = str(study.first_number + offset)
        rows.append(
            (study.id, number, f"{study.id} site {number}, {city}", country, city, state, code, north, east, -1)
        )
    return rows


def _milestones(study: np.ndarray, site: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Planned and actual days [site, milestone]; what has not happened by as_of is NaT."""
    start = np.where(study == STUDIES[0].id, np.datetime64(STUDIES[0].start), np.datetime64(STUDIES[1].start))
    steps = np.array([0, 21, 75, 84, 130, 150, 185])
    wave = (np.arange(site.size) * 37 % 24) * 7 - 160
    wave[np.isin(site, (*FLAGGING, STALLED, FAILING_SCREEN))] = np.arange(7) * 7 - 120
    wave[np.isin(site, NOT_OPEN)] = 300
    planned = (start + wave.astype("timedelta64[D]"))[:, None] + steps.astype("timedelta64[D]")
    slip = np.cumsum(rng.integers(-3, 7, planned.shape), axis=1)
    actual = planned + slip.astype("timedelta64[D]")
    actual[:, 6] = np.datetime64("NaT")
    actual[np.isin(site, STUCK), 2:] = np.datetime64("NaT")
    actual[np.isin(site, NOT_OPEN), 5:] = np.datetime64("NaT")
    return planned, np.where(actual > AS_OF, np.datetime64("NaT"), actual)


def _recruit(
    site: np.ndarray, plan_rate: np.ndarray, activated: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Weekly screened and enrolled subjects: each site its own rate, most near the plan, some far below."""
    pace = np.clip(rng.gamma(7, 1.1 / 7, site.size), 0.85, 1.8)
    pace[np.isin(site, FLAGGING)] = 0.12
    pace[site == STALLED] = 1.5
    ends = week_ends(RX_WEEKS)
    is_open = (ends[None] - np.timedelta64(6, "D") >= activated[:, None]) & ~np.isnat(activated)[:, None]
    rate = (plan_rate * pace)[:, None] * is_open
    rate[site == STALLED, RX_WEEKS - 27 :] = 0
    enrolled = rng.poisson(rate)
    fail = np.where(site == FAILING_SCREEN, 0.62, 0.27)[:, None]
    failed = rng.poisson(rate * fail / (1 - fail))
    return enrolled + failed, enrolled


def _investigators(at: np.ndarray, people: People, rng: np.random.Generator) -> np.ndarray:
    """One HCP of the site's city each, a specialist where there is one; -1 abroad."""
    chosen: list[int] = []
    for city in at.tolist():
        here = np.setdiff1d(np.flatnonzero(people.city == city), chosen)
        special = here[people.specialty[here] <= 1]
        pool = special if special.size else here
        chosen.append(int(rng.choice(pool)) if city >= 0 and pool.size else -1)
    return np.array(chosen)
