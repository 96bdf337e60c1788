"""People: HCPs with what drives them, the organisations they work in, and the company's own staff."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company import ids, names
from data.company.dates import stream
from data.company.geography import Geography

SPECIALTIES = np.array(["Cardiology", "Endocrinology", "Internal Medicine", "Family Medicine", "Nurse Practitioner"])
_SPECIALTY_SHARE = np.array([0.22, 0.12, 0.26, 0.28, 0.12])
# Weekly scripts of an average writer, by specialty, in the two markets (heart failure, type 2 diabetes).
_VOLUME = np.array([[17.0, 0.0], [0.0, 21.0], [6.0, 6.5], [3.6, 5.5], [2.6, 3.4]])
TIERS = np.array(["", "C", "B", "A"])
TIER_CUTS = (0.50, 0.74, 0.91)  # quantiles of market volume at which tiers C, B and A begin
OWN_SHARE = (0.172, 0.128, 0.105)  # cardiva, glynova, renavia
MARKETS = ("heart_failure", "type_2_diabetes")


@dataclass(frozen=True)
class People:
    """The HCPs, one position each; `volume` and `tier` are [HCP, market], tiers being 0 none, 1 C, 2 B, 3 A."""

    first: np.ndarray
    last: np.ndarray
    npi: np.ndarray
    me: np.ndarray
    crm: np.ndarray
    specialty: np.ndarray
    city: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    before: np.ndarray
    after: np.ndarray
    volume: np.ndarray
    tier: np.ndarray
    fond: np.ndarray  # [HCP, own brand]: its share of what the HCP would write without promotion
    no_access: np.ndarray
    pdrp_from: np.ndarray
    email: np.ndarray
    expert: np.ndarray  # 0 none, 1 regional, 2 national, 3 international: by science, never by volume
    hco: np.ndarray

    @property
    def count(self) -> int:
        """How many HCPs there are."""
        return self.npi.size

    def territory(self, week: int, realigned: int) -> np.ndarray:
        """Each HCP's territory in a week, -1 for none."""
        return self.after if week >= realigned else self.before


@dataclass(frozen=True)
class Organisations:
    """The practices and hospitals: group calls are made there, and HCPs belong to one."""

    code: np.ndarray
    crm: np.ndarray
    name: np.ndarray
    city: np.ndarray


def populate(geography: Geography, count: int, seed: int) -> tuple[People, Organisations]:
    """The HCPs and their organisations, spread over the cities."""
    rng = stream(seed, "people")
    organisations = _organisations(geography, rng)
    city = _settle(geography, count, rng)
    specialty = np.searchsorted(np.cumsum(_SPECIALTY_SHARE)[:-1], _spread(rng.random(count), 0.618034))
    level = np.stack([_spread(rng.normal(0, 1, count), step) for step in (0.414214, 0.732051)], axis=1)
    volume = _VOLUME[specialty] * np.exp(0.75 * level - 0.28)
    first, last = names.people(count, rng)
    jitter = rng.normal(0, 0.04, (2, count))
    people = People(
        first=first, last=last, npi=ids.npis(count, rng), me=ids.me_numbers(count, rng),
        crm=ids.salesforce("001", count, rng), specialty=specialty, city=city,
        latitude=geography.latitudes[city] + jitter[0], longitude=geography.longitudes[city] + jitter[1],
        before=geography.before[city], after=geography.after[city], volume=volume, tier=_tiers(volume, rng),
        fond=_fondness(count, rng),
        no_access=rng.random(count) < 0.06, pdrp_from=_opt_outs(count, rng),
        email=rng.random(count) < 0.7, expert=_experts(specialty, rng),
        hco=_nearest(organisations, city, rng),
    )  # fmt: skip
    return people, organisations


def _settle(geography: Geography, count: int, rng: np.random.Generator) -> np.ndarray:
    """The city of each HCP: territories were drawn to be alike, cities within one by their size."""
    weight = geography.weights.copy()
    for territory in range(geography.territories.size):
        inside = geography.before == territory
        weight[inside] /= weight[inside].sum()
    weight[geography.before < 0] /= 4
    weight *= np.exp(rng.normal(0, 0.05, geography.territories.size))[geography.before]
    return np.searchsorted(np.cumsum(weight / weight.sum())[:-1], (np.arange(count) + 0.5) / count)


def _spread(drawn: np.ndarray, step: float) -> np.ndarray:
    """The drawn values in an order that gives every stretch of neighbours its fair part of each size."""
    turn = np.arange(drawn.size) * step % 1
    return np.sort(drawn)[np.argsort(np.argsort(turn))]


def _tiers(volume: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Tiers per market by what headquarters believes an HCP's volume to be: right, but not exactly."""
    believed = volume * np.exp(rng.normal(0, 0.25, volume.shape))
    cuts = np.stack([np.quantile(believed, cut, axis=0) for cut in TIER_CUTS])
    return (believed[None] > cuts[:, None]).sum(axis=0)


def _fondness(count: int, rng: np.random.Generator) -> np.ndarray:
    """Own brands' shares before any promotion; a fifth of HCPs never took to a brand."""
    level = np.array(OWN_SHARE) * np.exp(rng.normal(-0.10, 0.45, (count, len(OWN_SHARE))))
    return np.where(rng.random(level.shape) < 0.2, 0, np.minimum(level, 0.4))


def _opt_outs(count: int, rng: np.random.Generator) -> np.ndarray:
    """The day each HCP opted out under PDRP, about 2 % of them; NaT for the others."""
    days = np.datetime64("2024-02-05") + rng.integers(0, 900, count).astype("timedelta64[D]")
    return np.where(rng.random(count) < 0.021, days, np.datetime64("NaT"))


def _experts(specialty: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    chance = np.array([0.15, 0.15, 0.02, 0.01, 0.0])[specialty]
    tier = 1 + (rng.random(specialty.size) < 0.4).astype(int) + (rng.random(specialty.size) < 0.15)
    return np.where(rng.random(specialty.size) < chance, tier, 0)


def _organisations(geography: Geography, rng: np.random.Generator) -> Organisations:
    """Two organisations a city that has HCPs."""
    city = np.repeat(np.arange(geography.cities.size), 2)
    kind = names.HCO_KINDS[(np.arange(city.size) + rng.integers(0, 3, city.size)) % names.HCO_KINDS.size]
    label = np.char.add(np.char.add(geography.cities[city], " "), kind)
    code = np.char.add("HCO-", np.char.zfill((np.arange(city.size) + 1).astype(str), 4))
    return Organisations(code, ids.salesforce("001", city.size, rng), label, city)


def _nearest(organisations: Organisations, city: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.searchsorted(organisations.city, city) + rng.integers(0, 2, city.size)
